import { ApiError } from '../common/errors.ts';
import type { RefreshCookie } from './context.ts';

/** Runs a refresh, and clears the cookie when the refresh token in it is refused. */
export async function clearWhenRefused<T>(cookie: RefreshCookie, refresh: () => Promise<T>): Promise<T> {
  try {
    return await refresh();
  } catch (error) {
    const isRefused = error instanceof ApiError && error.code === 'UNAUTHENTICATED';
    if (isRefused && cookie.token !== undefined) cookie.clear();
    throw error;
  }
}
