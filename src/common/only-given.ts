import { badInput } from './errors.ts';

/**
 * The one field that an input has; null counts as absent.
 *
 * @param what the fields are, in the error: `proof`.
 * @throws ApiError BAD_USER_INPUT for none and for several.
 */
export function onlyGiven<Name extends string>(
  input: { readonly [_ in Name]?: string | null | undefined },
  what: string,
): { readonly name: Name; readonly value: string } {
  const given = Object.entries(input).filter(([, value]) => value != null) as [Name, string][]; // the type says which there can be
  const [only] = given;
  if (!only || given.length > 1) throw badInput(`Give exactly one ${what}`);
  return { name: only[0], value: only[1] };
}
