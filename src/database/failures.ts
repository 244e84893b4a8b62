import { StartRefused } from '../common/start-refused.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';

/** Why a statement failed, where the statement itself is not the reason. */
export type DatabaseFailure =
  /** The database was not reached, or went away in the middle. It may be back at the next attempt. */
  | 'unavailable'
  /** It exceeded a time limit. */
  | 'timeout';

/** Finds out whether an error means that the database did not answer, from the codes of Prisma, the driver and PostgreSQL. */
export function databaseFailureOf(error: unknown): DatabaseFailure | undefined {
  const waiting = [error];
  for (let seen = 0; seen < MAX_CAUSES && waiting.length > 0; seen++) {
    const one = waiting.shift() as ErrorLike | null | undefined; // anything can be thrown, or be a cause
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

const MAX_CAUSES = 20;

function failureIn(error: ErrorLike): DatabaseFailure | undefined {
  if (error instanceof DatabaseUnreachable) return 'unavailable';
  for (const code of [error.code, error.originalCode].map(String)) {
    const [, failure] = CODES.find(([pattern]) => pattern.test(code)) ?? [];
    if (failure) return failure;
  }
  // With any such code the server ended the connection or refused to begin one.
  if (/^(FATAL|PANIC)$/.test(String(error.severity)) || KINDS.includes(String(error.kind))) return 'unavailable';
  return typeof error.message === 'string' && MESSAGES.test(error.message) ? 'unavailable' : undefined;
}

/** PostgreSQL's (appendix A of its manual), Prisma's for the same, and those of sockets. */
const CODES: readonly (readonly [pattern: RegExp, failure: DatabaseFailure])[] = [
  [/^57014$/, 'timeout'], // a statement was ended, by statement_timeout or by hand
  [/^25P04$/, 'timeout'], // transaction_timeout
  [/^55P03$/, 'timeout'], // a row stayed locked for too long
  [/^08\w{3}$/, 'unavailable'], // the connection broke, or was refused
  [/^25006$/, 'unavailable'], // read-only: a former primary
  [/^25P03$/, 'unavailable'], // ended in the middle of a transaction, by idle_in_transaction_session_timeout
  [/^28\w{3}$/, 'unavailable'], // our login is refused
  [/^3D000$/, 'unavailable'], // the database is gone
  [/^53\w{3}$/, 'unavailable'], // out of disk, memory or connections
  [/^55000$/, 'unavailable'], // it accepts no connections (ALLOW_CONNECTIONS false)
  [/^57\w{3}$/, 'unavailable'], // it starts, stops, or an administrator ended the session
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

/** Messages of the driver that come without a code. */
const MESSAGES =
  /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client (was closed|has encountered a connection error))/;

/** @throws DatabaseUnreachable when the database does not answer or is read-only: then nobody can log in or log out. */
export async function expectPrimary(prisma: PrismaClient): Promise<void> {
  const [row] = await prisma.$queryRaw<
    { readonly: string }[]
  >`SELECT current_setting('transaction_read_only') AS "readonly"`;
  if (row?.readonly !== 'off')
    throw new DatabaseUnreachable(Object.assign(new Error('it is read-only'), { code: '25006' }));
}

/** No PostgreSQL server at the URL of this variable accepts us, or it cannot be used. */
export class DatabaseUnreachable extends StartRefused {
  constructor(cause: Error & { readonly code?: string }, variable = 'DATABASE_URL') {
    // The driver's messages name the host or the user, never the password.
    const advice = UNTRUSTED.test(cause.code ?? '')
      ? '. Name the certificate of its authority in sslrootcert, or write sslmode=no-verify'
      : '';
    super(`The database of ${variable} cannot be used: ${cause.message || cause.code}${advice}`, { cause });
  }
}

/** The error to end a start with: one line, where the database went away in the middle. */
export function startFailureOf(error: unknown): unknown {
  if (error instanceof StartRefused || !databaseFailureOf(error)) return error;
  return new DatabaseUnreachable(error as Error); // a database failure is always an Error
}

/** Node's codes for certificates that cannot be verified. */
const UNTRUSTED = /^(SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_(GET_ISSUER|VERIFY)|CERT_|ERR_TLS_CERT)/;
