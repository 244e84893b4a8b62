import type { ContentType } from '../content-type.ts';
import type { Filter, ListQuery, Related } from '../filter.ts';
import type { Column } from '../model.ts';

/** What to load of each row of a type, by the names that the answer gives it. The key is always loaded. */
export interface RowPlan {
  readonly type: ContentType;
  readonly fields: ReadonlyMap<string, PlannedField>;
}

export interface PlannedField {
  /** In the row as the database answers it, from 1. */
  readonly position: number;
  readonly plan: FieldPlan;
}

export type FieldPlan =
  | { readonly kind: 'column'; readonly column: Column }
  | { readonly kind: 'one'; readonly to: Related; readonly row: RowPlan }
  | { readonly kind: 'many'; readonly to: Related; readonly list: ListPlan }
  | { readonly kind: 'connection'; readonly to: Related; readonly connection: ConnectionPlan };

/** Which rows, and what to load of each. */
export interface ListPlan {
  readonly query: ListQuery;
  readonly row: RowPlan;
}

/** Which rows, and what to load of them: the rows themselves, once for each name the answer gives them, and their number. */
export interface ConnectionPlan {
  readonly query: ListQuery;
  readonly nodes: ReadonlyMap<string, RowPlan>;
  readonly counted: boolean;
}

/** The rows of a type that a permission lets through. */
export interface Readable {
  readonly type: ContentType;
  readonly rule: Filter | undefined;
}

/** Gives each field its position: a column has one, whatever the answer calls it and however often. */
export function rowPlan(type: ContentType, fields: Iterable<readonly [name: string, plan: FieldPlan]>): RowPlan {
  const planned = new Map<string, PlannedField>();
  const columns = new Map<string, number>();
  let last = 0;
  for (const [name, plan] of fields) {
    const column = plan.kind === 'column' ? plan.column.name : undefined;
    const before = column === undefined ? undefined : columns.get(column);
    const position = before ?? ++last;
    if (column !== undefined) columns.set(column, position);
    planned.set(name, { position, plan });
  }
  return { type, fields: planned };
}
