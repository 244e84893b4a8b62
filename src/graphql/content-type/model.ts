import type { PrismaModelTypes } from '@pothos/plugin-prisma';
import type {
  GeneratedColumn,
  GeneratedDefault,
  GeneratedField,
  GeneratedModel,
  GeneratedRelation,
  Models,
} from '../../database/models.ts';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import { type ColumnRules, rulesOf } from './column-rules.ts';
import { type Link, linkOf } from './link.ts';

/** The types that Pothos generates for a model. */
export interface ModelTypes {
  readonly Shape: object;
  readonly Relations: object;
}
/** The same, for any model. */
export interface AnyModelTypes extends ModelTypes {
  readonly Shape: Readonly<Record<string, unknown>>;
  readonly Relations: Readonly<Record<string, unknown>>;
}
/** The columns of a model, without its relations. */
export type ColumnOf<Model extends ModelTypes> = keyof Model['Shape'] & string;
/** The relations of a model. */
export type RelationOf<Model extends ModelTypes> = keyof Model['Relations'] & string;

/** A column, as the API sees it. */
export interface Column {
  readonly kind: 'column';
  readonly name: string;
  /** Its name in the database. */
  readonly column: string;
  /** Its GraphQL type: the name of a scalar or an enum. `ID` for the documentId. */
  readonly type: string;
  /** The values of an enum. */
  readonly values: readonly string[] | undefined;
  /** The SQL type used for comparisons. */
  readonly sqlType: string;
  readonly required: boolean;
  readonly hasDefault: boolean;
  /** Unique on its own. */
  readonly unique: boolean;
  /** Unique on its own or together with other columns, so that a write can fail because of another row. */
  readonly inUniqueConstraint: boolean;
  readonly rules: ColumnRules;
}

/** A to-one or to-many relation. */
export interface Relation {
  readonly kind: 'relation';
  readonly name: string;
  readonly target: string;
  readonly many: boolean;
  readonly required: boolean;
  /** The relation is one-to-one, and this side has the foreign key. */
  readonly unique: boolean;
  readonly inUniqueConstraint: boolean;
  readonly link: Link;
}

export type Member = Column | Relation;

/** Whether a column's type is a scalar, not an enum. */
export function isScalar(type: string): boolean {
  return type === 'ID' || Object.hasOwn(SQL_TYPES, type);
}

/**
 * The Prisma scalars that have a matching GraphQL scalar, and the SQL types they are compared as. Strings are always
 * compared as text, so that an invalid value (for a uuid column, for example) matches nothing instead of failing.
 */
const SQL_TYPES = { String: 'text', Int: 'int4', Float: 'float8', Boolean: 'boolean', DateTime: 'timestamp' };

const NATIVE_TYPES: Readonly<Record<string, string | undefined>> = {
  Real: 'float4',
  Timestamptz: 'timestamptz',
  Timestamp: 'timestamp',
  Date: 'timestamp', // a date is compared as its midnight
};

/** Undefined for a type that content types do not support. */
function sqlTypeOf({ kind, type, native }: GeneratedColumn): string | undefined {
  if (kind === 'enum') return 'text'; // sorted alphabetically, not in the order of declaration
  if (kind !== 'scalar' || !Object.hasOwn(SQL_TYPES, type)) return undefined;
  const known = SQL_TYPES[type as keyof typeof SQL_TYPES]; // checked above
  if (native === null) return known;
  if (type === 'DateTime') return NATIVE_TYPES[native];
  return NATIVE_TYPES[native] ?? known;
}

/** A model and its table. */
export interface Table {
  readonly model: string;
  readonly table: { readonly schema: string | null; readonly table: string };
}

/** The table of a model in the database. */
export function tableOf(models: Models, model: string): { readonly schema: string | null; readonly table: string } {
  const { schema, table } = generatedModel(models, model);
  return { schema, table };
}

/**
 * Looks up columns and relations of a model by name.
 *
 * @throws Error for an unknown name, and for a type that content types do not support (Json, Bytes, Decimal, BigInt, lists).
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
 * Checks that a model has the keys of a content type: `id Int @id` and `documentId String @unique`.
 *
 * @throws Error if it does not.
 */
export function checkKeys(models: Models, model: string): void {
  const { key, fields } = generatedModel(models, model);
  const { id, documentId } = fields;
  const hasId = key.length === 1 && key[0] === 'id' && id?.kind === 'scalar' && id.type === 'Int' && id.column === 'id';
  const hasDocumentId = documentId?.kind === 'scalar' && documentId.type === 'String' && documentId.unique;
  if (!hasId || !hasDocumentId) {
    throw new Error(`${model} cannot be a content type: its model needs id Int @id and documentId String @unique`);
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
      `${model}.${name} is of type ${type}, which contentType() does not support. Expose it with plain Pothos`,
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
    inUniqueConstraint: isInUniqueConstraint(models, model, name),
    rules: rulesOf(`${model}.${name}`, field, rules ?? {}),
  };
}

function relation(models: Models, model: string, name: string, field: GeneratedRelation): Relation {
  const { type: target, list: many, required } = field;
  const link = linkOf(models.byName, model, name, field);
  const key = link.kind === 'here' ? generatedModel(models, model).fields[link.field] : undefined;
  const unique = key !== undefined && key.kind !== 'object' && key.unique;
  const inUniqueConstraint = link.kind === 'here' && isInUniqueConstraint(models, model, link.field);
  return { kind: 'relation', name, target, many, required, unique, inUniqueConstraint, link };
}

function isInUniqueConstraint(models: Models, model: string, name: string): boolean {
  return uniqueConstraintsOf(models, model).some((fields) => fields.some((field) => field.name === name));
}

/** The unique constraints of a model: the fields of each, and their columns in the database. */
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

/** A column that the server sets where a write does not. */
export interface GeneratedValue {
  readonly column: string;
  readonly value: GeneratedDefault;
  /** In a new row, or in each that is written: `@updatedAt`. */
  readonly on: 'create' | 'write';
}

/** The columns of a model that the server sets, also those that no content type exposes. */
export function generatedValuesOf(models: Models, model: string): readonly GeneratedValue[] {
  return Object.values(generatedModel(models, model).fields).flatMap((field): GeneratedValue[] => {
    if (field.kind === 'object') return [];
    const { column, updatedAt, generated } = field;
    if (updatedAt) return [{ column, value: { by: 'now', number: null }, on: 'write' }];
    return generated ? [{ column, value: generated, on: 'create' }] : [];
  });
}

/** Enums with `@map` are not supported: every filter would have to translate their values. */
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

/** A row, as resolvers pass it on: its id, and the columns loaded with it. */
export interface Row {
  readonly id: number;
}

/** The Prisma method that content mutations use, for any model. */
export interface ModelClient {
  update(query: object): Promise<Row>;
}

/** The delegate of one model, of a Prisma client or a transaction. */
export function clientFor(prisma: Pick<PrismaClient, never>, model: string): ModelClient {
  const name = lowerFirst(model);
  // Prisma has a type for each model; content types handle all models alike, and their names are checked at start.
  return (prisma as unknown as Readonly<Record<string, ModelClient>>)[name] as ModelClient;
}

/** `SiteSetting` → `siteSetting`. */
export function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

/** A model without static types of its columns, as content types use it with Pothos. */
export interface AnyModel extends PrismaModelTypes {
  Name: string;
  Shape: Row;
  Select: Record<string, unknown>;
  Where: Record<string, unknown>;
}
