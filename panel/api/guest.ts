import { Client, fetchExchange } from 'urql';
import { ENDPOINT } from './base.ts';
import { failureOf } from './failure.ts';
import type { Document } from './hooks.ts';

/**
 * The client of what comes before and after a session: the log-in, the refresh, the log-out. It sends no token, and waits for none.
 * With this media type the refusal of an ended session is no failure of HTTP, which the console would show.
 */
export const guest = new Client({
  url: ENDPOINT,
  preferGetMethod: false,
  fetchOptions: { headers: { accept: 'application/json' } },
  exchanges: [fetchExchange],
});

/** Sends a mutation as a guest. @throws Failure */
export async function enter<Result, Variables extends Record<string, unknown>>(
  document: Document<Result, Variables>,
  variables: Variables,
): Promise<Result> {
  const { data, error } = await guest.mutation<Result>(document.toString(), variables).toPromise();
  if (error) throw failureOf(error);
  return data as Result; // an answer without an error has data
}
