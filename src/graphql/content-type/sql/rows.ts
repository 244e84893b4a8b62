import { type PageInfo, pageInfoOf } from '../arguments/pagination.ts';
import { answeredValue } from '../column-values.ts';
import type { Readable } from '../readable.ts';
import type { ConnectionPlan, FieldPlan, RowPlan } from './plan.ts';

/** A row as the database returns it: its id and fields, by position. The casts below follow the plan of each field. */
export type RawRow = Readonly<Record<string, unknown>>;
export interface RawConnection {
  readonly total: number | null;
  readonly nodes: readonly (readonly RawRow[])[];
}

/** A row with its selected fields. Plain Pothos fields see a row with an `id`. */
export class LoadedRow {
  /** The documentId, where the rows of the type have no numeric id. */
  readonly id: number | string;
  readonly #plan: RowPlan;
  readonly #raw: RawRow;

  constructor(plan: RowPlan, raw: RawRow) {
    this.id = raw['0'] as number | string;
    this.#plan = plan;
    this.#raw = raw;
  }

  /** What of it the viewer can read. */
  get readable(): Readable {
    return this.#plan.readable;
  }

  has(name: string): boolean {
    return this.#plan.fields.has(name);
  }

  /** The action that the viewer lacks for the field with this response name; undefined for one that they can read. */
  refused(name: string): string | undefined {
    const plan = this.#plan.fields.get(name)?.plan;
    return plan?.kind === 'refused' ? plan.action : undefined;
  }

  /** The value with this response name: a column's value, a row, a list of rows or a connection. */
  get(name: string): unknown {
    const field = this.#plan.fields.get(name);
    if (!field) throw new Error(`${name} was not loaded`);
    return answered(field.plan, this.#raw[field.position]);
  }
}

/** The rows of a page, and their number on all pages. */
export class LoadedConnection {
  readonly #plan: ConnectionPlan;
  readonly #raw: RawConnection;

  constructor(plan: ConnectionPlan, raw: RawConnection) {
    this.#plan = plan;
    this.#raw = raw;
  }

  nodes(name: string): LoadedRow[] {
    let position = 0;
    for (const [field, plan] of this.#plan.nodes) {
      if (field === name) return rowsOf(plan, this.#raw.nodes[position] ?? []);
      position++;
    }
    throw new Error(`${name} was not loaded`);
  }

  get pageInfo(): PageInfo {
    if (this.#raw.total === null) throw new Error('The rows were not counted');
    return pageInfoOf(this.#plan.query.page, this.#raw.total);
  }
}

export function rowsOf(plan: RowPlan, raw: readonly RawRow[]): LoadedRow[] {
  return raw.map((row) => new LoadedRow(plan, row));
}

function answered(plan: FieldPlan, raw: unknown): unknown {
  switch (plan.kind) {
    case 'column':
      return answeredValue(plan.column, raw);
    case 'one':
      return raw === null ? null : new LoadedRow(plan.row, raw as RawRow);
    case 'many':
      return rowsOf(plan.list.row, raw as readonly RawRow[]);
    case 'refused':
      throw new Error('A refused field was not loaded');
    case 'connection':
      return new LoadedConnection(plan.connection, raw as RawConnection);
  }
}
