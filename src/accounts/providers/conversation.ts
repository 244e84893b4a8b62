import type { Configuration, IDToken } from 'openid-client';
import type { Clock } from '../../common/clock.ts';
import { boundedFetch } from './bounded-fetch.ts';
import { explained } from './explain-failure.ts';
import { githubConfiguration, githubProfile } from './github.ts';
import type { LoginProvider } from './login-provider.ts';
import { ProviderFailure } from './provider-failure.ts';

/** What has to come back from the provider unchanged. */
export interface Checks {
  readonly state: string;
  readonly nonce: string;
  /** Of PKCE (RFC 7636). */
  readonly verifier: string;
}

/** Who somebody is at a provider. */
export interface Profile {
  /** Never another person's, whatever else changes. */
  readonly subject: string;
  /** As the provider writes it; undefined if it gives none. */
  readonly email: string | undefined;
  readonly emailVerified: boolean;
  /** A name that they would like. */
  readonly username: string | undefined;
}

/** The conversations with providers: OpenID Connect's code flow, with PKCE, state and nonce. */
export interface Conversations {
  /** Returns the provider's page to log in. @throws ProviderFailure */
  authorizationUrl(
    provider: LoginProvider,
    callback: string,
  ): Promise<{ readonly url: string; readonly checks: Checks }>;
  /**
   * Returns who came back from the provider to this address.
   *
   * @param returned the callback's address with the query that the provider sent.
   * @throws ProviderFailure
   */
  profileOf(provider: LoginProvider, returned: URL, checks: Checks): Promise<Profile>;
}

/** How far ahead of ours a provider's clock may be, in seconds. */
const TOLERANCE = 120;

/** How long the settings of a provider are kept, in milliseconds. */
const KEPT = 3_600_000;

interface Known {
  readonly for: string;
  readonly until: number;
  readonly configuration: Promise<Configuration>;
}

export function createConversations({ clock }: { readonly clock: Clock }): Conversations {
  const known = new Map<string, Known>();

  function configurationOf(provider: LoginProvider): Promise<Configuration> {
    const { name, issuer, clientId, clientSecret } = provider;
    const now = clock().getTime();
    const identity = JSON.stringify([issuer, clientId, clientSecret]);
    const found = known.get(name);
    if (found?.for === identity && found.until > now) return found.configuration;
    const configuration = provider.kind === 'github' ? githubConfiguration(provider) : discovered(provider);
    const entry = { for: identity, until: now + KEPT, configuration };
    known.set(name, entry);
    // A provider that did not answer is asked again. Other settings can have taken its place meanwhile.
    configuration.catch(() => known.get(name) === entry && known.delete(name));
    return configuration;
  }

  return {
    async authorizationUrl(provider, callback) {
      try {
        const openid = await import('openid-client');
        const configuration = await configurationOf(provider);
        const checks = {
          state: openid.randomState(),
          nonce: openid.randomNonce(),
          verifier: openid.randomPKCECodeVerifier(),
        };
        const url = openid.buildAuthorizationUrl(configuration, {
          redirect_uri: callback,
          scope: provider.scopes,
          state: checks.state,
          code_challenge: await openid.calculatePKCECodeChallenge(checks.verifier),
          code_challenge_method: 'S256',
          ...(provider.kind !== 'github' && { nonce: checks.nonce }),
        });
        return { url: url.href, checks };
      } catch (error) {
        throw explained(error);
      }
    },
    async profileOf(provider, returned, checks) {
      try {
        const openid = await import('openid-client');
        const configuration = await configurationOf(provider);
        const isGithub = provider.kind === 'github';
        const tokens = await openid.authorizationCodeGrant(configuration, returned, {
          expectedState: checks.state,
          pkceCodeVerifier: checks.verifier,
          ...(!isGithub && { expectedNonce: checks.nonce, idTokenExpected: true }),
        });
        if (isGithub) return await githubProfile(provider, configuration, tokens.access_token);
        const claims = tokens.claims();
        if (!claims) throw new ProviderFailure('provider_answer', { detail: 'There is no ID token.' });
        checkClaims(claims, clock());
        if (claims['email'] !== undefined || !configuration.serverMetadata().userinfo_endpoint)
          return profileIn(provider, claims);
        // The profile is of the same subject, or it is refused.
        const more = await openid.fetchUserInfo(configuration, tokens.access_token, claims.sub);
        return profileIn(provider, { ...more, sub: claims.sub });
      } catch (error) {
        throw explained(error);
      }
    },
  };
}

async function discovered({ issuer, clientId, clientSecret, kind }: LoginProvider): Promise<Configuration> {
  const openid = await import('openid-client');
  const url = new URL(issuer);
  const execute = [
    // Without this the library does not look at the signature of an ID token that comes from the token endpoint.
    openid.enableNonRepudiationChecks,
    ...(url.protocol === 'http:' ? [openid.allowInsecureRequests] : []),
  ];
  const options = { execute, timeout: 10, [openid.customFetch]: boundedFetch as never };
  const metadata = { client_secret: clientSecret };
  const byPost = await openid.discovery(url, clientId, metadata, openid.ClientSecretPost(clientSecret), options);
  const server = byPost.serverMetadata();
  if (kind !== 'microsoft' && server.issuer !== issuer && server.issuer !== `${issuer}/`)
    throw new ProviderFailure('provider_answer', { detail: 'The discovery document is of another issuer.' });
  const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
  if (methods.includes('client_secret_post')) return byPost;
  const byBasic = new openid.Configuration(server, clientId, metadata, openid.ClientSecretBasic(clientSecret));
  byBasic[openid.customFetch] = boundedFetch as never;
  for (const set of execute) set(byBasic);
  return byBasic;
}

/** @throws ProviderFailure for what the library lets through. */
function checkClaims({ sub, iat }: IDToken, now: Date): void {
  if (typeof sub !== 'string' || sub === '' || sub.length > 255 || sub.includes('\0'))
    throw new ProviderFailure('provider_answer', { detail: 'The subject is not a text of 1 to 255 characters.' });
  if (typeof iat !== 'number' || iat > now.getTime() / 1_000 + TOLERANCE)
    throw new ProviderFailure('provider_answer', {
      detail: 'The ID token was issued in the future. Compare the clock of this server with that of the provider.',
    });
}

function profileIn(
  { kind, linking }: LoginProvider,
  claims: { readonly sub: string } & Record<string, unknown>,
): Profile {
  return {
    subject: claims.sub,
    email: textIn(claims['email']),
    emailVerified: kind === 'microsoft' ? linking === 'verified' && isOwned(claims) : claims['email_verified'] === true,
    username: textIn(claims['preferred_username']) ?? textIn(claims['nickname']),
  };
}

/**
 * Whether the tenant owns the domain of the address. Microsoft has no `email_verified`, and the address of an account is what its
 * administrator wrote.
 */
function isOwned(claims: Readonly<Record<string, unknown>>): boolean {
  const owned = claims['xms_edov'];
  return owned === true || owned === 1 || owned === '1';
}

function textIn(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
