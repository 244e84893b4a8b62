import type { Origin } from '../audit/origin.ts';
import type { EndedToken } from '../authentication/credential-refused.ts';
import type { Viewer } from '../authentication/viewer.ts';

/** The refresh token, where the client is a browser that keeps it as a cookie. */
export interface RefreshCookie {
  readonly token: string | undefined;
  set(token: string, expiresAt: Date): void;
  clear(): void;
}

/** What every resolver is handed: who asks, from where, and in which request. */
export interface Context {
  readonly viewer: Viewer;
  /** The token that was sent beside an operation that needs none, and is merely expired or of a session that is over. */
  readonly ended?: EndedToken | undefined;
  readonly origin: Origin;
  readonly refreshCookie: RefreshCookie;
  /** Also in the answer's `X-Request-Id`, in the log, and in a masked error. */
  readonly requestId: string;
  /** Aborts when the operation has taken too long. */
  readonly deadline: AbortSignal;
  /** The relations refused so far in this request, by their path without list positions: one error for each. */
  readonly refusedRelations: Set<string>;
}

export function createContext(given: Omit<Context, 'refusedRelations'>): Context {
  return { ...given, refusedRelations: new Set() };
}
