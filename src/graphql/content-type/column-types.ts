import type { GeneratedColumn } from '../../database/models.ts';
import { LIST_OPERATORS, OPERATORS, type Operator } from './filter.ts';
import type { Column } from './model.ts';

/** How a column is called in GraphQL, and the SQL type that it is compared as. Of a list: its elements. */
export interface ColumnType {
  readonly type: string;
  readonly sqlType: string;
}

/**
 * The Prisma scalars that have a matching GraphQL scalar, and the SQL types they are compared as. Strings are always
 * compared as text, so that an invalid value (for a uuid column, for example) matches nothing instead of failing.
 */
const TYPES: Readonly<Record<string, ColumnType>> = {
  String: { type: 'String', sqlType: 'text' },
  Int: { type: 'Int', sqlType: 'int4' },
  Float: { type: 'Float', sqlType: 'float8' },
  Boolean: { type: 'Boolean', sqlType: 'boolean' },
  DateTime: { type: 'DateTime', sqlType: 'timestamp' },
  Decimal: { type: 'Decimal', sqlType: 'numeric' },
  BigInt: { type: 'Long', sqlType: 'int8' },
  Json: { type: 'JSON', sqlType: 'jsonb' },
  Bytes: { type: 'Bytes', sqlType: 'bytea' },
};

const NATIVE_TYPES: Readonly<Record<string, ColumnType | undefined>> = {
  Citext: { type: 'String', sqlType: 'citext' },
  Real: { type: 'Float', sqlType: 'float4' },
  Timestamptz: { type: 'DateTime', sqlType: 'timestamptz' },
  Timestamp: { type: 'DateTime', sqlType: 'timestamp' },
  Date: { type: 'Date', sqlType: 'date' },
  Time: { type: 'Time', sqlType: 'time' },
  Timetz: { type: 'Time', sqlType: 'timetz' },
};

/** Prisma's scalars of which not every native type is known: another one would be compared as what it is not. */
const KNOWN_NATIVE_TYPES: Readonly<Record<string, readonly string[] | undefined>> = {
  DateTime: ['Timestamptz', 'Timestamp', 'Date', 'Time', 'Timetz'],
  Decimal: ['Decimal'], // money is written in the way of the session
};

/** The type of a column; undefined for one that content types do not support. */
export function columnTypeOf({ kind, type, native, list }: GeneratedColumn): ColumnType | undefined {
  if (kind === 'enum') return { type, sqlType: 'text' }; // sorted alphabetically, not in the order of declaration
  if (kind !== 'scalar' || !Object.hasOwn(TYPES, type)) return undefined;
  if (native !== null && KNOWN_NATIVE_TYPES[type]?.includes(native) === false) return undefined;
  if (list && native === 'Timetz') return undefined;
  return (native === null ? undefined : NATIVE_TYPES[native]) ?? TYPES[type];
}

/** The scalars that every schema with content types has filters for. The others come with a column of their type. */
export const USUAL_SCALARS: readonly string[] = ['ID', 'String', 'Int', 'Float', 'Boolean', 'DateTime'];

type Typed = Pick<Column, 'type' | 'list' | 'values' | 'stored'>;

/** What a column can be compared by. `notNull` and `not` are translated, and go with every column. */
export function operatorsOf(column: Typed): readonly Operator[] {
  if (column.list) return column.type === 'JSON' ? ['isEmpty', 'null'] : LIST_OPERATORS;
  if (column.values) return column.stored ? EQUAL : OPERATORS;
  return OWN_OPERATORS[column.type] ?? OPERATORS;
}

/** The operators of a column in the filters of clients: those that make sense for an enum. */
export function filterOperatorsOf(column: Typed): readonly Operator[] {
  return column.values && !column.list ? EQUAL : operatorsOf(column);
}

const EQUAL: readonly Operator[] = ['eq', 'ne', 'in', 'notIn', 'null'];

/** Of scalars that Strapi does not have, or whose values contain no others. */
const OWN_OPERATORS: Readonly<Record<string, readonly Operator[] | undefined>> = {
  Decimal: ['eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'in', 'notIn', 'between', 'null'],
  Bytes: EQUAL,
  JSON: ['eq', 'ne', 'contains', 'hasKey', 'null'],
};

/** Whether rows can be sorted by a column: JSON, bytes and lists have no order that means something. */
export function isSortable({ type, list }: Pick<Column, 'type' | 'list'>): boolean {
  return !list && type !== 'JSON' && type !== 'Bytes';
}

/** The name of the input type that a column is filtered by: `StringFilterInput`, `PostKindFilterInput`, `IntListFilterInput`. */
export function filterNameOf({ type, list }: Pick<Column, 'type' | 'list'>): string {
  return `${type}${list ? 'List' : ''}FilterInput`;
}
