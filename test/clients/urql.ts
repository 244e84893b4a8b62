import { persistedExchange } from '@urql/exchange-persisted';
import { Client, type ClientOptions, cacheExchange, type Exchange, fetchExchange, type OperationResult } from 'urql';
import { bearer, type Connect, type Outcome } from './front-end.ts';

/** urql 5, each operation in a POST. */
export const connectUrql: Connect = (url, token) =>
  connected({ url, preferGetMethod: false, fetchOptions: { headers: bearer(token) } });

/**
 * urql 5 as it comes: short queries in the URL of a GET. Any site could have a browser send that, so the server wants a
 * header that no other site can set: the token is one, and whoever has none sends this.
 */
export const connectUrqlWithGet: Connect = (url, token) =>
  connected({ url, fetchOptions: { headers: { 'X-Requested-With': 'urql', ...bearer(token) } } });

/** With hashes in the place of documents that the server knows; those of queries in the URL of a GET. */
export const connectUrqlPersisted: Connect = (url, token) =>
  connected({ url, fetchOptions: { headers: { 'X-Requested-With': 'urql', ...bearer(token) } } }, [
    persistedExchange({ preferGetForPersistedQueries: true, enableForMutation: true }),
  ]);

function connected(options: Omit<ClientOptions, 'exchanges'>, more: readonly Exchange[] = []) {
  const client = new Client({ ...options, exchanges: [cacheExchange, ...more, fetchExchange] });
  return {
    query: async (document, variables) => outcome(await client.query(document, variables).toPromise()),
    mutate: async (document, variables) => outcome(await client.mutation(document, variables).toPromise()),
  } satisfies ReturnType<Connect>;
}

function outcome<Data>({ data, error }: Pick<OperationResult<Data>, 'data' | 'error'>): Outcome<Data> {
  const codes = error?.graphQLErrors.map(({ extensions }) => extensions['code']) ?? [];
  return { data, codes, networkError: error?.networkError };
}
