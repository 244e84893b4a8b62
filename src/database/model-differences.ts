import { StartRefused } from '../common/start-refused.ts';
import { quotedTable } from './identifiers.ts';
import type { GeneratedColumn, GeneratedModel, Models } from './models.ts';
import type { Database } from './open.ts';

/** A difference between the models and the database, in words. */
export interface Difference {
  readonly text: string;
  /** Whether statements fail because of it. */
  readonly breaks: boolean;
}

/** The models differ from what the migrations create: statements would fail. */
export class ModelWithoutMigration extends StartRefused {
  constructor(differences: readonly Difference[]) {
    super(describeDifferences(differences));
  }
}

/** All differences in one line, and what to do. */
export function describeDifferences(differences: readonly Difference[]): string {
  const named = differences.slice(0, MAX_NAMED).map(({ text }) => text);
  const more = differences.length > MAX_NAMED ? [`${differences.length - MAX_NAMED} more`] : [];
  return `The database differs from prisma/schema/: ${[...named, ...more].join('; ')}. Create the missing migration: npm run migrate:new -- what-changed`;
}

const MAX_NAMED = 10;

/**
 * Compares the models with the tables of the database, in two statements. Defaults, foreign keys and indexes that are not
 * unique are not compared: the migration engine could, but takes longer than the rest of a start.
 */
export async function findModelDifferences({
  query,
  models: { byName, enums },
}: Pick<Database, 'query'> & { readonly models: Pick<Models, 'byName' | 'enums'> }): Promise<Difference[]> {
  const tables = Object.values(byName).map(quotedTable);
  const links = linkTables(byName);
  const columns = new Map<string, Map<string, DatabaseColumn>>();
  for (const row of await query<DatabaseColumn>(COLUMNS, [[...tables, ...links]])) {
    const table = columns.get(row.table) ?? new Map<string, DatabaseColumn>();
    columns.set(row.table, table.set(row.column, row));
  }
  const uniques = new Set<string>();
  for (const { table, columns } of await query<DatabaseUnique>(UNIQUES, [tables])) {
    uniques.add(`${table} ${columns.toSorted().join(' ')}`);
  }
  return [
    ...Object.entries(byName).flatMap(([name, model]) => {
      const there = columns.get(quotedTable(model));
      if (!there) return [{ text: `there is no table ${model.table} for ${name}`, breaks: true }];
      const differences = [...inColumns(name, model, there, enums), ...inUniques(name, model, uniques)];
      // The columns of a view can always be null, and none of them is unique.
      return model.view ? differences.filter(({ breaks }) => breaks) : differences;
    }),
    ...links.filter((link) => !columns.has(link)).map((link) => ({ text: `there is no table ${link}`, breaks: true })),
  ];
}

interface DatabaseColumn {
  readonly table: string;
  readonly column: string;
  /** PostgreSQL's name of the type, `varchar`, and its name with parameters, `character varying(80)`. */
  readonly type: string;
  readonly whole: string;
  readonly list: boolean;
  readonly required: boolean;
  readonly filled: boolean;
  /** The values of an enum. */
  readonly labels: readonly string[] | null;
}

interface DatabaseUnique {
  readonly table: string;
  readonly columns: readonly string[];
}

const COLUMNS = `
  SELECT t.name AS "table", a.attname::text AS "column", e.typname::text AS "type", y.typcategory = 'A' AS "list",
    CASE WHEN y.typtype = 'd' THEN format_type(y.typbasetype, y.typtypmod) ELSE format_type(a.atttypid, a.atttypmod) END AS "whole",
    a.attnotnull AS "required",
    a.atthasdef OR a.attidentity <> '' AS "filled",
    (SELECT array_agg(l.enumlabel::text) FROM pg_enum l WHERE l.enumtypid = e.oid) AS "labels"
  FROM unnest($1::text[]) AS t(name)
    JOIN pg_attribute a ON a.attrelid = to_regclass(t.name) AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_type y ON y.oid = a.atttypid
    JOIN pg_type n ON n.oid = CASE WHEN y.typcategory = 'A' THEN y.typelem ELSE y.oid END
    -- A domain is of the type that it restricts.
    JOIN pg_type e ON e.oid = CASE WHEN n.typtype = 'd' THEN n.typbasetype ELSE n.oid END`;

/** Unique indexes over all rows and over plain columns. */
const UNIQUES = `
  SELECT t.name AS "table", array_agg(a.attname::text) AS "columns"
  FROM unnest($1::text[]) AS t(name)
    JOIN pg_index i ON i.indrelid = to_regclass(t.name) AND i.indisunique AND i.indisvalid AND i.indpred IS NULL
    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
  WHERE i.indexprs IS NULL
  GROUP BY t.name, i.indexrelid`;

