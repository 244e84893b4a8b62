import { ImportRefused } from '../source.ts';

/** The tables of a Strapi database, as one moment has them. */
export interface Tables {
  /** The columns of each table. Only what is in here can be read. */
  readonly catalogue: Catalogue;
  /** Rows of one table, a value for each column. */
  rows(selection: Selection): AsyncIterable<readonly unknown[]>;
  close(): Promise<void>;
}

export type Catalogue = ReadonlyMap<string, ReadonlySet<string>>;

export interface Selection {
  readonly table: string;
  readonly columns: readonly string[];
  /** Columns that the order follows. */
  readonly orderBy: readonly string[];
}

/** Tables and columns of a database, within what a project can have. */
export function catalogueOf(columns: Iterable<readonly [table: string, column: string]>): Catalogue {
  const catalogue = new Map<string, Set<string>>();
  let count = 0;
  for (const [table, column] of columns) {
    if (++count > MAXIMUM_COLUMNS) throw new ImportRefused(`The database has more than ${MAXIMUM_COLUMNS} columns.`);
    const ofTable = catalogue.get(table) ?? new Set();
    catalogue.set(table, ofTable.add(column));
  }
  return catalogue;
}

/** A project of 500 types has about 20,000. */
const MAXIMUM_COLUMNS = 200_000;

/** A value of any column has at most as much as a line of an archive. */
export const MAXIMUM_BYTES: number = 16 * 2 ** 20;

/** Reads a selection. Names come from schemas, which are data: each has to be in the catalogue, and is quoted. */
export function selectStatement(
  { table, columns, orderBy }: Selection,
  catalogue: Catalogue,
  { from = quoted(table), read = (column: string) => column } = {},
): string {
  const known = catalogue.get(table);
  if (!known || ![...columns, ...orderBy].every((column) => known.has(column)))
    throw new Error('A selection of what the catalogue does not have');
  const values = columns.map((column) => read(quoted(column))).join(', ');
  const order = orderBy.length > 0 ? ` ORDER BY ${orderBy.map(quoted).join(', ')}` : '';
  return `SELECT ${values} FROM ${from}${order}`;
}

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
