import type { Fault } from '../../../common/errors.ts';
import type { ContentType } from '../content-type.ts';
import type { Related, SortKey } from '../filter.ts';
import { invalidKey, type Reach } from './filters.ts';

/** Each key is a comparison for each pair of rows. */
const MAX_KEYS = 10;
/** Ten names and the ways to them are far shorter. */
const MAX_CHARACTERS = 1_000;
/** A name that could be one of ours may be repeated to the client; anything else may be anything. */
const NAME = /^\w{1,64}$/;

/**
 * Reads `sort`: `"title"`, `"title:desc"`, `"author.name:asc"`, several of them in a list or with commas between. Only by
 * columns that are exposed, and only through relations to one whose target the viewer may find.
 *
 * @returns the keys in their order, and everything wrong with them.
 */
export function readSort(
  type: ContentType,
  input: unknown,
  reach: Reach,
): { readonly sort: readonly SortKey[]; readonly faults: readonly Fault[] } {
  const texts = [input ?? []].flat().map((text) => (typeof text === 'string' ? text : ''));
  const tooMany = { sort: [], faults: [{ path: ['sort'], message: `sort takes at most ${MAX_KEYS} keys` }] };
  // Before anything is done for each of them.
  if (texts.length > MAX_CHARACTERS || texts.reduce((sum, { length }) => sum + length, 0) > MAX_CHARACTERS)
    return tooMany;
  const sort: SortKey[] = [];
  const faults: Fault[] = [];
  for (const [index, text] of texts.entries()) {
    for (const part of text.split(',').map((part) => part.trim())) {
      if (part === '') continue;
      const key = readKey(type, part, reach);
      if ('message' in key) faults.push({ path: ['sort', index], message: key.message });
      else sort.push(key);
    }
  }
  return sort.length + faults.length > MAX_KEYS ? tooMany : { sort, faults };
}

function readKey(type: ContentType, text: string, reach: Reach): SortKey | { readonly message: string } {
  const [path = '', order = 'asc', ...more] = text.split(':');
  const direction = order.trim().toUpperCase();
  if ((direction !== 'ASC' && direction !== 'DESC') || more.length > 0) {
    return { message: 'Invalid order: asc or desc' };
  }
  const names = path.trim().split('.');
  const through: Related[] = [];
  let current = type;
  for (const [index, name] of names.entries()) {
    const member = current.read.find((candidate) => candidate.name === name);
    const isLast = index === names.length - 1;
    if (member?.kind === 'column' && isLast) return { through, column: member, direction };
    const to = member?.kind === 'relation' && !member.many && !isLast ? reach(member) : undefined;
    if (!to) return { message: NAME.test(name) ? invalidKey(names.slice(0, index + 1)) : 'Invalid key' };
    through.push(to);
    current = to.target;
  }
  return { message: 'Invalid key' };
}
