import { faultsOfNewPassword } from '../../authentication/passwords.ts';
import type { Fault } from '../../errors.ts';

/** What is wrong with a new password: not fit to be one, not typed the same twice, or both. */
export function faultsOfTypedTwice(password: string, passwordConfirmation: string): Fault[] {
  const faults = faultsOfNewPassword(password, ['password']);
  if (password !== passwordConfirmation)
    faults.push({ path: ['passwordConfirmation'], message: 'Passwords do not match' });
  return faults;
}
