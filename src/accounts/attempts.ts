import { createHash } from 'node:crypto';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { networkOf } from '../common/addresses.ts';
import { rateLimited } from '../common/errors.ts';
import type { Query } from '../database/open.ts';
import { identifierKey } from './identifiers.ts';

/** What is counted: whatever can be guessed, and whatever sends a mail or makes an account. */
export type Attempt =
  | 'login'
  | 'resetPassword'
  | 'changePassword'
  | 'updateMe'
  | 'updateMe.username'
  | 'manageUsers'
  | 'register'
  | 'forgotPassword'
  | 'sendEmailConfirmation'
  | 'emailConfirmation'
  | 'admin.login'
  | 'admin.registerFirst'
  | 'admin.forgotPassword'
  | 'admin.resetPassword'
  | 'admin.changePassword';

export interface AttemptBy {
  /** Where it came from. */
  readonly address: string;
  /**
   * What it is about: the identifier that somebody logs in with, the code that is tried, the user whose password is
   * asked for. Counted together with the address, so that nobody elsewhere can lock its owner out.
   */
  readonly account?: string;
}

/** Counts attempts, in the database: for all processes together, and across restarts. */
export interface Attempts {
  /** @throws ApiError RATE_LIMITED when there were too many, and before anything else is done about this one. */
  count(attempt: Attempt, by: AttemptBy): Promise<void>;
  /** Whether one more mail may go to this address: a mailbox is not filled on somebody else's word. */
  mayMail(email: string): Promise<boolean>;
  /** Whether one more refusal from this address may be recorded: a log is not filled on somebody else's word. */
  mayRecord(address: string): Promise<boolean>;
}

export interface AttemptOptions {
  readonly query: Query;
  /** Attempts a minute, of one address on one account. Undefined: not counted at all. */
  readonly perMinute: number | undefined;
}

/** One address may be a whole office: as many people may mistype their passwords in the same minute. */
const PEOPLE_AT_AN_ADDRESS = 10;
const MINUTE = 60;
/** Mails an hour, of all kinds that somebody else can cause, to one recipient: so many for each attempt a minute. */
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
      clearExpiredByTimeout: false, // by our housekeeping
      keyPrefix: '', // the key is a hash, in which everything is
      points,
      duration,
    });
  const ofOne = limiter(perMinute, MINUTE);
  const ofAnAddress = limiter(perMinute * PEOPLE_AT_AN_ADDRESS, MINUTE);
  const toARecipient = limiter(Math.ceil(perMinute * MAILS_AN_ATTEMPT), HOUR);

  return {
    async count(attempt, { address, account }) {
      const network = networkOf(address);
      const blocked =
        account === undefined
          ? await take(ofOne, [attempt, network])
          : // The narrower first: who hammers on one account does not use up what the office has.
            ((await take(ofOne, [attempt, network, identifierKey(account)])) ??
            (await take(ofAnAddress, [attempt, network])));
      if (blocked) throw rateLimited(Math.ceil(blocked.msBeforeNext / 1_000));
    },
    mayRecord: async (address) => (await take(ofAnAddress, ['refused', networkOf(address)])) === undefined,
    mayMail: async (email) => (await take(toARecipient, ['mail', identifierKey(email)])) === undefined,
  };
}

/** Counts one. What comes back is undefined, or until when there may be no more. */
async function take(limiter: RateLimiterPostgres, key: readonly string[]): Promise<RateLimiterRes | undefined> {
  try {
    await limiter.consume(createHash('sha256').update(JSON.stringify(key)).digest('base64url'));
    return undefined;
  } catch (error) {
    if (error instanceof RateLimiterRes) return error;
    throw error; // the database does not answer: then nobody gets in
  }
}

/** Our database, as the library asks one. */
function storeOf(query: Query) {
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
