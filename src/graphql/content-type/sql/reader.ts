import type { Viewer } from '../../../authentication/viewer.ts';
import type { Clock } from '../../../common/clock.ts';
import type { Database } from '../../../database/open.ts';
import type { ContentType } from '../content-type.ts';
import type { Rows } from '../filter.ts';
import { bound, variableValuesOf } from '../rules/variables.ts';
import type { ConnectionPlan, ListPlan, RowPlan } from './plan.ts';
import { createReadBudgets, type ReadBudget } from './read-budget.ts';
import { LoadedConnection, type LoadedRow, type RawConnection, type RawRow, rowsOf } from './rows.ts';
import { selectByKey, selectConnection, selectList } from './select.ts';
import { Statement } from './statement.ts';

/** Whose operation a read belongs to: the values of variables are theirs. The context of an operation is one. */
export interface Operation {
  readonly viewer: Viewer;
}

/**
 * Reads rows together with their selected relations, in one statement per call. `operation` is the context of the
 * operation: all its reads share one budget of bytes, and the database sends nothing beyond it.
 */
export interface Reader {
  list(operation: Operation, allowed: Rows, plan: ListPlan): Promise<LoadedRow[]>;
  connection(operation: Operation, allowed: Rows, plan: ConnectionPlan): Promise<LoadedConnection>;
  /** The rows with these keys, in any order. */
  byKey(
    operation: Operation,
    allowed: Rows & { readonly type: ContentType },
    plan: RowPlan,
    key: 'id' | 'documentId',
    values: readonly (number | string)[],
  ): Promise<LoadedRow[]>;
  /** The same in a transaction, with the same budgets. */
  within(query: Database['query']): Reader;
  /** Runs a `SELECT` of one JSON text named "json". Not counted in the budget: its result is not part of an answer. */
  json(operation: Operation, write: (statement: Statement) => string): Promise<unknown>;
}

/** `maxBytes` is the budget of one operation. */
export function createReader(
  { query, foldCase }: Pick<Database, 'query' | 'foldCase'>,
  maxBytes: number,
  clock: Clock,
): Reader {
  return readerOf(query, { foldCase, clock, budgetOf: createReadBudgets(maxBytes) });
}

interface Shared {
  readonly foldCase: Database['foldCase'];
  readonly clock: Clock;
  readonly budgetOf: (operation: object) => ReadBudget;
}

function readerOf(query: Database['query'], shared: Shared): Reader {
  const { foldCase, clock, budgetOf } = shared;

  function send(operation: Operation, sql: string, { values }: Statement) {
    return query(sql, bound(values, variableValuesOf(operation.viewer, clock())));
  }

  async function json(operation: Operation, write: (statement: Statement) => string): Promise<unknown> {
    const statement = new Statement(foldCase);
    const sql = write(statement);
    const [row] = await send(operation, sql, statement);
    return JSON.parse(row?.['json'] as string); // every statement selects one text named "json"
  }

  async function jsonWithin(operation: Operation, write: (statement: Statement) => string): Promise<unknown> {
    const budget = budgetOf(operation);
    budget.spend(0);
    const statement = new Statement(foldCase);
    const sql = unlessTooLong(budget, statement, write(statement));
    const [row] = await send(operation, sql, statement).catch((error: unknown) => {
      if (isTooLongText(error)) budget.spend(Number.POSITIVE_INFINITY);
      throw error;
    });
    const text = row?.['json'] as string | null; // null if it exceeds the budget
    budget.spend(text === null ? Number.POSITIVE_INFINITY : Buffer.byteLength(text));
    return JSON.parse(text ?? 'null');
  }

  // The statements below return JSON of these types (select.ts builds both).
  return {
    async list(operation, allowed, { query, row }) {
      const raw = await jsonWithin(operation, (statement) => selectList(statement, allowed, query, row));
      return rowsOf(row, raw as RawRow[]);
    },
    async connection(operation, allowed, plan) {
      const raw = await jsonWithin(operation, (statement) => selectConnection(statement, allowed, plan));
      return new LoadedConnection(plan, raw as RawConnection);
    },
    async byKey(operation, allowed, plan, key, values) {
      const raw = await jsonWithin(operation, (statement) => selectByKey(statement, allowed, plan, key, values));
      return rowsOf(plan, raw as RawRow[]);
    },
    json,
    within: (inTransaction) => readerOf(inTransaction, shared),
  };
}

/** Returns null instead of a text that exceeds the budget. `OFFSET 0` keeps PostgreSQL from evaluating it twice. */
function unlessTooLong({ left }: ReadBudget, statement: Statement, select: string): string {
  const max = statement.value(left, 'int8');
  return `SELECT CASE WHEN octet_length("json") <= ${max} THEN "json" END AS "json" FROM (${select} OFFSET 0) "answer"`;
}

/** The text exceeds PostgreSQL's own limit of 1 GB (program_limit_exceeded). */
function isTooLongText(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '54000';
}
