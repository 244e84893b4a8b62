import { authExchange } from '@urql/exchange-auth';
import { Client, cacheExchange, fetchExchange } from 'urql';
import { ENDPOINT } from './base.ts';
import { isTokenSpent, renew } from './renewal.ts';
import { session } from './session.ts';

/**
 * The client of `/admin/graphql`. When a token ends, its operations wait until there is another one: by the refresh cookie, or by the
 * administrator, who is asked for the password over the page as it is.
 */
export const client = new Client({
  url: ENDPOINT,
  preferGetMethod: false,
  exchanges: [
    cacheExchange,
    authExchange(async (utils) => ({
      addAuthToOperation(operation) {
        const state = session.get();
        return state.kind === 'open'
          ? utils.appendHeaders(operation, { authorization: `Bearer ${state.jwt}` })
          : operation;
      },
      willAuthError: () => isTokenSpent() || session.get().kind === 'ended',
      didAuthError: ({ graphQLErrors }) =>
        graphQLErrors.some(({ extensions }) => extensions['code'] === 'UNAUTHENTICATED'),
      async refreshAuth() {
        if (session.get().kind === 'open') await renew();
        await session.settled();
      },
    })),
    fetchExchange,
  ],
});
