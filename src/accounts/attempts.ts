import { createHash } from 'node:crypto';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { networkOf } from '../common/addresses.ts';
import { rateLimited } from '../common/errors.ts';
import type { Query } from '../database/open.ts';
import { identifierKey } from './identifiers.ts';

/** The rate-limited operations: those that check a secret, send a mail or create an account. */
export type Attempt =
  | 'login'
  | 'exchangeStrapiToken'
  | 'connect'
  | 'loginWithProvider'
  | 'linkProvider'
  | 'sendLoginCode'
  | 'loginWithCode'
  | 'passkeyOptions'
  | 'loginWithPasskey'
  | 'passkeys'
  | 'resetPassword'
  | 'changePassword'
  | 'stepUp'
  | 'sendStepUpCode'
  | 'completeLogin'
  | 'secondFactors'
  | 'updateMe'
  | 'updateMe.username'
  | 'updateMe.fields'
  | 'deleteMe'
  | 'exportMe'
  | 'acceptInvitation'
  | 'disownLogin'
  | 'inviteUser'
  | 'manageUsers'
  | 'register'
  | 'forgotPassword'
  | 'sendEmailConfirmation'
  | 'emailConfirmation'
  | 'admin.login'
  | 'admin.loginWithPasskey'
  | 'admin.registerFirst'
  | 'admin.forgotPassword'
  | 'admin.resetPassword'
  | 'admin.changePassword'
  | 'admin.stepUp'
  | 'admin.completeLogin'
  | 'admin.secondFactors'
  | 'admin.passkeyOptions'
  | 'admin.passkeys';

export interface AttemptBy {
  /** The client's address. */
  readonly address: string;
  /**
   * The target: the identifier of a login, a code, or the user whose password is checked. Counted together with the
   * address, so that an attacker elsewhere cannot lock the owner out.
   */
  readonly account?: string;
  /** Without a target: whether everybody at an address does it, as at a login. Then the limit is that of an office. */
  readonly byEverybody?: boolean;
}

/** Counts attempts in the database, across processes and restarts. */
export interface Attempts {
  /** Counts one attempt. Call it before any other work. @throws ApiError RATE_LIMITED after too many attempts. */
  count(attempt: Attempt, by: AttemptBy): Promise<void>;
  /** Counts one mail to this address and returns whether it is within the limit, so that nobody can flood a mailbox. */
  mayMail(email: string): Promise<boolean>;
  /** Counts one refusal from this address and returns whether to record it, so that nobody can flood the audit log. */
  mayRecord(address: string): Promise<boolean>;
}

export interface AttemptOptions {
  readonly query: Query;
  /** Attempts per minute from one address on one account. Undefined: no limit. */
  readonly perMinute: number | undefined;
}

/** An office may share one address, so an address gets the limit of this many people. */
const PEOPLE_AT_AN_ADDRESS = 10;
const MINUTE = 60;
/** Mails per hour to one recipient, as a share of the attempts per minute. */
const MAILS_AN_ATTEMPT = 0.5;
const HOUR = 3_600;

export function createAttempts({ query, perMinute }: AttemptOptions): Attempts {
  if (perMinute === undefined) return { count: async () => {}, mayMail: async () => true, mayRecord: async () => true };

  const limiter = (points: number, duration: number) =>
    new RateLimiterPostgres({
      storeClient: storeOf(query),
      storeType: 'client',
      tableName: 'attempts',
      tableCreated: true, // by our migrations
      clearExpiredByTimeout: false, // by our cleanup
      keyPrefix: '', // the key is a hash of everything
      points,
      duration,
    });
  const ofOne = limiter(perMinute, MINUTE);
  const ofAnAddress = limiter(perMinute * PEOPLE_AT_AN_ADDRESS, MINUTE);
  const toARecipient = limiter(Math.ceil(perMinute * MAILS_AN_ATTEMPT), HOUR);

  return {
    async count(attempt, { address, account, byEverybody = false }) {
      const network = networkOf(address);
      const blocked =
        account === undefined
          ? await take(byEverybody ? ofAnAddress : ofOne, [attempt, network])
          : // The narrower limit first: attempts on one account then do not use up the limit of the address.
            ((await take(ofOne, [attempt, network, identifierKey(account)])) ??
            (await take(ofAnAddress, [attempt, network])));
      if (blocked) throw rateLimited(Math.ceil(blocked.msBeforeNext / 1_000));
    },
    mayRecord: async (address) => (await take(ofAnAddress, ['refused', networkOf(address)])) === undefined,
    mayMail: async (email) => (await take(toARecipient, ['mail', identifierKey(email)])) === undefined,
  };
}

/** Consumes one point. Returns undefined, or the state of the limiter if the limit is exceeded. */
async function take(limiter: RateLimiterPostgres, key: readonly string[]): Promise<RateLimiterRes | undefined> {
  try {
    await limiter.consume(createHash('sha256').update(JSON.stringify(key)).digest('base64url'));
    return undefined;
  } catch (error) {
    if (error instanceof RateLimiterRes) return error;
    throw error; // fail closed if the database is unavailable
  }
}

/** Adapts our database to the client that the library expects. */
export function storeOf(query: Query) {
  return {
    async query({ text, values = [] }: { readonly text: string; readonly values?: readonly unknown[] }) {
      const rows = await query(text, values);
      return {
        rowCount: rows.length,
        rows: rows.map(({ points, expire }) => ({ points: Number(points), expire: Number(expire) })),
      };
    },
  };
}
