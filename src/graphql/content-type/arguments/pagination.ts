import type { Fault } from '../../../common/errors.ts';
import { MAX_ROWS, type MaxRows } from '../../operation/cost.ts';
import type { Page } from '../filter.ts';

/** The `pagination` argument, as the client sends it. */
export interface PaginationArgument {
  readonly page?: number | null | undefined;
  readonly pageSize?: number | null | undefined;
  readonly start?: number | null | undefined;
  readonly limit?: number | null | undefined;
}

const DEFAULT_SIZE = 10;
/** `limit: -1` requests the maximum page size. */
const NO_LIMIT = -1;
/** A GraphQL Int has 32 bits: the offset of the next row, and its page number, must fit in it. */
const MAX_SKIP = 2 ** 31 - 2;

/**
 * Parses `pagination`: `page` and `pageSize`, or `start` and `limit`. The default is the first ten rows.
 *
 * @param largest the maximum page size.
 * @returns the page, and a validation error for each value out of range, or one if both forms are used.
 */
export function readPagination(
  argument: PaginationArgument | null | undefined,
  largest: number,
): { readonly page: Page; readonly faults: readonly Fault[] } {
  const { page, pageSize, start, limit } = argument ?? {};
  const faults: Fault[] = [];
  const fault = (name: string, message: string) => faults.push({ path: ['pagination', name], message });

  const numbered = page != null || pageSize != null;
  if (numbered && (start != null || limit != null)) {
    const message = 'pagination takes page and pageSize, or start and limit, not both';
    return { page: { skip: 0, take: 0 }, faults: [{ path: ['pagination'], message }] };
  }
  if (page != null && page < 1) fault('page', 'page must be at least 1');
  if (start != null && start < 0) fault('start', 'start must be at least 0');
  const size = numbered ? pageSize : limit;
  const sizeName = numbered ? 'pageSize' : 'limit';
  const maximum = !numbered && size === NO_LIMIT;
  if (size != null && !maximum && size < 1) fault(sizeName, `${sizeName} must be at least 1`);
  if (size != null && size > largest) fault(sizeName, `${sizeName} must be at most ${largest}`);

  const take = maximum ? largest : (size ?? Math.min(DEFAULT_SIZE, largest));
  const skip = numbered ? ((page ?? 1) - 1) * take : (start ?? 0);
  if (skip > MAX_SKIP) fault(numbered ? 'page' : 'start', `${numbered ? 'page' : 'start'} is out of range`);
  return { page: { skip, take }, faults };
}

/** Field extensions of a list: the maximum number of rows it returns. */
export function maxRows(largest: number): { readonly [MAX_ROWS]: MaxRows } {
  return {
    [MAX_ROWS]: ({ pagination }: { readonly pagination?: PaginationArgument }) =>
      Math.min(readPagination(pagination, largest).page.take, largest),
  };
}

/** The `pageInfo` of a page, given the number of rows on all pages. */
export function pageInfoOf({ skip, take }: Page, total: number): PageInfo {
  return { total, page: Math.floor(skip / take) + 1, pageSize: take, pageCount: Math.ceil(total / take) };
}

/** The GraphQL type `Pagination`. */
export interface PageInfo {
  /** The number of rows on all pages. */
  readonly total: number;
  /** From 1. */
  readonly page: number;
  readonly pageSize: number;
  readonly pageCount: number;
}
