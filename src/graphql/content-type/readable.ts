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

/**
 * What somebody can read of a row that they have just written: what the grant shows that allowed it, and what they can find of it
 * by one of these. The row itself they can read in any case.
 */
export function readableAfterWrite(
  type: ContentType,
  { fields }: CompiledGrant,
  found: readonly (Readable | undefined)[],
): Readable {
  if (!fields) return readableWhole(type, undefined);
  const gates: (Filter | undefined)[] = [];
  const known = new Map<string, When | undefined>();
  /** The gates that open a column of a row that is found: they are asked of any row, so the rule is part of each. */
  function opening(readable: Readable | undefined, name: string): When {
    const when = readable?.when(name);
    if (!readable || when === undefined) return [];
    const { rule } = readable;
    const conditions = when === 'always' ? [rule] : when.map((number) => allOf([rule, readable.gates[number]]));
    if (conditions.includes(undefined)) return 'always';
    return conditions.map((condition) => gates.push(condition) - 1);
  }
  function whenOf(name: string): When | undefined {
    if (KEYS.includes(name) || fields?.has(name)) return 'always';
    const ways = found.map((readable) => opening(readable, name));
    if (ways.includes('always')) return 'always';
    const numbers = ways.flatMap((when) => (when === 'always' ? [] : when));
    return numbers.length > 0 ? numbers : undefined;
  }
  for (const { name } of type.read) known.set(name, whenOf(name));
  return { type, rule: undefined, gates, when: (name) => known.get(name) };
}
