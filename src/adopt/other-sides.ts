import { relationKeyOf, relationNameOf, type Table } from './introspected.ts';

/**
 * Makes lists of the other sides of relations whose keys are not unique. Prisma takes a key that is unique in some of the rows, by a
 * partial index, for one that leads back to one row.
 */
export function withOtherSides(tables: readonly Table[]): readonly Table[] {
  const many = tables.flatMap((table) =>
    table.fields
      .filter((field) => {
        const key = relationKeyOf(field);
        return key && !isUnique(table, key.fields);
      })
      .map((field) => ({ from: table.name, to: field.type, relation: relationNameOf(field) })),
  );
  return tables.map((table) => ({
    ...table,
    fields: table.fields.map((field) => {
      const isMany =
        field.arity === '?' &&
        !relationKeyOf(field) &&
        many.some((one) => one.from === field.type && one.to === table.name && one.relation === relationNameOf(field));
      return isMany ? { ...field, arity: '[]' as const } : field;
    }),
  }));
}

function isUnique({ fields, attributes }: Table, names: readonly string[]): boolean {
  const [only] = names;
  if (names.length === 1 && fields.some((one) => one.name === only && /@(?:id|unique)\b/.test(one.attributes)))
    return true;
  const sorted = names.toSorted().join();
  return attributes.some(
    (line) => /^@@(?:id|unique)\(\[([^\]()]*)\]/.exec(line)?.[1]?.split(', ').toSorted().join() === sorted,
  );
}
