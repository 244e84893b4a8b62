import { authExchange } from '@urql/exchange-auth';
import { cacheExchange, type KeyingConfig } from '@urql/exchange-graphcache';
import { Client, fetchExchange, gql } from 'urql';
import type { Tokens } from './session.ts';

const REFRESH = gql<{ refresh: Tokens | null }, { refreshToken: string | null }>`
  mutation Refresh($refreshToken: String) {
    refresh(refreshToken: $refreshToken) {
      __typename
      jwt
      refreshToken
    }
  }
`;

const byDocumentId: KeyingConfig[string] = ({ documentId }) => (typeof documentId === 'string' ? documentId : null);
/** What has no key of its own is kept where it was selected. */
const embedded: KeyingConfig[string] = () => null;

/** A client, and how it comes to its tokens. */
export function createUrql(url: string) {
  let tokens: Tokens | undefined;

  const auth = authExchange(async ({ appendHeaders, mutate }) => ({
    addAuthToOperation: (operation) =>
      tokens ? appendHeaders(operation, { Authorization: `Bearer ${tokens.jwt}` }) : operation,
    didAuthError: ({ graphQLErrors }) => graphQLErrors.some(({ extensions }) => extensions['reason'] === 'expired'),
    // It goes out with the token that has expired: beside such a one `refresh` is run all the same.
    async refreshAuth() {
      const { data } = await mutate(REFRESH, { refreshToken: tokens?.refreshToken ?? null });
      tokens = data?.refresh ?? undefined; // without new ones the session is over
    },
  }));

  const client = new Client({
    url,
    preferGetMethod: false, // or a header such as X-Requested-With: without one a GET is refused as CSRF
    exchanges: [
      cacheExchange({
        keys: {
          Post: byDocumentId,
          Author: byDocumentId,
          Category: byDocumentId,
          Tag: byDocumentId,
          SiteSetting: byDocumentId,
          UsersPermissionsMe: byDocumentId,
          UsersPermissionsMeRole: embedded,
          UsersPermissionsLoginPayload: embedded,
          PostEntityResponseCollection: embedded,
          Pagination: embedded,
        },
      }),
      auth, // before the cache it would be asked for what the cache knows
      fetchExchange,
    ],
  });
  return {
    client,
    begin(login: Tokens) {
      tokens = login;
    },
  };
}
