import type { ListQuery, Related, When } from '../filter.ts';
import type { Column } from '../model.ts';
import type { Readable } from '../readable.ts';

/** The fields to load for each row of a type, by response name. The id is always loaded. */
export interface RowPlan {
  readonly readable: Readable;
  readonly fields: ReadonlyMap<string, PlannedField>;
}

export interface PlannedField {
  /** Its position in the row that the database returns, from 1. */
  readonly position: number;
  readonly plan: FieldPlan;
}

export type FieldPlan =
  | { readonly kind: 'column'; readonly column: Column; readonly when: When }
  | { readonly kind: 'one'; readonly to: Related; readonly row: RowPlan }
  | { readonly kind: 'many'; readonly to: Related; readonly list: ListPlan }
  | { readonly kind: 'connection'; readonly to: Related; readonly connection: ConnectionPlan }
  /** Nothing that the viewer can read: it is refused where it is asked for. */
  | { readonly kind: 'refused'; readonly action: string };

/** The rows of a list, and the fields to load for each. */
export interface ListPlan {
  readonly query: ListQuery;
  readonly row: RowPlan;
}

/** The rows of a connection: the fields to load for each `nodes`, by response name, and whether to count the rows. */
export interface ConnectionPlan {
  readonly query: ListQuery;
  readonly nodes: ReadonlyMap<string, RowPlan>;
  readonly counted: boolean;
}

/** Assigns positions to fields. A column selected under several aliases is loaded once. */
export function rowPlan(readable: Readable, fields: Iterable<readonly [name: string, plan: FieldPlan]>): RowPlan {
  const planned = new Map<string, PlannedField>();
  const columns = new Map<string, number>();
  let last = 0;
  for (const [name, plan] of fields) {
    if (plan.kind === 'refused') {
      planned.set(name, { position: 0, plan });
      continue;
    }
    const column = plan.kind === 'column' ? plan.column.name : undefined;
    const before = column === undefined ? undefined : columns.get(column);
    const position = before ?? ++last;
    if (column !== undefined) columns.set(column, position);
    planned.set(name, { position, plan });
  }
  return { readable, fields: planned };
}
