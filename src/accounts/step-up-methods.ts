import type { Viewer } from '../authentication/viewer.ts';
import type { Accounts } from './accounts.ts';
import { NO_PASSWORD } from './public-password.ts';
import type { Person } from './realms/realm.ts';
import { factorsOf } from './second-factors/factor-methods.ts';

/** The ways to prove again who the owner of an account is. Each is a field of `StepUpInput`. */
export type StepUpMethod = 'password' | 'totp' | 'passkey' | 'code';

/**
 * Which of them count for the viewer's account. With a second factor, the password alone is not enough: whoever has guessed or found
 * it has not got the factor. A passkey that no login asks for is one way more, and takes none away.
 */
export async function stepUpMethods<Account extends Person, Me extends Viewer>(
  accounts: Pick<Accounts<Account, Me>, 'realm' | 'prisma' | 'secondFactors'>,
  viewer: Me,
): Promise<readonly StepUpMethod[]> {
  const { realm, prisma } = accounts;
  const { id } = realm.ownAccount(viewer);
  const { methods, passkeys } = await factorsOf(accounts, id);
  if (methods.length > 0) return methods.filter((method) => method !== 'backupCode');
  const passkey = passkeys > 0 ? (['passkey'] as const) : [];
  const hash = await realm.passwordHashOf(prisma, id);
  if (hash !== undefined && hash !== NO_PASSWORD) return ['password', ...passkey];
  // Who logs in with a provider only, or by mail: the mailbox is what is left. Administrators always have a password.
  return realm.mailsStepUpCodes ? [...passkey, 'code'] : passkey;
}
