import { type Fault, invalidInput } from './errors.ts';

/**
 * In an update, an absent field is left unchanged, but null is a value: rejects it for fields that are not nullable.
 *
 * @throws ApiError BAD_USER_INPUT with an error for each field that is null.
 */
export function rejectNull<Data extends object>(data: Data, names: readonly (keyof Data & string)[]): void {
  const faults = names
    .filter((name) => data[name] === null)
    .map((name): Fault => ({ path: [name], message: `${name} must be defined.` }));
  if (faults.length > 0) throw invalidInput(faults);
}
