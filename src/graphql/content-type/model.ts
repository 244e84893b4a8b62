import type {
  GeneratedColumn,
  GeneratedDefault,
  GeneratedField,
  GeneratedModel,
  GeneratedRelation,
  Models,
} from '../../database/models.ts';
import { type ColumnRules, rulesOf } from './column-rules.ts';
import { columnTypeOf } from './column-types.ts';
import { hasNumericId, type Key } from './key.ts';
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
  /** Its GraphQL type: the name of a scalar or an enum. `ID` for the documentId. Of a list: its elements. */
  readonly type: string;
  readonly list: boolean;
  /** The values of an enum. */
  readonly values: readonly string[] | undefined;
  /** What the values of an enum with `@map` are called in the database. */
  readonly stored: ReadonlyMap<string, string> | undefined;
  /** The SQL type used for comparisons; of a list: its elements. */
  readonly sqlType: string;
  /** The digits of a Decimal before and after the point, as far as its type limits them. */
  readonly digits: DecimalDigits | undefined;
  readonly required: boolean;
  readonly hasDefault: boolean;
  /** Unique on its own. */
  readonly unique: boolean;
  /** Unique on its own or together with other columns, so that a write can fail because of another row. */
  readonly inUniqueConstraint: boolean;
  readonly rules: ColumnRules;
  /** Of a documentId that is not a text of its own in the table: the columns that it is made of. */
  readonly key?: Key | undefined;
}

/** Whether the value of a cell says that it is hidden from the viewer: no such column is null. JSON has a null of its own. */
export function isHidden({ required, type }: Pick<Column, 'required' | 'type'>, value: unknown): boolean {
  return value === null && required && type !== 'JSON';
}

export interface DecimalDigits {
  readonly before: number;
  readonly after: number;
  /** Whether the model says how many: then a value is answered with as many after the point. */
  readonly declared: boolean;
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

/** A model and its table. */
export interface Table {
  readonly model: string;
  readonly table: { readonly schema: string | null; readonly table: string };
  /** The columns by which statements tell its rows apart: `id`, or those of the key. */
  readonly rowKey: readonly string[];
}

/** The columns of a table by which statements tell its rows apart. */
export function rowKeyOf(models: Models, model: string, { parts }: Pick<Key, 'parts'>): readonly string[] {
  return hasNumericId(models, model) ? ['id'] : parts.map(({ column }) => column);
}

/** The table of a model in the database. */
export function tableOf(models: Models, model: string): { readonly schema: string | null; readonly table: string } {
  const { schema, table } = generatedModel(models, model);
  return { schema, table };
}

/**
 * Looks up columns and relations of a model by name.
 *
 * @throws Error for an unknown name, and for a type that content types do not support (`Unsupported`, money).
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

function column(
  models: Models,
  model: string,
  name: string,
  field: GeneratedColumn,
  rules: ColumnRules | undefined,
): Column {
  const { list, required, hasDefault, unique } = field;
  const type = columnTypeOf(field);
  if (type === undefined) {
    const written = `${field.type}${list ? '[]' : ''}${field.native ? ` @db.${field.native}` : ''}`;
    throw new Error(
      `${model}.${name} is of type ${written}, which contentType() does not support. Expose it with plain Pothos`,
    );
  }
  const values = field.kind === 'enum' ? (models.enums[field.type] ?? {}) : undefined;
  return {
    kind: 'column',
    name,
    column: field.column,
    type: name === 'documentId' ? 'ID' : type.type,
    list,
    values: values && Object.keys(values),
    stored: values && isMapped(values) ? new Map(Object.entries(values)) : undefined,
    sqlType: type.sqlType,
    digits: field.type === 'Decimal' ? digitsOf(field) : undefined,
    required: required && !list, // Prisma has no optional lists, but the database has them
    hasDefault,
    unique,
    inUniqueConstraint: isInUniqueConstraint(models, model, name),
    rules: rulesOf(`${model}.${name}`, field, rules ?? {}),
  };
}

function isMapped(values: Readonly<Record<string, string>>): boolean {
  return Object.entries(values).some(([value, kept]) => value !== kept);
}

/** Prisma's own decimal has 35 digits before the point and 30 after it; `@db.Decimal` without numbers has no limits. */
function digitsOf({ native, sizes }: GeneratedColumn): DecimalDigits | undefined {
  if (native === null) return { before: 35, after: 30, declared: false };
  if (sizes.length === 0) return undefined;
  const [precision = 0, scale = 0] = sizes.map(Number);
  return { before: precision - scale, after: scale, declared: true };
}

function relation(models: Models, model: string, name: string, field: GeneratedRelation): Relation {
  const { type: target, list: many, required } = field;
  const link = linkOf(models.byName, model, name, field);
  const keys = link.kind === 'here' ? link.pairs.map(({ field }) => field) : [];
  const constraints = keys.length > 0 ? uniqueConstraintsOf(models, model) : [];
  const unique = constraints.some(
    (fields) => fields.length === keys.length && fields.every((field) => keys.includes(field.name)),
  );
  const inUniqueConstraint = keys.some((key) => isInUniqueConstraint(models, model, key));
  return { kind: 'relation', name, target, many, required, unique, inUniqueConstraint, link };
}

function isInUniqueConstraint(models: Models, model: string, name: string): boolean {
  return uniqueConstraintsOf(models, model).some((fields) => fields.some((field) => field.name === name));
}

type UniqueConstraints = readonly (readonly UniqueField[])[];

/** Of each model once: every column is looked up in them. */
const uniqueConstraints = new WeakMap<GeneratedModel, UniqueConstraints>();

/** The unique constraints of a model: the fields of each, and their columns in the database. */
export function uniqueConstraintsOf(models: Models, name: string): UniqueConstraints {
  const model = generatedModel(models, name);
  const known = uniqueConstraints.get(model) ?? findUniqueConstraints(model);
  uniqueConstraints.set(model, known);
  return known;
}

function findUniqueConstraints({ key, fields, uniqueTogether }: GeneratedModel): UniqueConstraints {
  const together = key.length > 1 ? [key, ...uniqueTogether] : uniqueTogether;
  const columns = Object.entries(fields).flatMap(([name, field]) =>
    field.kind === 'object' ? [] : [{ name, column: field.column, unique: field.unique }],
  );
  const alone = columns.filter(({ unique }) => unique).map((field) => [field]);
  return [
    ...alone,
    ...together.map((names) => names.flatMap((wanted) => columns.filter(({ name }) => name === wanted))),
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

function generatedModel({ byName }: Models, name: string): GeneratedModel {
  const model = Object.hasOwn(byName, name) ? byName[name] : undefined;
  if (!model) throw new Error(`There is no model ${name} in prisma/schema/content.prisma`);
  return model;
}

/** The columns and relations of a model; undefined when there is no such model. */
export function fieldsOf({ byName }: Models, model: string): Readonly<Record<string, GeneratedField>> | undefined {
  return Object.hasOwn(byName, model) ? byName[model]?.fields : undefined;
}

/** `SiteSetting` → `siteSetting`. */
export function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
