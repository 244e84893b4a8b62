import type { Viewer } from '../authentication/viewer.ts';
import type { Accounts } from './accounts.ts';
import { NO_PASSWORD } from './public-password.ts';
import type { Person } from './realms/realm.ts';

/** The ways to prove again who the owner of an account is. Each is a field of `StepUpInput`. */
export type StepUpMethod = 'password';

/** Which of them the viewer's account has. */
export async function stepUpMethods<Account extends Person, Me extends Viewer>(
  { realm, prisma }: Pick<Accounts<Account, Me>, 'realm' | 'prisma'>,
  viewer: Me,
): Promise<readonly StepUpMethod[]> {
  const hash = await realm.passwordHashOf(prisma, realm.ownAccount(viewer).id);
  return hash === undefined || hash === NO_PASSWORD ? [] : ['password'];
}
