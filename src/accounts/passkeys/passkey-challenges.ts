import { randomBytes } from 'node:crypto';
import type { Clock } from '../../common/clock.ts';
import { hashOf } from '../../common/hash.ts';
import type { Prisma } from '../../generated/prisma/client.ts';
import type { RealmName } from '../realms/realm.ts';
import type { FactorOwner } from '../second-factors/factor-owner.ts';

/** What an authenticator signs. */
export type PasskeyPurpose = 'register' | 'login' | 'stepUp';

/** Issues what authenticators sign. Each is good for one use, for one purpose of one owner. */
export interface PasskeyChallenges {
  /** @param owner undefined for a login, whose user is not known yet. */
  issue(purpose: PasskeyPurpose, owner: FactorOwner | undefined): Promise<string>;
  /** Ends it, and returns whether it was there: of two uses at once, one succeeds. */
  take(purpose: PasskeyPurpose, owner: FactorOwner | undefined, challenge: string): Promise<boolean>;
}

/** Milliseconds. */
export const CHALLENGE_LIFESPAN = 5 * 60_000;

export function createPasskeyChallenges({
  realm,
  prisma: { passkeyChallenge },
  clock,
}: {
  readonly realm: RealmName;
  readonly prisma: Pick<Prisma.TransactionClient, 'passkeyChallenge'>;
  readonly clock: Clock;
}): PasskeyChallenges {
  // What it is for and whose it is are in the hash, so it is found for nothing else.
  const hashFor = (purpose: PasskeyPurpose, owner: FactorOwner | undefined, challenge: string) =>
    hashOf(JSON.stringify([realm, purpose, owner ?? null, challenge]));
  return {
    async issue(purpose, owner) {
      const challenge = randomBytes(32).toString('base64url');
      const expiresAt = new Date(clock().getTime() + CHALLENGE_LIFESPAN);
      const data = { hash: hashFor(purpose, owner, challenge), expiresAt };
      await passkeyChallenge.create({ data, select: { hash: true } });
      return challenge;
    },
    async take(purpose, owner, challenge) {
      const where = { hash: hashFor(purpose, owner, challenge), expiresAt: { gt: clock() } };
      return (await passkeyChallenge.deleteMany({ where })).count === 1;
    },
  };
}
