import type { RuleColumn } from '../authorization/rules.ts';
import type { LeadsIndex } from '../authorization/warnings.ts';
import type { Transaction } from './administration.ts';

/** Asks the database once which columns its indexes begin with. */
export async function readLeadingColumns(database: Pick<Transaction, '$queryRaw'>): Promise<LeadsIndex> {
  const rows = await database.$queryRaw<readonly Omit<RuleColumn, 'name'>[]>`
    SELECT CASE WHEN n.nspname = current_schema() THEN NULL ELSE n.nspname::text END AS "schema",
      c.relname::text AS "table", a.attname::text AS "column"
    FROM pg_index i
    JOIN pg_class c ON c.oid = i.indrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
    WHERE i.indisvalid AND n.nspname NOT IN ('pg_catalog', 'pg_toast')`;
  const leading = new Set(rows.map(keyOf));
  return (column) => leading.has(keyOf(column));
}

function keyOf({ schema, table, column }: Omit<RuleColumn, 'name'>): string {
  return JSON.stringify([schema, table, column]);
}
