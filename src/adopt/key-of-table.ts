import { keyTypeOf } from '../graphql/content-type/key.ts';
import type { Field, Table } from './introspected.ts';

/** The columns of a table that its documentIds can be made of, as the introspection names them. */
export interface TableKey {
  readonly fields: readonly string[];
  /** Whether it is the primary key, which a content type takes by itself. */
  readonly isPrimary: boolean;
}

/** The primary key if documentIds can be made of it, else the first unique columns of which they can; undefined: of none. */
export function keyOfTable(table: Table): TableKey | undefined {
  const canBePart = (name: string) => table.fields.some((field) => field.name === name && isKeyColumn(field));
  return keysOf(table).find((key) => key.fields.every(canBePart));
}

/** The columns of the primary key, or of the first unique ones of a table without it, that no documentId can be made of. */
export function unfitIn(table: Table): readonly string[] {
  const names = keysOf(table)[0]?.fields ?? [];
  return table.fields.filter((field) => names.includes(field.name) && !isKeyColumn(field)).map(({ column }) => column);
}

/** Whatever tells its rows apart, the primary key first. */
function keysOf({ fields, attributes }: Table): TableKey[] {
  return [
    ...together(attributes, 'id').map((names) => ({ fields: names, isPrimary: true })),
    ...alone(fields, 'id').map((name) => ({ fields: [name], isPrimary: true })),
    ...alone(fields, 'unique').map((name) => ({ fields: [name], isPrimary: false })),
    ...together(attributes, 'unique').map((names) => ({ fields: names, isPrimary: false })),
  ];
}

function alone(fields: readonly Field[], attribute: 'id' | 'unique'): string[] {
  return fields.filter(({ attributes }) => new RegExp(`@${attribute}\\b`).test(attributes)).map(({ name }) => name);
}

/** `@@unique([a, b(sort: Desc)], map: "name")`: its columns. */
function together(attributes: readonly string[], attribute: 'id' | 'unique'): string[][] {
  return attributes.flatMap((one) => {
    const list = new RegExp(`^@@${attribute}\\(\\[((?:[^\\]"]|"(?:[^"\\\\]|\\\\.)*")*)\\]`).exec(one)?.[1];
    return list === undefined ? [] : [list.split(/,\s*/).map((name) => name.replace(/\(.*/, ''))];
  });
}

function isKeyColumn({ type, arity, attributes }: Field): boolean {
  const native = /@db\.(\w+)/.exec(attributes)?.[1] ?? null;
  return arity === '' && keyTypeOf({ kind: 'scalar', type, native, list: false }) !== undefined;
}
