import { ApolloClient, CombinedGraphQLErrors, type ErrorLike, HttpLink, InMemoryCache } from '@apollo/client';
import { bearer, type Connect, type Outcome } from './front-end.ts';

/** Apollo Client 4 as it comes; with `errorPolicy: 'all'`, so that a refused field leaves its neighbours. */
export const connectApollo: Connect = (url, token) => {
  const client = new ApolloClient({
    link: new HttpLink({ uri: url, headers: bearer(token) }),
    cache: new InMemoryCache(),
  });
  return {
    query: async (query, variables) => outcome(await client.query({ query, variables, errorPolicy: 'all' })),
    mutate: async (mutation, variables) => outcome(await client.mutate({ mutation, variables, errorPolicy: 'all' })),
  };
};

function outcome<Data>(result: { readonly data?: Data | undefined; readonly error?: ErrorLike }): Outcome<Data> {
  const { data, error } = result;
  if (!CombinedGraphQLErrors.is(error)) return { data, codes: [], networkError: error };
  return { data, codes: error.errors.map(({ extensions }) => extensions?.['code']), networkError: undefined };
}
