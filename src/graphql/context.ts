import type { Origin } from '../audit/origin.ts';
import type { EndedToken } from '../authentication/credential-refused.ts';
import type { Viewer } from '../authentication/viewer.ts';

/** The refresh token of a browser that keeps it in a cookie. */
export interface RefreshCookie {
  readonly token: string | undefined;
  set(token: string, expiresAt: Date): void;
  clear(): void;
}

/** The GraphQL context: the viewer, the origin and the request of an operation. */
export interface Context {
  readonly viewer: Viewer;
  /** An expired or revoked token, sent with an operation that needs none. */
  readonly ended?: EndedToken | undefined;
  readonly origin: Origin;
  readonly refreshCookie: RefreshCookie;
  /** Whether document and variables came in the address of a GET, which logs keep. */
  readonly inAddress?: boolean;
  /** Also in the response header `X-Request-Id`, in the log, and in masked errors. */
  readonly requestId: string;
  /** Aborts when the operation takes too long. */
  readonly deadline: AbortSignal;
  /** The relations refused so far, by path without list positions: each is reported once. */
  readonly refusedRelations: Set<string>;
}

export function createContext(given: Omit<Context, 'refusedRelations'>): Context {
  return { ...given, refusedRelations: new Set() };
}
