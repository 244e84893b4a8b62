import { StartRefused } from '../start-refused.ts';

/** What became of a statement that says nothing about the statement's own fault. */
export type DatabaseFailure =
  /** The database was not reached, or went away in the middle. It may be back at the next attempt. */
  | 'unavailable'
  /** It took longer than a statement may. */
  | 'timeout';

/** Whether an error means that the database did not answer, by the words of Prisma, of the driver and of PostgreSQL. */
export function databaseFailureOf(error: unknown): DatabaseFailure | undefined {
  const waiting = [error];
  for (let seen = 0; seen < MOST_CAUSES && waiting.length > 0; seen++) {
    const one = waiting.shift() as (ErrorLike & { readonly message?: unknown }) | null | undefined;
    if (typeof one !== 'object' || one === null) continue;
    const codes = [one.code, one.originalCode].map(String);
    if (codes.includes(QUERY_CANCELED)) return 'timeout';
    if (codes.some((code) => UNAVAILABLE.test(code)) || KINDS.includes(String(one.kind))) return 'unavailable';
    if (typeof one.message === 'string' && MESSAGES.test(one.message)) return 'unavailable';
    waiting.push(one.cause, one.originalError, one.meta?.driverAdapterError);
  }
  return undefined;
}

interface ErrorLike {
  readonly code?: unknown;
  readonly originalCode?: unknown;
  readonly kind?: unknown;
  readonly cause?: unknown;
  readonly originalError?: unknown;
  readonly meta?: { readonly driverAdapterError?: unknown };
}

const MOST_CAUSES = 20;

const QUERY_CANCELED = '57014';

/**
 * PostgreSQL's classes of connection faults, missing resources and a server that stops (appendix A of its manual), Prisma's
 * codes for the same, and those of sockets.
 */
const UNAVAILABLE =
  /^(08\w{3}|53\w{3}|57P\w{2}|P1001|P1002|P1008|P1017|P2024|P2028|E(CONN(REFUSED|RESET|ABORTED)|PIPE|TIMEDOUT|AI_AGAIN|NOTFOUND|HOSTUNREACH|NETUNREACH))$/;

const KINDS = ['DatabaseNotReachable', 'ConnectionClosed', 'SocketTimeout', 'TooManyConnections', 'TlsConnectionError'];

/** Where the driver gives no code. */
const MESSAGES =
  /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client (was closed|has encountered a connection error))/;

/** There is no PostgreSQL server at `DATABASE_URL` that lets us in. */
export class DatabaseUnreachable extends StartRefused {
  constructor(cause: Error & { readonly code?: string }) {
    // The driver's own words: they name the host or the user, and not the password.
    const advice = UNTRUSTED.test(cause.code ?? '')
      ? '. Name the certificate of its authority in sslrootcert, or write sslmode=no-verify'
      : '';
    super(`The database of DATABASE_URL cannot be used: ${cause.message || cause.code}${advice}`, { cause });
  }
}

/** Of TLS, in the words of Node. */
const UNTRUSTED = /^(SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_(GET_ISSUER|VERIFY)|CERT_|ERR_TLS_CERT)/;
