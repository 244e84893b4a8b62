import type { Fault } from '../../common/errors.ts';
import type { AdministrationServices } from '../administration.ts';

/** A list of ten thousand unknown names gets no more errors than this. */
export const MAX_ERRORS = 20;

/**
 * A fault for each action that the schema does not have.
 *
 * @param held actions that the role or the token has already: their content type may have been removed since
 */
export function unknownActions(
  { tokenActions }: Pick<AdministrationServices, 'tokenActions'>,
  actions: readonly string[],
  path: readonly string[],
  held: readonly string[] = [],
): Fault[] {
  const known = new Set([...tokenActions.all, ...held]);
  return actions
    .flatMap((action, index) =>
      known.has(action) ? [] : [{ path: [...path, index], message: `${path.at(-1)} has a name that is no action` }],
    )
    .slice(0, MAX_ERRORS);
}
