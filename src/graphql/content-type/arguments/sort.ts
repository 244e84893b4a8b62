import type { Fault } from '../../../common/errors.ts';
import { isSortable } from '../column-types.ts';
import type { Related, SortKey } from '../filter.ts';
import type { Readable } from '../readable.ts';
import { invalidKey, type ResolveRelation } from './filters.ts';

/** Every key is one more comparison per pair of rows. */
const MAX_KEYS = 10;
/** Of all keys together; ten paths are far shorter. */
const MAX_CHARACTERS = 1_000;
/** Only a text that looks like a name is echoed in an error. */
const NAME = /^\w{1,64}$/;

/**
 * Parses `sort`: `"title"`, `"title:desc"`, `"author.name:asc"`; several as a list or separated by commas. Only
 * columns that the viewer can read, directly or through to-one relations whose target they can find.
 *
 * @returns the sort keys in order, and all validation errors.
 */
export function readSort(
  readable: Readable,
  input: unknown,
  resolveRelation: ResolveRelation,
): { readonly sort: readonly SortKey[]; readonly faults: readonly Fault[] } {
  const texts = [input ?? []].flat().map((text) => (typeof text === 'string' ? text : ''));
  const tooMany = { sort: [], faults: [{ path: ['sort'], message: `sort takes at most ${MAX_KEYS} keys` }] };
  // Checked first, so that a long list costs nothing.
  if (texts.length > MAX_CHARACTERS || texts.reduce((sum, { length }) => sum + length, 0) > MAX_CHARACTERS)
    return tooMany;
  const sort: SortKey[] = [];
  const faults: Fault[] = [];
  for (const [index, text] of texts.entries()) {
    for (const part of text.split(',').map((part) => part.trim())) {
      if (part === '') continue;
      const key = readKey(readable, part, resolveRelation);
      if ('message' in key) faults.push({ path: ['sort', index], message: key.message });
      else sort.push(key);
    }
  }
  return sort.length + faults.length > MAX_KEYS ? tooMany : { sort, faults };
}

function readKey(
  readable: Readable,
  text: string,
  resolveRelation: ResolveRelation,
): SortKey | { readonly message: string } {
  const [path = '', order = 'asc', ...more] = text.split(':');
  const direction = order.trim().toUpperCase();
  if ((direction !== 'ASC' && direction !== 'DESC') || more.length > 0) {
    return { message: 'Invalid order: asc or desc' };
  }
  const names = path.trim().split('.');
  const through: Related[] = [];
  let current = readable;
  for (const [index, name] of names.entries()) {
    const when = current.when(name);
    const member = when && current.type.read.find((candidate) => candidate.name === name);
    const isLast = index === names.length - 1;
    if (when && member?.kind === 'column' && isLast && isSortable(member))
      return { through, column: member, when, direction };
    const relation = member?.kind === 'relation' && !member.many && !isLast ? member : undefined;
    const to = relation && resolveRelation(relation);
    if (!when || !relation || !to)
      return { message: NAME.test(name) ? invalidKey(names.slice(0, index + 1)) : 'Invalid key' };
    through.push({ relation, to, when });
    current = to;
  }
  return { message: 'Invalid key' };
}
