import type { InputRef } from '@pothos/core';
import { invalidInput } from '../../../common/errors.ts';
import type { ContentType } from '../content-type.ts';
import { allOf, type ListQuery } from '../filter.ts';
import { type Reach, readFilters } from './filters.ts';
import { type PaginationArgument, readPagination } from './pagination.ts';
import { readSearch } from './search.ts';
import { readSort } from './sort.ts';

/** The arguments of every list, as a client sends them. */
export interface ListArguments {
  readonly filters?: unknown;
  readonly pagination?: PaginationArgument | null | undefined;
  readonly sort?: readonly (string | null | undefined)[] | null | undefined;
  readonly search?: string | null | undefined;
}

/** The input types of the arguments: one for all pages, one filter for each content type. */
export interface ListInputs {
  readonly pagination: InputRef<PaginationArgument>;
  readonly filters: ReadonlyMap<string, InputRef<object>>;
}

/** What bounds a list: where its filters and sorts may lead, and the rows of its largest page. */
export interface ListBounds {
  readonly reach: Reach;
  readonly largestPage: number;
}

/**
 * Reads the arguments of a list.
 *
 * @throws ApiError BAD_USER_INPUT with everything that is wrong with any of them.
 */
export function readListArguments(
  type: ContentType,
  args: ListArguments,
  { reach, largestPage }: ListBounds,
): ListQuery {
  const { filter, faults: inFilters } = readFilters(type, args.filters, reach);
  const { sort, faults: inSort } = readSort(type, args.sort, reach);
  const { page, faults: inPagination } = readPagination(args.pagination, largestPage);
  const { search, faults: inSearch } = readSearch(type, args.search);
  const faults = [...inFilters, ...inSort, ...inPagination, ...inSearch];
  if (faults.length > 0) throw invalidInput(faults);
  return { filter: allOf([search, filter]), sort, page };
}
