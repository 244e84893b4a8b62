import type { ContentType } from './content-type.ts';
import { allOf, anyOf, type Filter, type Rows, type When } from './filter.ts';
import type { CompiledGrant } from './rules/compiled-grant.ts';

/** What somebody can read of a content type by one action: its rows, and what of each row. */
export interface Readable extends Rows {
  readonly type: ContentType;
  /** In which of the rows a column or a relation can be read; undefined: in none, as if the type did not have it. */
  when(name: string): When | undefined;
}

/** What the names of every document are, so that clients can tell them apart: always readable. */
const KEYS: readonly string[] = ['id', 'documentId'];

/** Everything, but for the rows that the type itself hides. */
export function readableWhole(type: ContentType, declared: Filter | undefined): Readable {
  return { type, rule: declared, gates: [], when: () => 'always' };
}

/** What at least one of the grants shows. `declared`: which rows the type itself has. */
export function readableWith(
  type: ContentType,
  grants: readonly CompiledGrant[],
  declared: Filter | undefined,
): Readable {
  const rule = allOf([declared, anyOf(grants.map(({ where }) => where))]);
  const known = new Map<string, When | undefined>();

  function whenOf(name: string): When | undefined {
    if (KEYS.includes(name)) return 'always';
    const showing = grants.flatMap(({ fields }, number) => (!fields || fields.has(name) ? [number] : []));
    if (showing.length === 0) return undefined;
    if (showing.length === grants.length || showing.some((number) => !grants[number]?.where)) return 'always';
    return showing;
  }

  for (const { name } of type.read) known.set(name, whenOf(name));
  const used = new Set([...known.values()].flatMap((when) => (Array.isArray(when) ? when : [])));
  const gates = used.size === 0 ? [] : grants.map(({ where }, number) => (used.has(number) ? where : undefined));
  return { type, rule, gates, when: (name) => (known.has(name) ? known.get(name) : whenOf(name)) };
}
