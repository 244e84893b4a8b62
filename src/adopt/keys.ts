import { keyTypeOf } from '../graphql/content-type/key.ts';
import { type Field, nativeTypeOf, type Table } from './introspected.ts';

/** The columns of a table that a documentId is made of. */
export type TableKey =
  /** `isPrimary`: the content type does not have to name them. */
  { readonly fields: readonly string[]; readonly isPrimary: boolean } | { readonly fault: string };

/** The primary key where it is of types that a key can have, or another unique column. */
export function keyOfTable({ fields, attributes }: Table): TableKey {
  const listed = (attribute: string) =>
    attributes
      .flatMap((line) => new RegExp(`^@@${attribute}\\(\\[([^\\]()]*)\\]`).exec(line)?.[1] ?? [])
      .map((list) => list.split(', '));
  const single = (attribute: RegExp) =>
    fields.filter((one) => attribute.test(one.attributes)).map(({ name }) => [name]);
  const [primary] = [...single(/@id\b/), ...listed('id')];
  const uniques = [...single(/@unique\b/), ...listed('unique')];
  const isPossible = (names: readonly string[]) =>
    names.every((name) => fields.some((field) => field.name === name && isPart(field)));
  if (primary && isPossible(primary)) return { fields: primary, isPrimary: true };
  const other = uniques.find(isPossible);
  if (other) return { fields: other, isPrimary: false };
  const wrong = (primary ?? uniques[0] ?? []).flatMap((name) =>
    fields.filter((one) => one.name === name && !isPart(one)),
  );
  const columns = wrong.map(({ column }) => column).join(' and ');
  return {
    fault: `has a key of ${columns || 'columns that Prisma cannot read'}, and keys are made of Int, BigInt, String and UUID columns`,
  };
}

function isPart(field: Field): boolean {
  const { type, arity } = field;
  return arity === '' && keyTypeOf({ kind: 'scalar', type, native: nativeTypeOf(field), list: false }) !== undefined;
}
