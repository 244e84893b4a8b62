import type { Database } from '../../../database/open.ts';
import type { ConnectionPlan, ListPlan, Readable, RowPlan } from './plan.ts';
import { LoadedConnection, type LoadedRow, type RawConnection, type RawRow, rowsOf } from './rows.ts';
import { selectByKey, selectConnection, selectList } from './select.ts';
import { Statement } from './statement.ts';

/** Reads rows with everything that an answer needs of them and of what they are related to, in one statement each. */
export interface Reader {
  list(readable: Readable, plan: ListPlan): Promise<LoadedRow[]>;
  connection(readable: Readable, plan: ConnectionPlan): Promise<LoadedConnection>;
  /** The rows with these values in a unique column, in no order. */
  byKey(
    readable: Readable,
    plan: RowPlan,
    key: 'id' | 'documentId',
    values: readonly (number | string)[],
  ): Promise<LoadedRow[]>;
  /** What a `SELECT` of one JSON text, named "json", answers. */
  json(write: (statement: Statement) => string): Promise<unknown>;
}

export function createReader({ query, foldCase }: Pick<Database, 'query' | 'foldCase'>): Reader {
  async function json(write: (statement: Statement) => string): Promise<unknown> {
    const statement = new Statement(foldCase);
    const sql = write(statement);
    const [row] = await query(sql, statement.values);
    return JSON.parse(row?.['json'] as string);
  }

  return {
    async list(readable, { query, row }) {
      const raw = await json((statement) => selectList(statement, readable, query, row));
      return rowsOf(row, raw as RawRow[]);
    },
    async connection(readable, plan) {
      const raw = await json((statement) => selectConnection(statement, readable, plan));
      return new LoadedConnection(plan, raw as RawConnection);
    },
    async byKey(readable, plan, key, values) {
      const raw = await json((statement) => selectByKey(statement, readable, plan, key, values));
      return rowsOf(plan, raw as RawRow[]);
    },
    json,
  };
}
