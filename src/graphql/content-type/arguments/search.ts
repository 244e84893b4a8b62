import type { Fault } from '../../../common/errors.ts';
import { anyOf, type Filter } from '../filter.ts';
import type { Readable } from '../readable.ts';

const MAX_CHARACTERS = 200;

/**
 * Parses `search`: one of the search columns that the viewer can read must contain the text, ignoring case. A blank text matches
 * everything; where the viewer can read none of them, any other matches nothing.
 */
export function readSearch(
  { type: { search }, when: whenOf }: Readable,
  text: string | null | undefined,
): { readonly search: Filter | undefined; readonly faults: readonly Fault[] } {
  const wanted = text?.trim() ?? '';
  if (wanted.length > MAX_CHARACTERS) {
    const message = `search must be at most ${MAX_CHARACTERS} characters`;
    return { search: undefined, faults: [{ path: ['search'], message }] };
  }
  if (wanted === '' || search.length === 0) return { search: undefined, faults: [] };
  const of = search.flatMap((column): Filter[] => {
    const when = whenOf(column.name);
    return when === undefined ? [] : [{ kind: 'compare', column, when, operator: 'containsi', value: wanted }];
  });
  return { search: anyOf(of), faults: [] };
}
