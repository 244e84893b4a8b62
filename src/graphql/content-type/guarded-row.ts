import type { Readable } from './readable.ts';
import type { Row } from './row.ts';

/** What the server knows of a row that code of the project got from `content`. */
export interface GuardedRow {
  /** Its id, or its documentId where the rows of the type have no id. */
  readonly id: number | string;
  /** What of it the viewer can read. */
  readonly readable: Readable;
}

/** Kept apart from the rows, so that no name of a column is taken, and a row that is copied is a row like any other. */
const guardedRows = new WeakMap<Row, GuardedRow>();

/** The row, so that a field which returns it shows of it what the viewer can read, and nothing else. */
export function guardRow<R extends Row>(row: R, guarded: GuardedRow): R {
  guardedRows.set(row, guarded);
  return row;
}

export function guardedRowOf(row: Row): GuardedRow | undefined {
  return guardedRows.get(row);
}
