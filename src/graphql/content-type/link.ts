import type { GeneratedRelation, Models } from '../../database/models.ts';

/** Which columns tie the rows of two tables together, seen from the first. */
export type Link =
  /** A column of this table names the other's row; `field` is what the model calls it. */
  | { readonly kind: 'here'; readonly column: string; readonly field: string; readonly references: string }
  /** A column of the other table names this one's row. */
  | { readonly kind: 'there'; readonly column: string; readonly references: string }
  /** A table between the two, which Prisma keeps by itself: the column that names this row, and that which names the other. */
  | { readonly kind: 'between'; readonly table: string; readonly here: 'A' | 'B'; readonly there: 'A' | 'B' };

/**
 * The link of a relation of a model.
 *
 * @throws an Error at start for a relation over several columns.
 */
export function linkOf(models: Models['byName'], model: string, name: string, relation: GeneratedRelation): Link {
  const [from] = relation.from;
  const [to] = relation.to;
  if (from !== undefined && to !== undefined) {
    checkSingle(model, name, relation);
    return {
      kind: 'here',
      column: columnOf(models, model, from),
      field: from,
      references: columnOf(models, relation.type, to),
    };
  }
  const [otherName, other] = otherSide(models, model, name, relation);
  const [theirs] = other.from;
  const [ours] = other.to;
  if (theirs !== undefined && ours !== undefined) {
    checkSingle(relation.type, otherName, other);
    return {
      kind: 'there',
      column: columnOf(models, relation.type, theirs),
      references: columnOf(models, model, ours),
    };
  }
  // The model that comes first in the alphabet is A; of two relations of one model, the one that does.
  const first = model === relation.type ? name < otherName : model < relation.type;
  const table = `_${relation.relation}`;
  return first ? { kind: 'between', table, here: 'A', there: 'B' } : { kind: 'between', table, here: 'B', there: 'A' };
}

function checkSingle(model: string, name: string, { from }: GeneratedRelation): void {
  if (from.length > 1) {
    throw new Error(`${model}.${name} goes over several columns, which contentType() does not know`);
  }
}

/** Every relation is declared on both of its models. */
function otherSide(
  models: Models['byName'],
  model: string,
  name: string,
  { type, relation }: GeneratedRelation,
): [string, GeneratedRelation] {
  for (const [otherName, field] of Object.entries(models[type]?.fields ?? {})) {
    if (field.kind === 'object' && field.relation === relation && !(type === model && otherName === name)) {
      return [otherName, field];
    }
  }
  throw new Error(`${model}.${name} has no other side in prisma/schema/content.prisma`);
}

function columnOf(models: Models['byName'], model: string, name: string): string {
  const field = models[model]?.fields[name];
  if (!field || field.kind === 'object')
    throw new Error(`${model} has no column ${name} in prisma/schema/content.prisma`);
  return field.column;
}
