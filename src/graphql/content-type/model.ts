import type { PrismaModelTypes } from '@pothos/plugin-prisma';
import type {
  GeneratedColumn,
  GeneratedField,
  GeneratedModel,
  GeneratedRelation,
  Models,
} from '../../database/models.ts';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import { type ColumnRules, rulesOf } from './column-rules.ts';
import { type Link, linkOf } from './link.ts';

/** What Pothos' generator says of a model. */
export interface ModelTypes {
  readonly Shape: object;
  readonly Relations: object;
}
/** Of any model. */
export interface AnyModelTypes extends ModelTypes {
  readonly Shape: Readonly<Record<string, unknown>>;
  readonly Relations: Readonly<Record<string, unknown>>;
}
/** The columns of a model, without its relations. */
export type ColumnOf<Model extends ModelTypes> = keyof Model['Shape'] & string;
/** The relations of a model. */
export type RelationOf<Model extends ModelTypes> = keyof Model['Relations'] & string;

/** One column, as far as an API needs to know it. */
export interface Column {
  readonly kind: 'column';
  readonly name: string;
  /** What the database calls it. */
  readonly column: string;
  /** The GraphQL type: a scalar, or an enum by its name. `ID` for the documentId. */
  readonly type: string;
  /** What it can be, where its type is an enum. */
  readonly values: readonly string[] | undefined;
  /** The type in which SQL compares it. */
  readonly sqlType: string;
  readonly required: boolean;
  readonly hasDefault: boolean;
  /** No two rows have the same value in it. */
  readonly unique: boolean;
  /** Whether a write can fail because another row has its value: it is unique, by itself or together with others. */
  readonly contested: boolean;
  readonly rules: ColumnRules;
}

/** One relation, to one row or to many of another model. */
export interface Relation {
  readonly kind: 'relation';
  readonly name: string;
  readonly target: string;
  readonly many: boolean;
  readonly required: boolean;
  /** No two rows lead to the same one: the relation is one to one, and this side holds the key. */
  readonly unique: boolean;
  readonly contested: boolean;
  readonly link: Link;
}

export type Member = Column | Relation;

/** Whether a column's type is a scalar, and not an enum of the schema's own. */
export function isScalar(type: string): boolean {
  return type === 'ID' || Object.hasOwn(SQL_TYPES, type);
}

/**
 * The scalars of Prisma that have a GraphQL scalar of the same meaning, and the type in which SQL compares them. Texts are
 * compared as text whatever they are kept as, so that a value of the wrong form (for a uuid, say) finds nothing, and is no
 * error.
 */
const SQL_TYPES = { String: 'text', Int: 'int4', Float: 'float8', Boolean: 'boolean', DateTime: 'timestamp' };

const NATIVE_TYPES: Readonly<Record<string, string | undefined>> = {
  Real: 'float4',
  Timestamptz: 'timestamptz',
  Timestamp: 'timestamp',
  Date: 'timestamp', // a day is compared as its first moment
};

/** Undefined for a type that has no place in the API by itself. */
function sqlTypeOf({ kind, type, native }: GeneratedColumn): string | undefined {
  if (kind === 'enum') return 'text'; // in the order of the alphabet, and not of the declaration
  if (kind !== 'scalar' || !Object.hasOwn(SQL_TYPES, type)) return undefined;
  const known = SQL_TYPES[type as keyof typeof SQL_TYPES];
  if (native === null) return known;
  if (type === 'DateTime') return NATIVE_TYPES[native];
  return NATIVE_TYPES[native] ?? known;
}

/** The table of a model, as SQL names it. */
export function tableOf(models: Models, model: string): { readonly schema: string | null; readonly table: string } {
  const { schema, table } = generatedModel(models, model);
  return { schema, table };
}

/**
 * The named columns and relations of a model.
 *
 * @throws an Error at start for a column whose type has no place in the API by itself (Json, Bytes, Decimal, BigInt, lists).
 */
export function membersOf(
  models: Models,
  model: string,
  names: readonly string[],
  rules: Readonly<Record<string, ColumnRules | undefined>>,
): readonly Member[] {
  const { fields } = generatedModel(models, model);
  return names.map((name) => {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (!field) {
      throw new Error(
        `${model} has no column or relation ${name} in prisma/schema/content.prisma: ${Object.keys(fields).join(', ')}`,
      );
    }
    return field.kind === 'object'
      ? relation(models, model, name, field)
      : column(models, model, name, field, Object.hasOwn(rules, name) ? rules[name] : undefined);
  });
}

