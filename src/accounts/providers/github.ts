import type { Configuration } from 'openid-client';
import { boundedFetch } from './bounded-fetch.ts';
import type { Profile } from './conversation.ts';
import type { LoginProvider } from './login-provider.ts';
import { ProviderFailure } from './provider-failure.ts';

/*
 * GitHub knows OAuth 2 only: no discovery, no ID token. Who somebody is comes from its REST API. A server of GitHub Enterprise is
 * its issuer.
 */

/** What stands in a discovery document elsewhere. */
export async function githubConfiguration({ issuer, clientId, clientSecret }: LoginProvider): Promise<Configuration> {
  const openid = await import('openid-client');
  const base = issuer.replace(/\/+$/, '');
  const configuration = new openid.Configuration(
    {
      issuer: base,
      authorization_endpoint: `${base}/login/oauth/authorize`,
      token_endpoint: `${base}/login/oauth/access_token`,
    },
    clientId,
    { client_secret: clientSecret },
    openid.ClientSecretPost(clientSecret),
  );
  configuration[openid.customFetch] = boundedFetch as never;
  configuration.timeout = 10;
  if (base.startsWith('http:')) openid.allowInsecureRequests(configuration);
  return configuration;
}

/** Who the token is of. Only an address that GitHub has verified counts, and of those the primary one. */
export async function githubProfile(
  { issuer }: LoginProvider,
  configuration: Configuration,
  token: string,
): Promise<Profile> {
  const openid = await import('openid-client');
  const base = issuer.replace(/\/+$/, '');
  const api = base === 'https://github.com' ? 'https://api.github.com' : `${base}/api/v3`;
  const read = async (path: string): Promise<unknown> => {
    const headers = new Headers({ accept: 'application/vnd.github+json' });
    const answer = await openid.fetchProtectedResource(
      configuration,
      token,
      new URL(`${api}${path}`),
      'GET',
      null,
      headers,
    );
    if (!answer.ok)
      throw new ProviderFailure('provider_answer', { detail: `GitHub answers ${path} with ${answer.status}.` });
    return answer.json();
  };
  const user = await read('/user');
  const emails = await read('/user/emails');
  const { id, login } = fieldsOf(user);
  if (!Number.isSafeInteger(id)) throw new ProviderFailure('provider_answer', { detail: 'GitHub gives no user id.' });
  const primary = (Array.isArray(emails) ? emails : []).map(fieldsOf).find((one) => one['primary'] === true);
  return {
    subject: String(id),
    email: typeof primary?.['email'] === 'string' ? primary['email'] : undefined,
    emailVerified: primary?.['verified'] === true,
    username: typeof login === 'string' ? login : undefined,
  };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
