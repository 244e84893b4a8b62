import type { GeneratedColumn, GeneratedModel, GeneratedRelation, Models } from '../../database/models.ts';

/** The columns that link the rows of two tables, seen from the first table. */
export type Link =
  /** A foreign key in this table. */
  | { readonly kind: 'here'; readonly pairs: Pairs }
  /** A foreign key in the other table. */
  | { readonly kind: 'there'; readonly pairs: Pairs }
  /**
   * Prisma's join table, or a view: `here` is the column that references this row by its column `hereId`, `there` the one that
   * references the other row by its column `thereId`.
   */
  | {
      readonly kind: 'between';
      readonly schema: string | null;
      readonly table: string;
      readonly here: string;
      readonly there: string;
      readonly hereId: string;
      readonly thereId: string;
    };

/** The columns of a foreign key, of which there is at least one. */
export type Pairs = readonly [Pair, ...Pair[]];

export interface Pair {
  /** A column of the foreign key, and its name in the model. */
  readonly column: string;
  readonly field: string;
  /** Whether it can be null: a row whose key has a null is related to nothing. */
  readonly nullable: boolean;
  /** Whether it belongs to more than this relation: to another one, or to the primary key. */
  readonly shared: boolean;
  /** The column that it refers to. */
  readonly references: string;
}

/** The link of a relation of a model. */
export function linkOf(models: Models['byName'], model: string, name: string, relation: GeneratedRelation): Link {
  const { through, type: target } = relation;
  const ids = { hereId: idOf(models, model), thereId: idOf(models, target) };
  if (through)
    return { kind: 'between', schema: null, table: through.view, here: through.here, there: through.there, ...ids };
  const here = pairsOf(models, { from: model, to: target }, relation);
  if (here) return { kind: 'here', pairs: here };
  const [otherName, other] = otherSide(models, model, name, relation);
  const there = pairsOf(models, { from: target, to: model }, other);
  if (there) return { kind: 'there', pairs: there };
  // Prisma's rule: A is the model that comes first in the alphabet, or, within one model, the relation that does.
  const first = model === target ? name < otherName : model < target;
  const table = `_${relation.relation}`;
  const columns = first ? { here: 'A', there: 'B' } : { here: 'B', there: 'A' };
  const schema = models[first ? model : target]?.schema ?? null;
  return { kind: 'between', schema, table, ...columns, ...ids };
}

/** Undefined for the side of a relation that has no foreign key. */
function pairsOf(
  models: Models['byName'],
  { from, to }: { readonly from: string; readonly to: string },
  relation: GeneratedRelation,
): Pairs | undefined {
  const [first, ...more] = relation.from.map((field, index): Pair => {
    const { column, required } = columnOf(models, from, field);
    const references = columnOf(models, to, relation.to[index] ?? '').column;
    return { column, field, nullable: !required, shared: isShared(models[from], relation, field), references };
  });
  return first && [first, ...more];
}

function isShared(model: GeneratedModel | undefined, { relation }: GeneratedRelation, name: string): boolean {
  const others = Object.values(model?.fields ?? {}).some(
    (field) => field.kind === 'object' && field.relation !== relation && field.from.includes(name),
  );
  return others || model?.key.includes(name) === true;
}

/** The column that a join table references: Prisma has them only between models with one `@id`. */
function idOf(models: Models['byName'], model: string): string {
  const [id = 'id'] = models[model]?.key ?? [];
  const field = models[model]?.fields[id];
  return field && field.kind !== 'object' ? field.column : id;
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

function columnOf(models: Models['byName'], model: string, name: string): GeneratedColumn {
  const field = models[model]?.fields[name];
  if (!field || field.kind === 'object')
    throw new Error(`${model} has no column ${name} in prisma/schema/content.prisma`);
  return field;
}
