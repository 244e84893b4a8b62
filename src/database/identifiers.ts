/** A name in SQL. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text in SQL, for statements that take no parameters. */
export function quotedText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/**
 * Whether PostgreSQL takes this name of a schema as it is, everywhere: longer names it would cut, `$user` is another schema for each
 * user in `search_path`, and two `$` could end the body of a function that a migration creates.
 */
export function isSchemaName(name: string): boolean {
  return /^[^,"\0]+$/.test(name) && !/^\$user$|\$.*\$/s.test(name) && Buffer.byteLength(name) <= 63;
}

/** What `isSchemaName` asks for. */
export const EXPECTED_SCHEMA = 'expected the name of one schema: at most 63 bytes, with at most one $';

export interface TableName {
  /** null: the table is found by the search path, in which Gatehouse's own schema comes first. */
  readonly schema: string | null;
  readonly table: string;
}

/** A table's name in SQL. */
export function quotedTable({ schema, table }: TableName): string {
  return schema === null ? quoted(table) : `${quoted(schema)}.${quoted(table)}`;
}
