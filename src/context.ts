import type { Viewer } from './authentication/viewer.ts';

/** What every resolver is handed: who asks, and in which request. */
export interface Context {
  readonly viewer: Viewer;
  /** Also in the answer's `X-Request-Id`, in the log, and in a masked error. */
  readonly requestId: string;
  /** The relations refused so far in this request, by their path without list positions: one error for each. */
  readonly refusedRelations: Set<string>;
}

export function createContext(viewer: Viewer, requestId: string): Context {
  return { viewer, requestId, refusedRelations: new Set() };
}
