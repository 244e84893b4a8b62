import { useMemo } from 'react';
import type { UserFiltersInput } from '../../generated/graphql.ts';
import { useAddress } from '../../ui/address.ts';

/** Days since a user was created that can be chosen. */
export const SINCE = ['1', '7', '30', '365'] as const;
export const PAGE_SIZES = ['10', '25', '50', '100'] as const;
const PAGE_SIZE = '25';
const SORTABLE = ['username', 'email', 'createdAt', 'updatedAt', 'confirmed', 'blocked'];

/** What the list shows, as its address says. */
export function useListFilters() {
  const { get, set, page } = useAddress();
  const [search, role, blocked, confirmed, since] = [
    get('search'),
    get('role'),
    get('blocked'),
    get('confirmed'),
    get('since'),
  ];
  const filters = useMemo(
    () => filtersOf({ role, blocked, confirmed, since }, new Date()),
    [role, blocked, confirmed, since],
  );
  const sort = SORTABLE.includes(get('sort').split(':')[0] ?? '') ? get('sort') : 'createdAt:desc';
  const pageSize = PAGE_SIZES.find((size) => size === get('pageSize')) ?? PAGE_SIZE;
  return {
    search,
    role,
    blocked,
    confirmed,
    since,
    sort,
    page,
    pageSize,
    set,
    isFiltered: [search, role, blocked, confirmed, since].some((value) => value !== ''),
    /** What is sent. An empty search is none. */
    asked: { search: search.trim() || null, filters },
    clear: () => set({ search: '', role: '', blocked: '', confirmed: '', since: '' }),
  };
}

function filtersOf(
  { role, blocked, confirmed, since }: Readonly<Record<'role' | 'blocked' | 'confirmed' | 'since', string>>,
  now: Date,
): UserFiltersInput {
  const all: UserFiltersInput[] = [];
  if (role) {
    const filter = { documentId: { eq: role } };
    all.push({ or: [{ role: filter }, { roles: filter }] });
  }
  if (blocked) all.push({ blocked: { eq: blocked === 'yes' } });
  if (confirmed) all.push({ confirmed: { eq: confirmed === 'yes' } });
  const days = Number(since);
  if (since && Number.isFinite(days) && days > 0) {
    all.push({ createdAt: { gte: new Date(now.getTime() - days * 86_400_000).toISOString() } });
  }
  return all.length > 0 ? { and: all } : {};
}
