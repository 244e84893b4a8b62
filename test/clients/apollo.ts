import { createHash } from 'node:crypto';
import {
  ApolloClient,
  type ApolloLink,
  CombinedGraphQLErrors,
  type ErrorLike,
  HttpLink,
  InMemoryCache,
} from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { bearer, type Connect, type FrontEnd, type Outcome } from './front-end.ts';

/** Apollo Client 4 as it comes; with `errorPolicy: 'all'`, so that a refused field leaves its neighbours. */
export const connectApollo: Connect = (url, token) => connected(new HttpLink({ uri: url, headers: bearer(token) }));

/** The same, with hashes in the place of documents that the server knows. */
export const connectApolloPersisted: Connect = (url, token) =>
  connected(new PersistedQueryLink({ sha256 }).concat(new HttpLink({ uri: url, headers: bearer(token) })));

/** With hashes in the URL of a GET, as caches in between like it. That needs a header that no other site can set. */
export const connectApolloPersistedByGet: Connect = (url, token) => {
  const headers = { 'apollo-require-preflight': 'true', ...bearer(token) };
  const persisted = new PersistedQueryLink({ sha256, useGETForHashedQueries: true });
  return connected(persisted.concat(new HttpLink({ uri: url, headers })));
};

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function connected(link: ApolloLink): FrontEnd {
  const client = new ApolloClient({ link, cache: new InMemoryCache() });
  return {
    query: async (query, variables) => outcome(await client.query({ query, variables, errorPolicy: 'all' })),
    mutate: async (mutation, variables) => outcome(await client.mutate({ mutation, variables, errorPolicy: 'all' })),
  };
}

function outcome<Data>(result: { readonly data?: Data | undefined; readonly error?: ErrorLike }): Outcome<Data> {
  const { data, error } = result;
  if (!CombinedGraphQLErrors.is(error)) return { data, codes: [], networkError: error };
  return { data, codes: error.errors.map(({ extensions }) => extensions?.['code']), networkError: undefined };
}
