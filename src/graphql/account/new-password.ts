import { faultsOfNewPassword } from '../../authentication/passwords.ts';
import { badInput, invalidInput } from '../../errors.ts';

/** @throws ApiError BAD_USER_INPUT when the new password is not fit to be one, or was not typed the same twice. */
export function checkNewPassword(password: string, passwordConfirmation: string): void {
  const faults = faultsOfNewPassword(password, ['password']);
  if (faults.length > 0) throw invalidInput(faults);
  if (password !== passwordConfirmation) throw badInput('Passwords do not match');
}
