import type { GeneratedRelation, Models } from '../../database/models.ts';

/** The columns that link the rows of two tables, seen from the first table. */
export type Link =
  /** A foreign key in this table; `field` is its name in the model. */
  | { readonly kind: 'here'; readonly column: string; readonly field: string; readonly references: string }
  /** A foreign key in the other table. */
  | { readonly kind: 'there'; readonly column: string; readonly references: string }
  /** Prisma's join table, or a view: `here` is the column that references this row, `there` the one that references the other. */
  | { readonly kind: 'between'; readonly table: string; readonly here: string; readonly there: string };

/**
 * The link of a relation of a model.
 *
 * @throws Error for a relation over several columns.
 */
export function linkOf(models: Models['byName'], model: string, name: string, relation: GeneratedRelation): Link {
  const { through } = relation;
  if (through) return { kind: 'between', table: through.view, here: through.here, there: through.there };
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
  // Prisma's rule: A is the model that comes first in the alphabet, or, within one model, the relation that does.
  const first = model === relation.type ? name < otherName : model < relation.type;
  const table = `_${relation.relation}`;
  return first ? { kind: 'between', table, here: 'A', there: 'B' } : { kind: 'between', table, here: 'B', there: 'A' };
}

function checkSingle(model: string, name: string, { from }: GeneratedRelation): void {
  if (from.length > 1) {
    throw new Error(
      `${model}.${name} spans several columns, which contentType() does not support. Expose it with plain Pothos`,
    );
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
  throw new Error(`${model}.${name} has no opposite relation in prisma/schema/content.prisma`);
}

function columnOf(models: Models['byName'], model: string, name: string): string {
  const field = models[model]?.fields[name];
  if (!field || field.kind === 'object')
    throw new Error(`${model} has no column ${name} in prisma/schema/content.prisma`);
  return field.column;
}
