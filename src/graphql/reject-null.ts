import { type Fault, invalidInput } from '../common/errors.ts';

/**
 * What is absent from an update stays as it is; null would be another value, which these cannot have.
 *
 * @throws ApiError BAD_USER_INPUT with each of them that is null.
 */
export function rejectNull<Data extends object>(data: Data, names: readonly (keyof Data & string)[]): void {
  const faults = names
    .filter((name) => data[name] === null)
    .map((name): Fault => ({ path: [name], message: `${name} must be defined.` }));
  if (faults.length > 0) throw invalidInput(faults);
}
