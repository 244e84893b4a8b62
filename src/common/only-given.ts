import { badInput } from './errors.ts';

/** One field of an input, with its value. */
export type Given<Input extends object> = {
  readonly [Name in keyof Input]-?: { readonly name: Name; readonly value: NonNullable<Input[Name]> };
}[keyof Input];

/**
 * The one field that an input has; null counts as absent.
 *
 * @param what the fields are, in the error: `proof`.
 * @throws ApiError BAD_USER_INPUT for none and for several.
 */
export function onlyGiven<Input extends object>(input: Input, what: string): Given<Input> {
  const given = Object.entries(input).filter(([, value]) => value != null);
  const [only] = given;
  if (!only || given.length > 1) throw badInput(`Give exactly one ${what}`);
  const [name, value] = only;
  return { name, value } as Given<Input>; // a field of the input
}
