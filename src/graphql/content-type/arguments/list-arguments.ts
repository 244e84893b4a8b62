import type { InputRef } from '@pothos/core';
import { invalidInput } from '../../../common/errors.ts';
import { allOf, type ListQuery } from '../filter.ts';
import type { Readable } from '../readable.ts';
import { type ResolveRelation, readFilters } from './filters.ts';
import { type PaginationArgument, readPagination } from './pagination.ts';
import { readSearch } from './search.ts';
import { readSort } from './sort.ts';

/** The arguments of a list, as the client sends them. */
export interface ListArguments {
  readonly filters?: unknown;
  readonly pagination?: PaginationArgument | null | undefined;
  readonly sort?: readonly (string | null | undefined)[] | null | undefined;
  readonly search?: string | null | undefined;
}

/** The input types of list arguments: one pagination type, and one filter type per content type. */
export interface ListInputs {
  readonly pagination: InputRef<PaginationArgument>;
  readonly filters: ReadonlyMap<string, InputRef<object>>;
}

/** What a list may use: the relations its viewer can follow, and the maximum page size. */
export interface ListBounds {
  readonly resolveRelation: ResolveRelation;
  readonly largestPage: number;
}

/**
 * Parses the arguments of a list.
 *
 * @throws ApiError BAD_USER_INPUT with the validation errors of all arguments.
 */
export function readListArguments(
  readable: Readable,
  args: ListArguments,
  { resolveRelation, largestPage }: ListBounds,
): ListQuery {
  const { filter, faults: inFilters } = readFilters(readable, args.filters, resolveRelation);
  const { sort, faults: inSort } = readSort(readable, args.sort, resolveRelation);
  const { page, faults: inPagination } = readPagination(args.pagination, largestPage);
  const { search, faults: inSearch } = readSearch(readable, args.search);
  const faults = [...inFilters, ...inSort, ...inPagination, ...inSearch];
  if (faults.length > 0) throw invalidInput(faults);
  return { filter: allOf([search, filter]), sort, page };
}
