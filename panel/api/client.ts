import { authExchange } from '@urql/exchange-auth';
import { Client, cacheExchange, fetchExchange } from 'urql';
import { ENDPOINT } from './base.ts';
import { isTokenSpent, renew } from './renewal.ts';
import { session } from './session.ts';

/**
 * When a token ends, operations wait until there is another one: by the refresh cookie, or by the administrator, who is asked for the
 * password over the page as it is.
 */
const authenticated = authExchange(async (utils) => ({
  addAuthToOperation(operation) {
    const state = session.get();
    return state.kind === 'open' ? utils.appendHeaders(operation, { authorization: `Bearer ${state.jwt}` }) : operation;
  },
  willAuthError: () => isTokenSpent() || session.get().kind === 'ended',
  didAuthError: ({ graphQLErrors }) => graphQLErrors.some(({ extensions }) => extensions['code'] === 'UNAUTHENTICATED'),
  async refreshAuth() {
    if (session.get().kind === 'open') await renew();
    await session.settled();
  },
}));

/** The client of `/admin/graphql`. */
export const client = new Client({
  url: ENDPOINT,
  preferGetMethod: false,
  exchanges: [cacheExchange, authenticated, fetchExchange],
});

/** For many mutations after each other: what is shown is not asked for again after each of them. */
export const quietClient = new Client({
  url: ENDPOINT,
  preferGetMethod: false,
  exchanges: [authenticated, fetchExchange],
});
