import type { Fault } from '../../../common/errors.ts';
import type { ContentType } from '../content-type.ts';
import type { Filter } from '../filter.ts';

const MAX_CHARACTERS = 200;

/** Parses `search`: one of the search columns must contain the text, ignoring case. A blank text matches everything. */
export function readSearch(
  { search }: ContentType,
  text: string | null | undefined,
): { readonly search: Filter | undefined; readonly faults: readonly Fault[] } {
  const wanted = text?.trim() ?? '';
  if (wanted.length > MAX_CHARACTERS) {
    const message = `search must be at most ${MAX_CHARACTERS} characters`;
    return { search: undefined, faults: [{ path: ['search'], message }] };
  }
  if (wanted === '' || search.length === 0) return { search: undefined, faults: [] };
  const of = search.map((column): Filter => ({ kind: 'compare', column, operator: 'containsi', value: wanted }));
  return { search: { kind: 'any', of }, faults: [] };
}
