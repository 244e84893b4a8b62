import type { Viewer } from '../authentication/viewer.ts';
import type { Accounts } from './accounts.ts';
import { NO_PASSWORD } from './public-password.ts';
import type { Person } from './realms/realm.ts';

/** The ways to prove again who the owner of an account is. Each is a field of `StepUpInput`. */
export type StepUpMethod = 'password' | 'totp' | 'code';

/**
 * Which of them count for the viewer's account. With a second factor, the password alone is not enough: whoever has guessed or found
 * it has not got the factor.
 */
export async function stepUpMethods<Account extends Person, Me extends Viewer>(
  { realm, prisma, secondFactors }: Pick<Accounts<Account, Me>, 'realm' | 'prisma' | 'secondFactors'>,
  viewer: Me,
): Promise<readonly StepUpMethod[]> {
  const { id } = realm.ownAccount(viewer);
  const { totpSince } = await secondFactors.stateOf(prisma, realm.mailAccount(id));
  if (totpSince) return ['totp'];
  const hash = await realm.passwordHashOf(prisma, id);
  if (hash !== undefined && hash !== NO_PASSWORD) return ['password'];
  // Who logs in with a provider only, or by mail: the mailbox is what is left. Administrators always have a password.
  return realm.mailsStepUpCodes ? ['code'] : [];
}
