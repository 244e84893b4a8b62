import type { Field } from './introspected.ts';
import { unusedName } from './names.ts';
import { textIn } from './prisma-text.ts';

/** An enum, as the Prisma schema of an introspection describes it. */
export interface Enum {
  readonly name: string;
  /** Its name in the database. */
  readonly type: string;
  /** In their order. */
  readonly values: readonly EnumValue[];
}

export interface EnumValue {
  /** What the introspection calls it: several can have one name, as `2nd` and `22nd` are both `nd`. */
  readonly name: string;
  /** Its label in the database. */
  readonly label: string;
}

/** Reads a line of an enum. A value whose name would have no letter, such as `404`, is in a comment. Undefined: no value. */
export function readValue(line: string): EnumValue | undefined {
  const [, name = '', map] = /^(?:\/\/ )?(.*?)\s+@map\(("(?:[^"\\]|\\.)*")\)$/.exec(line) ?? [];
  if (map !== undefined) return { name, label: textIn(map) };
  return /^\w+$/.test(line) ? { name: line, label: line } : undefined;
}

/**
 * The names of labels in Prisma and in GraphQL: `PG-13` is `PG_13`, and `2nd` is `value_2nd`. No two have one name, and a label that
 * is a name already keeps it.
 */
export function valueNames(labels: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set(labels.filter(isValue));
  return new Map(
    labels.map((label) => {
      if (isValue(label)) return [label, label];
      const words = label.replaceAll(/[^A-Za-z0-9_]+/g, '_');
      const plain = /^[A-Za-z]/.test(words) && isValue(words) ? words : `value_${words.replace(/^_+/, '')}`;
      const name = unusedName(plain, (one) => taken.has(one), '_');
      taken.add(name);
      return [label, name];
    }),
  );
}

/** Whether a label is a name in Prisma and in GraphQL, where three words are no value of an enum. */
function isValue(label: string): boolean {
  return /^[A-Za-z][A-Za-z0-9_]*$/.test(label) && !['true', 'false', 'null'].includes(label);
}

/**
 * The attributes of a field of an enum, with the new names of its values in the default.
 *
 * @param label the label that the database has as the default.
 */
export function enumAttributes({ attributes }: Field, { values }: Enum, label: string | undefined): string {
  const names = valueNames(values.map((value) => value.label));
  const called = (name: string) => values.filter((value) => value.name === name);
  return attributes
    .replace(
      /@default\((?:\[([^\]"]*)\]|([^()"[\]]*))\)/,
      (_all, list: string | undefined, name: string | undefined) => {
        if (name !== undefined) {
          const [only, ...others] = called(name);
          const meant = label ?? (others.length === 0 ? only?.label : undefined);
          return meant !== undefined && names.has(meant) ? `@default(${names.get(meant)})` : '';
        }
        const each = (list ?? '').split(', ').filter(Boolean).map(called);
        // Without a default, its inserts leave the column out, and the database has one.
        if (each.some(({ length }) => length !== 1)) return '@default(dbgenerated())';
        return `@default([${each.map(([one]) => names.get(one?.label ?? '')).join(', ')}])`;
      },
    )
    .trim();
}
