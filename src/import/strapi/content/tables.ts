import { quotedTable, type TableName } from '../../../database/identifiers.ts';
import type { Query } from '../../../database/open.ts';

export async function isEmptyTable(query: Query, table: TableName): Promise<boolean> {
  const [row] = await query<{ found: boolean }>(`SELECT EXISTS (SELECT 1 FROM ${quotedTable(table)}) AS found`, []);
  return row?.found === false;
}
