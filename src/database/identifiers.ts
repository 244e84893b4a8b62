/** A name in SQL. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export interface TableName {
  /** null: the table is found by the search path, in which Gatehouse's own schema comes first. */
  readonly schema: string | null;
  readonly table: string;
}

/** A table's name in SQL. */
export function quotedTable({ schema, table }: TableName): string {
  return schema === null ? quoted(table) : `${quoted(schema)}.${quoted(table)}`;
}
