import { createHash } from 'node:crypto';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { rateLimited } from '../../common/errors.ts';
import type { Query } from '../../database/open.ts';
import { storeOf } from '../attempts.ts';
import type { FactorOwner } from './factor-owner.ts';

/** Counts the codes that are tried for one account, in the database, whatever AUTH_RATE_LIMIT says. */
export interface FactorAttempts {
  /** Counts one before it is checked, so that guesses at once count, too. @throws ApiError RATE_LIMITED after too many. */
  count(owner: FactorOwner): Promise<void>;
  /** Forgets the count, after a right code. */
  forget(owner: FactorOwner): Promise<void>;
}

/** After so many wrong codes, none works for a while. */
const MOST = 20;
/** Seconds in which they are counted. */
const COUNTED = 86_400;
/** Seconds in which none works. */
const CLOSED = 15 * 60;

export function createFactorAttempts({ query }: { readonly query: Query }): FactorAttempts {
  const limiter = new RateLimiterPostgres({
    storeClient: storeOf(query),
    storeType: 'client',
    tableName: 'attempts',
    tableCreated: true, // by our migrations
    clearExpiredByTimeout: false, // by our cleanup
    keyPrefix: '', // the key is a hash of everything
    points: MOST,
    duration: COUNTED,
    blockDuration: CLOSED,
  });
  return {
    async count(owner) {
      try {
        await limiter.consume(keyOf(owner));
      } catch (error) {
        if (error instanceof RateLimiterRes) throw rateLimited(Math.ceil(error.msBeforeNext / 1_000));
        throw error; // fail closed if the database is unavailable
      }
    },
    async forget(owner) {
      await limiter.delete(keyOf(owner));
    },
  };
}

function keyOf(owner: FactorOwner): string {
  return createHash('sha256')
    .update(JSON.stringify(['second factor', owner]))
    .digest('base64url');
}