function inColumns(
  name: string,
  model: GeneratedModel,
  there: ReadonlyMap<string, DatabaseColumn>,
  enums: Models['enums'],
): Difference[] {
  const known = new Set<string>(model.unsupported);
  const differences = Object.entries(model.fields).flatMap(([field, column]): Difference[] => {
    if (column.kind === 'object') return [];
    known.add(column.column);
    return inColumn(`${name}.${field}`, column, there.get(column.column), enums);
  });
  const more = [...there.values()].filter(({ column }) => !known.has(column));
  return [
    ...differences,
    ...more.map(({ column, required, filled }) => ({
      text: `${model.table}.${column} is in the database only${required && !filled ? ', and has to have a value' : ''}`,
      breaks: false,
    })),
  ];
}

function inColumn(
  name: string,
  column: GeneratedColumn,
  there: DatabaseColumn | undefined,
  enums: Models['enums'],
): Difference[] {
  if (!there) return [{ text: `${name} is not in the database`, breaks: true }];
  if (!isOfType(column, there)) {
    const type = `${column.type}${column.native ? ` @db.${column.native}` : ''}${column.list ? '[]' : ''}`;
    return [{ text: `${name} is ${type}, and ${there.whole} in the database`, breaks: true }];
  }
  if (column.kind === 'enum') {
    const missing = Object.values(enums[column.type] ?? {}).filter((value) => !there.labels?.includes(value));
    return missing.map((value) => ({ text: `the value ${value} of ${name} is not in the database`, breaks: true }));
  }
  // For Prisma a list is never null, whatever the database holds.
  if (column.list || column.required === there.required) return [];
  return [
    {
      text: `${name} ${there.required ? 'may be null, and may not in' : 'is required, and may be null in'} the database`,
      breaks: false,
    },
  ];
}

function inUniques(
  name: string,
  { fields, uniqueTogether, key, table, schema }: GeneratedModel,
  uniques: ReadonlySet<string>,
) {
  const columnOf = (field: string) => {
    const column = fields[field];
    return column && column.kind !== 'object' ? column.column : field;
  };
  const alone = Object.entries(fields).flatMap(([field, column]) =>
    column.kind !== 'object' && column.unique ? [[field]] : [],
  );
  return [...alone, ...uniqueTogether, ...(key.length > 1 ? [key] : [])]
    .filter((wanted) => !uniques.has(`${quotedTable({ table, schema })} ${wanted.map(columnOf).toSorted().join(' ')}`))
    .map((wanted) => ({ text: `${name}.${wanted.join(' and ')} is unique, and not in the database`, breaks: false }));
}

/** The PostgreSQL types of each Prisma scalar: the default, and those that `@db.` can choose. */
const TYPES: Readonly<Record<string, string | undefined>> = {
  String: 'text',
  Int: 'int4',
  BigInt: 'int8',
  Float: 'float8',
  Decimal: 'numeric',
  Boolean: 'bool',
  DateTime: 'timestamp',
  Json: 'jsonb',
  Bytes: 'bytea',
};
const NATIVE_TYPES: Readonly<Record<string, string | undefined>> = {
  Char: 'bpchar',
  Integer: 'int4',
  SmallInt: 'int2',
  Real: 'float4',
  DoublePrecision: 'float8',
  Decimal: 'numeric',
  BigInt: 'int8',
  Boolean: 'bool',
};

function isOfType({ kind, type, native, sizes, list }: GeneratedColumn, there: DatabaseColumn): boolean {
  if (kind === 'unsupported') return true; // statements do not use it
  if (list !== there.list) return false;
  if (kind === 'enum') return there.labels !== null;
  const wanted = native === null ? TYPES[type] : (NATIVE_TYPES[native] ?? native.toLowerCase());
  if (wanted !== there.type) return false;
  if (sizes.length === 0 || there.whole.includes(`(${sizes.join(',')})`)) return true;
  // A time without a precision has the greatest one, and Prisma's introspection writes it.
  return /^time/.test(there.type) && sizes.join() === '6' && !there.whole.includes('(');
}

/** The tables that Prisma creates for many-to-many relations. */
function linkTables(of: Readonly<Record<string, GeneratedModel>>): string[] {
  const links = Object.entries(of).flatMap(([name, { fields }]) =>
    Object.values(fields).flatMap((field) => {
      if (field.kind !== 'object' || !field.list || field.through) return [];
      const other = Object.values(of[field.type]?.fields ?? {}).filter(
        (one) => one.kind === 'object' && one.relation === field.relation,
      );
      const schema = of[joinTableOf(name, field.type)]?.schema ?? null;
      return other.every((one) => one.list) ? [quotedTable({ schema, table: `_${field.relation}` })] : [];
    }),
  );
  return [...new Set(links)];
}

/** The model whose schema a join table is in: of the two, that which comes first in the alphabet. */
function joinTableOf(one: string, other: string): string {
  return one < other ? one : other;
}
