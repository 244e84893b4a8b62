import type { Viewer } from './authentication/viewer.ts';

/** Where a request came from. */
export interface Origin {
  /** The client's address, as far as it can be believed. */
  readonly address: string;
  /** What it says it is. */
  readonly userAgent: string | undefined;
}

/** What every resolver is handed: who asks, from where, and in which request. */
export interface Context {
  readonly viewer: Viewer;
  readonly origin: Origin;
  /** Also in the answer's `X-Request-Id`, in the log, and in a masked error. */
  readonly requestId: string;
  /** The relations refused so far in this request, by their path without list positions: one error for each. */
  readonly refusedRelations: Set<string>;
}

export function createContext(given: Omit<Context, 'refusedRelations'>): Context {
  return { ...given, refusedRelations: new Set() };
}
