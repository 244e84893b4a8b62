import type { PrismaClient } from '../../generated/prisma/client.ts';
import type { NextStep } from '../complete-login.ts';
import type { Person, Realm } from '../realms/realm.ts';
import type { Challenges } from './challenges.ts';
import { factorsOf } from './factor-methods.ts';
import type { SecondFactors } from './second-factors.ts';

/** A proof that counts as two: a passkey is something that one has, and asks for who one is or what one knows. */
const COUNT_AS_TWO: readonly string[] = ['hwk'];

/** Asks everybody who has a second factor for it, whatever the first proof was. */
export function createNextStep<Account extends Person>({
  realm,
  prisma,
  secondFactors,
  challenges,
}: {
  // biome-ignore lint/suspicious/noExplicitAny: whoever views makes no difference here
  readonly realm: Realm<Account, any>;
  readonly prisma: PrismaClient;
  readonly secondFactors: SecondFactors;
  readonly challenges: Challenges;
}): NextStep {
  return async (_realm, account, { proofs, way }) => {
    if (proofs.some((proof) => COUNT_AS_TWO.includes(proof))) return undefined;
    const { methods } = await factorsOf({ realm, prisma, secondFactors }, account.id);
    if (methods.length === 0) return undefined;
    return { challenge: await challenges.issue(account, way, proofs), methods };
  };
}