/**
 * Checks that a model has the keys that the content layer finds rows by: `id Int @id` and `documentId String @unique`.
 *
 * @throws an Error at start when it does not.
 */
export function checkKeys(models: Models, model: string): void {
  const { key, fields } = generatedModel(models, model);
  const { id, documentId } = fields;
  const hasId = key.length === 1 && key[0] === 'id' && id?.kind === 'scalar' && id.type === 'Int' && id.column === 'id';
  const hasDocumentId = documentId?.kind === 'scalar' && documentId.type === 'String' && documentId.unique;
  if (!hasId || !hasDocumentId) {
    throw new Error(`${model} is no content type: its model needs id Int @id and documentId String @unique`);
  }
}

function column(
  models: Models,
  model: string,
  name: string,
  field: GeneratedColumn,
  rules: ColumnRules | undefined,
): Column {
  const { list, required, hasDefault, unique } = field;
  const sqlType = sqlTypeOf(field);
  if (list || sqlType === undefined || hasMappedValues(models, field.type)) {
    const type = `${field.type}${list ? '[]' : ''}${field.native ? ` @db.${field.native}` : ''}`;
    throw new Error(
      `${model}.${name} is of type ${type}, which contentType() does not know: expose it with plain Pothos`,
    );
  }
  return {
    kind: 'column',
    name,
    column: field.column,
    type: name === 'documentId' ? 'ID' : field.type,
    values: field.kind === 'enum' ? Object.keys(models.enums[field.type] ?? {}) : undefined,
    sqlType,
    required,
    hasDefault,
    unique,
    contested: isContested(models, model, name),
    rules: rulesOf(`${model}.${name}`, field, rules ?? {}),
  };
}

function relation(models: Models, model: string, name: string, field: GeneratedRelation): Relation {
  const { type: target, list: many, required } = field;
  const link = linkOf(models.byName, model, name, field);
  const key = link.kind === 'here' ? generatedModel(models, model).fields[link.field] : undefined;
  const unique = key !== undefined && key.kind !== 'object' && key.unique;
  const contested = link.kind === 'here' && isContested(models, model, link.field);
  return { kind: 'relation', name, target, many, required, unique, contested, link };
}

function isContested(models: Models, model: string, name: string): boolean {
  return uniqueConstraintsOf(models, model).some((fields) => fields.some((field) => field.name === name));
}

/** The fields of each unique constraint of a model, and what the database calls their columns. */
export function uniqueConstraintsOf(models: Models, model: string): readonly (readonly UniqueField[])[] {
  const { fields, uniqueTogether } = generatedModel(models, model);
  const columns = Object.entries(fields).flatMap(([name, field]) =>
    field.kind === 'object' ? [] : [{ name, column: field.column, unique: field.unique }],
  );
  const alone = columns.filter(({ unique }) => unique).map((field) => [field]);
  return [
    ...alone,
    ...uniqueTogether.map((names) => names.flatMap((wanted) => columns.filter(({ name }) => name === wanted))),
  ];
}

export interface UniqueField {
  readonly name: string;
  readonly column: string;
}

/** An enum whose values the database calls by other names (`@map`) would have to be translated in every filter. */
function hasMappedValues({ enums }: Models, type: string): boolean {
  return Object.entries(enums[type] ?? {}).some(([value, kept]) => value !== kept);
}

function generatedModel({ byName }: Models, name: string): GeneratedModel {
  const model = Object.hasOwn(byName, name) ? byName[name] : undefined;
  if (!model) throw new Error(`There is no model ${name} in prisma/schema/content.prisma`);
  return model;
}

/** The columns and relations of a model; undefined when there is no such model. */
export function fieldsOf({ byName }: Models, model: string): Readonly<Record<string, GeneratedField>> | undefined {
  return Object.hasOwn(byName, model) ? byName[model]?.fields : undefined;
}

/** A row, as a query selected it. */
export type Row = Readonly<Record<string, unknown>>;

/** What the content resolvers ask of Prisma, for whichever model. */
export interface ModelClient {
  create(query: object): Promise<Row>;
  update(query: object): Promise<Row>;
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
