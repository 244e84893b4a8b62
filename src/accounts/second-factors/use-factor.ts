import type { Actor } from '../../audit/actor.ts';
import type { Prisma } from '../../generated/prisma/client.ts';
import type { Accounts } from '../accounts.ts';
import type { Person } from '../realms/realm.ts';
import type { FactorMethod } from './second-factors.ts';

/**
 * Uses a second factor, and returns whether it was right. A wrong one is an audit event: whoever sends it has passed the step
 * before. Needs the account locked.
 */
export async function useFactor<Account extends Person>(
  { realm, secondFactors, audit }: Pick<Accounts<Account>, 'realm' | 'secondFactors' | 'audit'>,
  transaction: Prisma.TransactionClient,
  {
    account,
    actor,
    method,
    code,
  }: { readonly account: Account; readonly actor: Actor; readonly method: FactorMethod; readonly code: string },
): Promise<boolean> {
  const target = realm.target(account);
  const isRight = await secondFactors.use(transaction, realm.mailAccount(account.id), method, code);
  if (!isRight) {
    await audit.record(transaction, actor, { event: realm.events.refusedFactor, outcome: 'refused', target });
  }
  return isRight;
}
