import { StartRefused } from '../common/start-refused.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';

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
    const one = waiting.shift() as ErrorLike | null | undefined; // whatever was thrown, and whatever caused it
    if (typeof one !== 'object' || one === null) continue;
    const failure = failureIn(one);
    if (failure) return failure;
    waiting.push(one.cause, one.originalError, one.meta?.driverAdapterError);
  }
  return undefined;
}

interface ErrorLike {
  readonly code?: unknown;
  readonly originalCode?: unknown;
  readonly severity?: unknown;
  readonly kind?: unknown;
  readonly message?: unknown;
  readonly cause?: unknown;
  readonly originalError?: unknown;
  readonly meta?: { readonly driverAdapterError?: unknown };
}

const MOST_CAUSES = 20;

function failureIn(error: ErrorLike): DatabaseFailure | undefined {
  if (error instanceof DatabaseUnreachable) return 'unavailable';
  for (const code of [error.code, error.originalCode].map(String)) {
    const [, failure] = CODES.find(([pattern]) => pattern.test(code)) ?? [];
    if (failure) return failure;
  }
  // Whatever the code, the server has ended the connection with it, or not begun one.
  if (/^(FATAL|PANIC)$/.test(String(error.severity)) || KINDS.includes(String(error.kind))) return 'unavailable';
  return typeof error.message === 'string' && MESSAGES.test(error.message) ? 'unavailable' : undefined;
}

/** PostgreSQL's (appendix A of its manual), Prisma's for the same, and those of sockets. */
const CODES: readonly (readonly [pattern: RegExp, failure: DatabaseFailure])[] = [
  [/^57014$/, 'timeout'], // a statement was ended, by statement_timeout or by hand
  [/^25P04$/, 'timeout'], // transaction_timeout
  [/^55P03$/, 'timeout'], // a row was not to be had in the time there was
  [/^08\w{3}$/, 'unavailable'], // the connection broke, or was refused
  [/^25006$/, 'unavailable'], // it only reads: a primary that is none any more
  [/^25P03$/, 'unavailable'], // ended in the middle of a transaction, by idle_in_transaction_session_timeout
  [/^28\w{3}$/, 'unavailable'], // we are not let in any more
  [/^3D000$/, 'unavailable'], // the database is gone
  [/^53\w{3}$/, 'unavailable'], // no room: disk, memory, connections
  [/^55000$/, 'unavailable'], // it takes no connections (ALLOW_CONNECTIONS false)
  [/^57\w{3}$/, 'unavailable'], // it starts, stops, or was told to end us
  [/^P(10(00|01|02|03|08|10|11|17)|20(24|28|37))$/, 'unavailable'],
  [/^E(CONN(REFUSED|RESET|ABORTED)|PIPE|TIMEDOUT|AI_AGAIN|NOTFOUND|HOSTUNREACH|NETUNREACH)$/, 'unavailable'],
];

const KINDS = [
  'DatabaseNotReachable',
  'DatabaseDoesNotExist',
  'DatabaseAccessDenied',
  'AuthenticationFailed',
  'ConnectionClosed',
  'SocketTimeout',
  'TooManyConnections',
  'TlsConnectionError',
];

/** Where the driver gives no code. */
const MESSAGES =
  /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client (was closed|has encountered a connection error))/;

/** @throws when the database does not answer, or only reads: nobody can log in then, and nothing can be ended. */
export async function expectPrimary(prisma: PrismaClient): Promise<void> {
  const [row] = await prisma.$queryRaw<
    { readonly: string }[]
  >`SELECT current_setting('transaction_read_only') AS "readonly"`;
  if (row?.readonly !== 'off')
    throw new DatabaseUnreachable(Object.assign(new Error('it only reads'), { code: '25006' }));
}

/** There is no PostgreSQL server at the URL of this variable that lets us in, or none that can be used. */
export class DatabaseUnreachable extends StartRefused {
  constructor(cause: Error & { readonly code?: string }, variable = 'DATABASE_URL') {
    // The driver's own words: they name the host or the user, and not the password.
    const advice = UNTRUSTED.test(cause.code ?? '')
      ? '. Name the certificate of its authority in sslrootcert, or write sslmode=no-verify'
      : '';
    super(`The database of ${variable} cannot be used: ${cause.message || cause.code}${advice}`, { cause });
  }
}

/** What to end a start with: in a line, where the database went away in the middle of it. */
export function startFailureOf(error: unknown): unknown {
  if (error instanceof StartRefused || !databaseFailureOf(error)) return error;
  return new DatabaseUnreachable(error as Error); // what is a failure of the database is an error
}

/** Of TLS, in the words of Node. */
const UNTRUSTED = /^(SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_(GET_ISSUER|VERIFY)|CERT_|ERR_TLS_CERT)/;
