import type { ListVariables } from './content-data.ts';

/** The list that somebody came from, so that it is as it was when they return, and so that they can walk through it. */
export interface Place {
  /** Its address: `?page=2`. */
  readonly search: string;
  readonly variables: ListVariables;
  /** Where the page begins, from 0. */
  readonly start: number;
  readonly total: number;
  readonly ids: readonly string[];
  scroll: number;
}

const places = new Map<string, Place>();

export const placeOf = (type: string): Place | undefined => places.get(type);

export function keepPlace(type: string, place: Omit<Place, 'scroll'>): void {
  const before = places.get(type);
  places.set(type, { ...place, scroll: before?.search === place.search ? before.scroll : 0 });
}

export function keepScroll(type: string, scroll: number): void {
  const place = places.get(type);
  if (place) place.scroll = scroll;
}

/** The address of the list as it was left. */
export function listAddress(type: string): string {
  return `/content/${type}${places.get(type)?.search ?? ''}`;
}
