import type { Column, Relation, Table } from './model.ts';

/** A validated filter on the rows of a table: from `filters`, or from the grants of a permission. */
export type Filter =
  | { readonly kind: 'all' | 'any'; readonly of: readonly Filter[] }
  | { readonly kind: 'not'; readonly of: Filter }
  /** `value` can be a Variable, or have some in a list. `when`: in other rows the column is read as null. */
  | {
      readonly kind: 'compare';
      readonly column: Column;
      readonly operator: Operator;
      readonly value: unknown;
      readonly when: When;
    }
  /** No row matches. */
  | { readonly kind: 'none' }
  /** The related row, or any of the related rows, matches a filter. */
  | { readonly kind: 'related'; readonly to: Related; readonly of: Filter }
  /** There is no related row. */
  | { readonly kind: 'unrelated'; readonly to: Related };

/** Rows of a table: all, or those that match a rule. */
export interface Rows {
  readonly type: Table;
  readonly rule: Filter | undefined;
  /**
   * Conditions that decide what can be read of a row. They are evaluated where the rows are read, so that a cell depends on
   * them by their number. Undefined for a number that nothing depends on.
   */
  readonly gates: readonly (Filter | undefined)[];
}

/** In which rows a column or a relation can be read: in all, or where one of the gates with these numbers is true. */
export type When = 'always' | readonly number[];

/** The related rows that the viewer can find. */
export interface Related {
  readonly relation: Relation;
  readonly to: Rows;
  /** In which rows the relation can be read: the others have no related rows for the viewer. */
  readonly when: When;
}

/** The value of `null` is true for "is null" and false for "is not null". */
export type Operator = (typeof OPERATORS)[number] | (typeof LIST_OPERATORS)[number] | 'hasKey';

/** The operators of columns, with Strapi's names. `notNull` and `not` are translated into these. */
export const OPERATORS = [
  'eq',
  'eqi',
  'ne',
  'nei',
  'gt',
  'gte',
  'lt',
  'lte',
  'in',
  'notIn',
  'contains',
  'containsi',
  'notContains',
  'notContainsi',
  'startsWith',
  'endsWith',
  'between',
  'null',
] as const;

/** The operators of columns that are lists. */
export const LIST_OPERATORS = ['eq', 'ne', 'has', 'hasSome', 'hasEvery', 'isEmpty', 'null'] as const;

/** Those that take a list of values. */
export const TAKE_LISTS: readonly string[] = ['in', 'notIn', 'between', 'hasSome', 'hasEvery'];

/** Sorts by a column of the row, or of a row related to it through to-one relations. */
export interface SortKey {
  readonly through: readonly Related[];
  readonly column: Column;
  readonly when: When;
  readonly direction: 'ASC' | 'DESC';
}

/** The offset and size of a page, in rows. */
export interface Page {
  readonly skip: number;
  readonly take: number;
}

/** The validated arguments of a list. */
export interface ListQuery {
  readonly filter: Filter | undefined;
  readonly sort: readonly SortKey[];
  readonly page: Page;
}

/** Combines filters with AND; undefined if there are none. */
export function allOf(filters: readonly (Filter | undefined)[]): Filter | undefined {
  const of = filters.filter((filter) => filter !== undefined);
  return of.length > 1 ? { kind: 'all', of } : of[0];
}

/** Combines filters with OR: undefined, which is every row, if one of them is. None: no row. */
export function anyOf(filters: readonly (Filter | undefined)[]): Filter | undefined {
  const of: Filter[] = [];
  for (const filter of filters) {
    if (!filter) return undefined;
    of.push(filter);
  }
  return of.length > 1 ? { kind: 'any', of } : (of[0] ?? { kind: 'none' });
}
