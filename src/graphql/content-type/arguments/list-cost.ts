import { LIST_COST, type ListCost } from '../../operation/cost.ts';
import type { ListArguments } from './list-arguments.ts';
import { readPagination } from './pagination.ts';

/** What a list with these arguments may come to, for the extensions of its field. */
export const listCost: { readonly [LIST_COST]: ListCost } = {
  [LIST_COST]: ({ filters, pagination, sort }: ListArguments) => ({
    rows: readPagination(pagination).page.take,
    conditions: keysIn(filters) + (sort?.length ?? 0),
  }),
};

/** Every name in a filter is a condition, or leads to one. */
function keysIn(filters: unknown): number {
  if (typeof filters !== 'object' || filters === null || filters instanceof Date) return 0;
  const inner = Object.values(filters).reduce<number>((sum, value) => sum + keysIn(value), 0);
  return inner + (Array.isArray(filters) ? filters.length : Object.keys(filters).length);
}
