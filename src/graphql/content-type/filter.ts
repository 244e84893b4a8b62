import type { ContentType } from './content-type.ts';
import type { Column, Relation } from './model.ts';

/** Which rows of a content type, in a form that was checked: what `filters` says, and what a permission's rule says. */
export type Filter =
  | { readonly kind: 'all' | 'any'; readonly of: readonly Filter[] }
  | { readonly kind: 'not'; readonly of: Filter }
  | { readonly kind: 'compare'; readonly column: Column; readonly operator: Operator; readonly value: unknown }
  /** The related row, or any of the related rows, passes a filter. */
  | { readonly kind: 'related'; readonly to: Related; readonly of: Filter }
  /** There is no related row. */
  | { readonly kind: 'unrelated'; readonly to: Related };

/** The rows at the other end of a relation, as far as the viewer may find them. */
export interface Related {
  readonly relation: Relation;
  readonly target: ContentType;
  readonly rule: Filter | undefined;
}

/** `null` takes true for "holds nothing" and false for "holds something". */
export type Operator = (typeof OPERATORS)[number];

/** What a column can be compared by, under Strapi's names; `notNull` and `not` are made of these. */
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

/** In which order rows come: by a column, of the row or of what relations to one lead to. */
export interface SortKey {
  readonly through: readonly Related[];
  readonly column: Column;
  readonly direction: 'ASC' | 'DESC';
}

/** Which rows: how many to pass over, and how many to take. */
export interface Page {
  readonly skip: number;
  readonly take: number;
}

/** What a list was asked for. */
export interface ListQuery {
  readonly filter: Filter | undefined;
  readonly sort: readonly SortKey[];
  readonly page: Page;
}

/** All of them, or undefined for none to pass. */
export function allOf(filters: readonly (Filter | undefined)[]): Filter | undefined {
  const of = filters.filter((filter) => filter !== undefined);
  return of.length > 1 ? { kind: 'all', of } : of[0];
}
