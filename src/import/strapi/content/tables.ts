import type { Query } from '../../../database/open.ts';
import { quoted } from '../../../graphql/content-type/sql/statement.ts';

interface TableName {
  readonly schema: string | null;
  readonly table: string;
}

/** A table's name in SQL. */
export function inSql({ schema, table }: TableName): string {
  return schema === null ? quoted(table) : `${quoted(schema)}.${quoted(table)}`;
}

export async function isEmptyTable(query: Query, table: TableName): Promise<boolean> {
  const [row] = await query<{ found: boolean }>(`SELECT EXISTS (SELECT 1 FROM ${inSql(table)}) AS found`, []);
  return row?.found === false;
}
