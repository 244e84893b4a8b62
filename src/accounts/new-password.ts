import type { Fault } from '../common/errors.ts';
import { faultsOfGivenPassword, faultsOfNewPassword } from './passwords.ts';

export interface TypedTwice {
  readonly password: string;
  readonly passwordConfirmation: string;
}

/** What is wrong with a new password: not fit to be one, not typed the same twice, or both. `names`: its owner's, where they are known. */
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
