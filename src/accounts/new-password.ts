import type { Fault } from '../common/errors.ts';
import { faultsOfGivenPassword, faultsOfNewPassword } from './passwords.ts';

export interface TypedTwice {
  readonly password: string;
  readonly passwordConfirmation: string;
}

/** Validates a new password and its confirmation. `names` are the owner's, if known. */
export function faultsOfTypedTwice(
  { password, passwordConfirmation }: TypedTwice,
  { minLength, names }: { readonly minLength: number; readonly names: readonly string[] },
): Fault[] {
  const faults = faultsOfNewPassword(password, { path: ['password'], minLength, names });
  if (passwordConfirmation === '')
    faults.push(...faultsOfGivenPassword(passwordConfirmation, ['passwordConfirmation']));
  else if (password !== passwordConfirmation)
    faults.push({ path: ['passwordConfirmation'], message: 'Passwords do not match' });
  return faults;
}
