import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Metrics of this process for Prometheus. Every label has a closed list of values: never what a client sent. */
export interface Metrics {
  readonly registry: Registry;
  /** A request was answered, in seconds. */
  answered(path: string, status: number, seconds: number): void;
  /** An operation lacked the permission for these actions. */
  refused(path: string, actions: Iterable<string>): void;
  login(path: string, outcome: LoginOutcome): void;
  /** A mail left the outbox. */
  mail(outcome: MailOutcome): void;
  /** Reads these when Prometheus asks. */
  watch(parts: Watched): void;
}

export type LoginOutcome = 'accepted' | 'refused';
export type MailOutcome = 'sent' | 'unwanted' | 'failed';

export interface Watched {
  readonly delivery: { readonly waiting: number };
  readonly accessCache: { readonly hits: number; readonly misses: number };
  readonly passwordThreads: { readonly waiting: number };
  readonly database: {
    readonly changes: { readonly state: string; readonly provenAt: number };
    readonly statements?: (() => number) | undefined;
  };
}

/** Seconds: from answers out of memory to the execution timeout. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const requests = new Histogram({
    name: 'gatehouse_request_duration_seconds',
    help: 'Duration of requests by path and status.',
    labelNames: ['path', 'status'],
    buckets: BUCKETS,
    registers,
  });
  const refusals = new Counter({
    name: 'gatehouse_refusals_total',
    help: 'Refused operations by the missing action.',
    labelNames: ['path', 'action'],
    registers,
  });
  const logins = new Counter({
    name: 'gatehouse_logins_total',
    help: 'Logins by outcome.',
    labelNames: ['path', 'outcome'],
    registers,
  });
  const mails = new Counter({
    name: 'gatehouse_mails_total',
    help: 'Mails that left the outbox: sent, not wanted any more, or given up.',
    labelNames: ['outcome'],
    registers,
  });
  return {
    registry,
    answered: (path, status, seconds) => requests.observe({ path, status }, seconds),
    refused(path, actions) {
      for (const action of actions) refusals.inc({ path, action });
    },
    login: (path, outcome) => logins.inc({ path, outcome }),
    mail: (outcome) => mails.inc({ outcome }),
    watch({ accessCache, passwordThreads, delivery, database: { changes, statements } }) {
      new Gauge({
        name: 'gatehouse_mails_waiting',
        help: 'Mails and requests for mails in the outbox, of all processes together, to within 20 seconds.',
        registers,
        aggregator: 'max',
        collect() {
          this.set(delivery.waiting);
        },
      });
      gauge('gatehouse_password_queue_length', 'Passwords waiting for a thread.', () => passwordThreads.waiting);
      total('gatehouse_access_cache_hits_total', 'Viewers and settings found in memory.', () => accessCache.hits);
      total(
        'gatehouse_access_cache_misses_total',
        'Viewers and settings read from the database.',
        () => accessCache.misses,
      );
      new Gauge({
        name: 'gatehouse_notifications_live',
        help: 'Whether notifications of changes arrive from the database: 1, or 0; of several processes, the worst.',
        registers,
        aggregator: 'min',
        collect() {
          this.set(changes.state === 'live' ? 1 : 0);
        },
      });
      new Gauge({
        name: 'gatehouse_notifications_proven_age_seconds',
        help: 'How long ago it was last certain that no notification was missing. It grows while there are no requests.',
        registers,
        aggregator: 'max',
        collect() {
          const age = performance.now() - changes.provenAt;
          if (Number.isFinite(age)) this.set(age / 1_000);
        },
      });
      if (statements) total('gatehouse_sql_statements_total', 'SQL statements of all connections.', statements);
    },
  };

  function gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  }

  /** A number that is counted elsewhere and only grows. */
  function total(name: string, help: string, read: () => number): void {
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  }
}
