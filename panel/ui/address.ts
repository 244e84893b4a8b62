import { useCallback, useEffect, useMemo } from 'react';
import { BASE } from '../api/base.ts';
import { goTo, useSearch } from './leave-guard.ts';

/** The lists as they were left, by their paths: `/users` to `?search=ann&page=2`. */
const left = new Map<string, string>();

/** The address of a list with the filters and the page that it was left with: the way back from what was opened there. */
export function listAsLeft(path: string): string {
  return `${path}${left.get(path) ?? ''}`;
}

/**
 * The state of a list in its address: `?search=ann&page=2`. A changed search, filter or sort goes to page 1. What is empty stands
 * not in the address.
 */
export function useAddress(): {
  get(name: string): string;
  set(change: Readonly<Record<string, string>>, options?: { readonly replace?: boolean }): void;
  readonly page: number;
} {
  const search = useSearch();
  useEffect(() => {
    const kept = new URLSearchParams(search);
    kept.delete('new'); // a dialog over the list
    const query = kept.toString();
    left.set(location.pathname.slice(BASE.length), query && `?${query}`);
  }, [search]);
  const parameters = useMemo(() => new URLSearchParams(search), [search]);
  const set = useCallback((change: Readonly<Record<string, string>>, options?: { readonly replace?: boolean }) => {
    const next = new URLSearchParams(location.search);
    if (!('page' in change)) next.delete('page');
    for (const [name, value] of Object.entries(change)) value === '' ? next.delete(name) : next.set(name, value);
    const query = next.toString();
    goTo(`${location.pathname.slice(BASE.length)}${query ? `?${query}` : ''}`, options);
  }, []);
  const get = useCallback((name: string) => parameters.get(name) ?? '', [parameters]);
  const page = Math.max(1, Math.trunc(Number(parameters.get('page'))) || 1);
  return { get, set, page };
}
