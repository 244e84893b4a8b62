import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';

/** Work that goes on after the response was sent, and that is lost with the process. A mail waits in the outbox instead. */
export interface Background {
  run(name: string, task: () => Promise<void>): void;
  /** Resolves when nothing waits or runs any more. */
  idle(): Promise<void>;
  /** The same, for at most so many milliseconds: what has not ended by then is dropped, and logged. */
  stop(milliseconds: number): Promise<void>;
}

export interface BackgroundOptions {
  readonly log: Logger;
  /** Takes what is run out of the operation that asked for it: its share of the database is not the operation's. */
  readonly apart: <T>(work: () => T) => T;
}

/** Tasks that wait or run at once. One more is dropped and logged: memory is not a queue. */
const MAX_TASKS = 1_000;
/** Tasks that run at once: a flood of them leaves the database to the rest. */
const CONCURRENCY = 4;

export function createBackground({ log, apart }: BackgroundOptions): Background {
  const waiting: (() => Promise<void>)[] = [];
  const running = new Set<Promise<void>>();

  function start(): void {
    while (running.size < CONCURRENCY) {
      const task = waiting.shift();
      if (!task) return;
      const run = task().finally(() => {
        running.delete(run);
        start();
      });
      running.add(run);
    }
  }

  async function idle(): Promise<void> {
    while (waiting.length + running.size > 0) {
      start();
      await Promise.all(running);
    }
  }

  return {
    idle,
    run(name, task) {
      if (waiting.length + running.size >= MAX_TASKS) {
        log.error({ task: name }, 'too many background tasks: one was dropped');
        return;
      }
      waiting.push(() =>
        task().catch((error: unknown) => log.error({ err: error, task: name }, 'a background task failed')),
      );
      apart(() => setImmediate(start));
    },
    async stop(milliseconds) {
      await Promise.race([idle(), wait(milliseconds, undefined, { ref: false })]);
      const dropped = waiting.length + running.size;
      if (dropped > 0) log.error({ dropped }, 'background tasks were dropped by the stop');
    },
  };
}
