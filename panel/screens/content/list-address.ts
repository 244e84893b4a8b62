import { useCallback, useMemo } from 'react';
import { BASE } from '../../api/base.ts';
import { goTo, useSearch } from '../../ui/leave-guard.ts';
import { type Condition, conditionsIn, filtersOf, setConditions } from './conditions.ts';
import { type ListVariables, searchFor } from './content-data.ts';
import { type ContentField, type ContentType, defaultSort, fieldOf, targetOf } from './content-type.ts';

/** Rows of a page, where nobody chose another number. */
const PAGE_SIZE = 25;
export const PAGE_SIZES = ['10', '25', '50', '100'] as const;

export interface ListAddress {
  /** As it stands in the address: `?page=2`. */
  readonly search: string;
  readonly text: string;
  readonly conditions: readonly Condition[];
  readonly sort: string;
  readonly page: number;
  readonly pageSize: number;
  /** Changes it. What is shown after another search, filter or sort begins with page 1. */
  set(change: ListChange): void;
}

interface ListChange {
  readonly text?: string;
  readonly conditions?: readonly Condition[];
  readonly sort?: string;
  readonly page?: number;
  readonly pageSize?: string;
}

/** What a list shows, in its address. */
export function useListAddress(type: ContentType): ListAddress {
  const search = useSearch();
  const read = useMemo(() => {
    const parameters = new URLSearchParams(search);
    const size = parameters.get('pageSize') ?? '';
    return {
      text: parameters.get('search') ?? '',
      conditions: conditionsIn(parameters, type),
      sort: parameters.get('sort') ?? defaultSort(type),
      page: Math.max(1, Math.trunc(Number(parameters.get('page'))) || 1),
      pageSize: PAGE_SIZES.some((one) => one === size) ? Number(size) : PAGE_SIZE,
    };
  }, [search, type]);
  const set = useCallback(({ text, conditions, sort, page, pageSize }: ListChange) => {
    const parameters = new URLSearchParams(location.search);
    const put = (name: string, value: string) => (value === '' ? parameters.delete(name) : parameters.set(name, value));
    put('page', page === undefined || page === 1 ? '' : String(page));
    if (text !== undefined) put('search', text);
    if (sort !== undefined) put('sort', sort);
    if (pageSize !== undefined) put('pageSize', pageSize === String(PAGE_SIZE) ? '' : pageSize);
    if (conditions) setConditions(parameters, conditions);
    const query = parameters.toString();
    goTo(`${location.pathname.slice(BASE.length)}${query ? `?${query}` : ''}`);
  }, []);
  return { search, ...read, set };
}

/** The variables of the list: a search of a type without one looks into its titles. */
export function variablesOf(
  type: ContentType,
  types: readonly ContentType[],
  { text, conditions, sort, page, pageSize }: Omit<ListAddress, 'set' | 'search'>,
  now: Date,
): ListVariables {
  const searched = searchFor({ hasSearch: type.search.length > 0, title: type.title }, text.trim());
  const parts = [searched.filters, filtersOf(conditions, type, now)].filter((part) => part !== undefined);
  return {
    ...(searched.search !== undefined && { search: searched.search }),
    ...(parts.length > 0 && { filters: parts.length > 1 ? { and: parts } : parts[0] }),
    sort: sortKey(type, types, sort),
    pagination: { page, pageSize },
  };
}

/** A relation is sorted by its title. What cannot be sorted by is left out, for example after a column was renamed. */
function sortKey(type: ContentType, types: readonly ContentType[], sort: string): readonly string[] {
  const [name = '', direction] = sort.split(':');
  const field = fieldOf(type, name);
  if (!field || !isSortable(field, types)) return [];
  const order = direction === 'desc' ? 'desc' : 'asc';
  if (field.kind !== 'RELATION_TO_ONE') return [`${name}:${order}`];
  return [`${name}.${targetOf(types, field.type)?.title ?? 'documentId'}:${order}`];
}

export function isSortable(field: ContentField, types: readonly ContentType[]): boolean {
  if (!field.readable || field.kind === 'RELATION_TO_MANY') return false;
  return field.kind !== 'RELATION_TO_ONE' || targetOf(types, field.type) !== undefined;
}
