import { authExchange } from '@urql/exchange-auth';
import { Client, cacheExchange, fetchExchange } from 'urql';
import { ENDPOINT } from './base.ts';
import { type Me, session } from './session.ts';

/** Seconds before the end of a token at which it is renewed. */
const AHEAD = 20;

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
      willAuthError: (operation) => !isEntrance(operation.query) && hasEnded(),
      didAuthError: ({ graphQLErrors }, operation) =>
        !isEntrance(operation.query) &&
        graphQLErrors.some(({ extensions }) => extensions['code'] === 'UNAUTHENTICATED'),
      async refreshAuth() {
        await renew();
        await session.reopened();
      },
    })),
    fetchExchange,
  ],
});

/** The operations of somebody who is not logged in: their refusal is an answer. */
const ENTRANCE = new Set(['LogIn', 'Refresh', 'Entrance', 'Welcome', 'ForgotPassword', 'LogOut']);

function isEntrance({ definitions }: { readonly definitions: readonly object[] }): boolean {
  const [first] = definitions as readonly { readonly name?: { readonly value: string } }[];
  return ENTRANCE.has(first?.name?.value ?? '');
}

function hasEnded(): boolean {
  const state = session.get();
  if (state.kind === 'ended') return true;
  return state.kind === 'open' && state.until - Date.now() < AHEAD * 1_000;
}

/** Renews the session by its cookie, one tab at a time; `session` says how it went. */
export async function renew(): Promise<void> {
  session.end();
}

export function openedBy({ jwt, admin }: { readonly jwt: string; readonly admin: Me }) {
  return { jwt, until: Date.now() + 3_600_000, me: admin };
}
