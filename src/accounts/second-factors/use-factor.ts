import type { Actor } from '../../audit/actor.ts';
import type { Given } from '../../common/only-given.ts';
import type { Prisma } from '../../generated/prisma/client.ts';
import type { Accounts } from '../accounts.ts';
import type { ShownPasskey } from '../passkeys/passkeys.ts';
import type { Person } from '../realms/realm.ts';
import type { FactorInput } from './complete-pending-login.ts';

/** What somebody gives as a second factor. A passkey is verified already: undefined for one that is not good. */
export type GivenFactor =
  | Exclude<Given<FactorInput>, { readonly name: 'passkey' }>
  | { readonly name: 'passkey'; readonly value: ShownPasskey | undefined };

/**
 * Uses a second factor, and returns whether it was right. A wrong one is an audit event: whoever sends it has passed the step
 * before. Needs the account locked.
 */
export async function useFactor<Account extends Person>(
  { realm, secondFactors, passkeys, audit }: Accounts<Account>,
  transaction: Prisma.TransactionClient,
  { account, actor, given }: { readonly account: Account; readonly actor: Actor; readonly given: GivenFactor },
): Promise<boolean> {
  const target = realm.target(account);
  const isRight =
    given.name === 'passkey'
      ? given.value !== undefined && (await passkeys.use(transaction, given.value))
      : await secondFactors.use(transaction, realm.mailAccount(account.id), given.name, given.value);
  if (!isRight) {
    await audit.record(transaction, actor, { event: realm.events.refusedFactor, outcome: 'refused', target });
  }
  return isRight;
}
