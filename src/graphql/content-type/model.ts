import type { PrismaModelTypes } from '@pothos/plugin-prisma';
import type PrismaTypes from '../../generated/pothos-types.ts';
import { getDatamodel } from '../../generated/pothos-types.ts';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import * as enums from '../../generated/prisma/enums.ts';

/** The models of `schema.prisma`, by name. */
export type ModelName = keyof PrismaTypes & string;
/** The columns of a model, without its relations. */
export type ColumnOf<M extends ModelName> = keyof PrismaTypes[M]['Shape'] & string;
/** The relations of a model. */
export type RelationOf<M extends ModelName> = keyof PrismaTypes[M]['Relations'] & string;

/** One column, as far as an API needs to know it. */
export interface Column {
  readonly kind: 'column';
  readonly name: string;
  /** The GraphQL type: a scalar, or an enum by its name. */
  readonly type: string;
  readonly required: boolean;
  readonly hasDefault: boolean;
  readonly unique: boolean;
}

/** One relation, to one row or to many of another model. */
export interface Relation {
  readonly kind: 'relation';
  readonly name: string;
  readonly target: string;
  readonly many: boolean;
  readonly required: boolean;
}

export type Member = Column | Relation;

/** Whether a column's type is a scalar, and not an enum of the schema's own. */
export function isScalar(type: string): boolean {
  return SCALARS.includes(type);
}

/** The scalars of Prisma that have a GraphQL scalar of the same meaning. */
const SCALARS = ['String', 'Int', 'Float', 'Boolean', 'DateTime'];

/**
 * The named columns and relations of a model.
 *
 * @throws an Error at start for a column whose type has no place in the API by itself (Json, Bytes, Decimal, BigInt, lists).
 */
export function membersOf(model: string, names: readonly string[]): readonly Member[] {
  const fields = getDatamodel().datamodel.models[model]?.fields ?? [];
  return names.map((name) => {
    const field = fields.find((candidate) => candidate.name === name);
    if (!field) throw new Error(`${model} has no column or relation ${name} in prisma/schema.prisma`);
    if (field.kind === 'object') {
      return { kind: 'relation', name, target: field.type, many: field.isList, required: field.isRequired };
    }
    if (field.isList || (field.kind === 'scalar' && !isScalar(field.type))) {
      const type = `${field.type}${field.isList ? '[]' : ''}`;
      throw new Error(
        `${model}.${name} is of type ${type}, which contentType() does not know: expose it with plain Pothos`,
      );
    }
    return {
      kind: 'column',
      name,
      type: field.type,
      required: field.isRequired,
      hasDefault: field.hasDefaultValue || field.isUpdatedAt === true,
      unique: field.isUnique,
    };
  });
}

/** The values of an enum of `schema.prisma`. */
export function enumValues(name: string): readonly string[] {
  const values = (enums as Readonly<Record<string, Readonly<Record<string, string>> | undefined>>)[name];
  if (!values) throw new Error(`There is no enum ${name} in prisma/schema.prisma`);
  return Object.values(values);
}

/** A row, as a query selected it. */
export type Row = Readonly<Record<string, unknown>>;

/** What the content resolvers ask of Prisma, for whichever model. */
export interface ModelClient {
  findMany(query: object): Promise<Row[]>;
  findFirst(query: object): Promise<Row | null>;
  create(query: object): Promise<Row>;
  update(query: object): Promise<Row>;
  upsert(query: object): Promise<Row>;
  deleteMany(query: object): Promise<{ readonly count: number }>;
}

/** The part of a client, or of a transaction, that speaks for one model. */
export function clientFor(prisma: Pick<PrismaClient, never>, model: string): ModelClient {
  const name = lowerFirst(model);
  // Prisma has a type of its own for each model; the content layer treats all alike, and checked the names at start.
  return (prisma as unknown as Readonly<Record<string, ModelClient>>)[name] as ModelClient;
}

/** `SiteSetting` → `siteSetting`. */
export function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

/** A model whose columns the type system does not know: what the content layer builds types for. */
export interface AnyModel extends PrismaModelTypes {
  Name: string;
  Shape: Record<string, unknown>;
  Select: Record<string, unknown>;
  Where: Record<string, unknown>;
}
