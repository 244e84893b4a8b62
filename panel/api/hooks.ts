import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { useQuery } from 'urql';
import { client, quietClient } from './client.ts';
import { type Failure, failureOf } from './failure.ts';
import { type Me, session } from './session.ts';
import { provedAgain } from './step-up.ts';

/** A document with the types of its result and its variables, as codegen makes them. */
export interface Document<Result, Variables> {
  toString(): string;
  readonly __apiType?: (variables: Variables) => Result;
}

export interface Data<Result> {
  /** Undefined before the first answer, and for variables that have not been answered yet. */
  readonly data: Result | undefined;
  readonly failure: Failure | undefined;
  readonly loading: boolean;
  /** Asks the server again. */
  reload(): void;
}

/**
 * Asks the server, and again after each mutation that changes what it showed. What was answered before is shown while the answer
 * is on its way, but never that of other variables.
 */
export function useData<Result, Variables extends Record<string, unknown>>(
  document: Document<Result, Variables>,
  variables: Variables,
  { pause = false }: { readonly pause?: boolean } = {},
): Data<Result> {
  const [{ data, error, fetching, stale }, execute] = useQuery<Result>({
    query: document.toString(),
    variables,
    pause,
    requestPolicy: 'cache-and-network',
  });
  const failure = useMemo(() => (error ? failureOf(error) : undefined), [error]);
  const reload = useCallback(() => execute({ requestPolicy: 'network-only' }), [execute]);
  return { data: data ?? undefined, failure, loading: fetching || stale, reload };
}

/** Asks the server once, outside of what is shown. @throws Failure */
export async function ask<Result, Variables extends Record<string, unknown>>(
  document: Document<Result, Variables>,
  variables: Variables,
): Promise<Result> {
  const query = document.toString();
  const { data, error } = await client.query<Result>(query, variables, { requestPolicy: 'network-only' }).toPromise();
  if (error) throw failureOf(error);
  return data as Result; // an answer without an error has data
}

/**
 * Sends a mutation. Where it needs a fresh proof of who one is, the administrator is asked for it, and it is sent again.
 *
 * @param quiet what is shown is not asked for again: for one of many, or one that ends the token. Call `reload` when all is done.
 * @throws Failure also where the administrator gave no proof.
 */
export async function act<Result, Variables extends Record<string, unknown>>(
  document: Document<Result, Variables>,
  variables: Variables,
  { quiet = false }: { readonly quiet?: boolean } = {},
): Promise<Result> {
  for (;;) {
    const { data, error } = await (quiet ? quietClient : client)
      .mutation<Result>(document.toString(), variables)
      .toPromise();
    if (!error) return data as Result; // an answer without an error has data
    const failure = failureOf(error);
    if (failure.code !== 'STEP_UP_REQUIRED' || !(await provedAgain(failure.methods))) throw failure;
  }
}

/** The administrator who is logged in. */
export function useMe(): Me {
  const state = useSyncExternalStore(session.subscribe, session.get);
  if (state.kind === 'open' || state.kind === 'ended') return state.me;
  throw new Error('Nobody is logged in');
}

/** Whether the administrator may change things. */
export function useMayChange(): boolean {
  return useMe().role === 'ADMINISTRATOR';
}
