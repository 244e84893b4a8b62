import type { Database } from '../../../database/open.ts';
import type { ConnectionPlan, ListPlan, Readable, RowPlan } from './plan.ts';
import { createReadBudgets, type ReadBudget } from './read-budget.ts';
import { LoadedConnection, type LoadedRow, type RawConnection, type RawRow, rowsOf } from './rows.ts';
import { selectByKey, selectConnection, selectList } from './select.ts';
import { Statement } from './statement.ts';

/**
 * Reads rows with everything that an answer needs of them and of what they are related to, in one statement each. What all of
 * them read for one operation, which is known by its context, has a bound: beyond it the database sends nothing.
 */
export interface Reader {
  list(operation: object, readable: Readable, plan: ListPlan): Promise<LoadedRow[]>;
  connection(operation: object, readable: Readable, plan: ConnectionPlan): Promise<LoadedConnection>;
  /** The rows with these values in a unique column, in no order. */
  byKey(
    operation: object,
    readable: Readable,
    plan: RowPlan,
    key: 'id' | 'documentId',
    values: readonly (number | string)[],
  ): Promise<LoadedRow[]>;
  /** What a `SELECT` of one JSON text, named "json", answers, for what is no part of an answer. */
  json(write: (statement: Statement) => string): Promise<unknown>;
}

/** Reads at most so many bytes for one operation. */
export function createReader({ query, foldCase }: Pick<Database, 'query' | 'foldCase'>, mostBytes: number): Reader {
  const budgetOf = createReadBudgets(mostBytes);

  async function json(write: (statement: Statement) => string): Promise<unknown> {
    const statement = new Statement(foldCase);
    const sql = write(statement);
    const [row] = await query(sql, statement.values);
    return JSON.parse(row?.['json'] as string);
  }

  async function jsonWithin(operation: object, write: (statement: Statement) => string): Promise<unknown> {
    const budget = budgetOf(operation);
    budget.spend(0);
    const statement = new Statement(foldCase);
    const sql = within(budget, statement, write(statement));
    const [row] = await query(sql, statement.values).catch((error: unknown) => {
      if (isTooLongText(error)) budget.spend(Number.POSITIVE_INFINITY);
      throw error;
    });
    const text = row?.['json'] as string | null;
    budget.spend(text === null ? Number.POSITIVE_INFINITY : Buffer.byteLength(text));
    return JSON.parse(text ?? 'null');
  }

  return {
    async list(operation, readable, { query, row }) {
      const raw = await jsonWithin(operation, (statement) => selectList(statement, readable, query, row));
      return rowsOf(row, raw as RawRow[]);
    },
    async connection(operation, readable, plan) {
      const raw = await jsonWithin(operation, (statement) => selectConnection(statement, readable, plan));
      return new LoadedConnection(plan, raw as RawConnection);
    },
    async byKey(operation, readable, plan, key, values) {
      const raw = await jsonWithin(operation, (statement) => selectByKey(statement, readable, plan, key, values));
      return rowsOf(plan, raw as RawRow[]);
    },
    json,
  };
}

/** The same answer, or null where it is longer than what is left. `OFFSET 0` keeps the database from working it out twice. */
function within({ left }: ReadBudget, statement: Statement, select: string): string {
  const most = statement.value(left, 'int8');
  return `SELECT CASE WHEN octet_length("json") <= ${most} THEN "json" END AS "json" FROM (${select} OFFSET 0) "answer"`;
}

/** A text that PostgreSQL itself cannot hold, of a gigabyte (program_limit_exceeded). */
function isTooLongText(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '54000';
}
