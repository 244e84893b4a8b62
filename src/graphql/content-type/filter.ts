import type { ContentType } from './content-type.ts';
import type { Column, Relation } from './model.ts';

/** A validated filter on the rows of a content type: from `filters`, or from the rule of a permission. */
export type Filter =
  | { readonly kind: 'all' | 'any'; readonly of: readonly Filter[] }
  | { readonly kind: 'not'; readonly of: Filter }
  | { readonly kind: 'compare'; readonly column: Column; readonly operator: Operator; readonly value: unknown }
  /** The related row, or any of the related rows, matches a filter. */
  | { readonly kind: 'related'; readonly to: Related; readonly of: Filter }
  /** There is no related row. */
  | { readonly kind: 'unrelated'; readonly to: Related };

/** The related rows that the viewer can find. */
export interface Related {
  readonly relation: Relation;
  readonly target: ContentType;
  readonly rule: Filter | undefined;
}

/** The value of `null` is true for "is null" and false for "is not null". */
export type Operator = (typeof OPERATORS)[number];

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

/** Sorts by a column of the row, or of a row related to it through to-one relations. */
export interface SortKey {
  readonly through: readonly Related[];
  readonly column: Column;
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
