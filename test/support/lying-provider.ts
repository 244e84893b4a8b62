import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';

/** What a provider does otherwise than it should. */
export interface Lie {
  /** Claims of the ID token, in place of true ones. Undefined leaves one out. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Makes the whole ID token. */
  readonly idToken?: (claims: JWTPayload, key: CryptoKey, publicJwk: object) => Promise<string>;
  /** Answers the token endpoint in its place. */
  readonly token?: (response: ServerResponse) => void;
  /** Of the discovery document. */
  readonly discovery?: Readonly<Record<string, unknown>>;
  /** Of the address that it sends the browser back to. */
  readonly returned?: Readonly<Record<string, string>>;
}

/** A provider that says what a test wants. It knows one client, and no browser has to log in. */
export interface LyingProvider extends AsyncDisposable {
  readonly issuer: string;
  lie: Lie;
  /** What happens while somebody is there. */
  onAuthorize?: (() => Promise<unknown>) | undefined;
  /** The requests of its token endpoint. */
  readonly asked: URLSearchParams[];
}

export async function startLyingProvider(): Promise<LyingProvider> {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const publicJwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256', use: 'sig' };
  const nonces = new Map<string, string>();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider: LyingProvider = {
    issuer,
    lie: {},
    asked: [],
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  const json = (response: ServerResponse, value: object) =>
    void response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', issuer);
    const { lie } = provider;
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        return json(response, {
          issuer,
          authorization_endpoint: `${issuer}/authorize`,
          token_endpoint: `${issuer}/token`,
          jwks_uri: `${issuer}/keys`,
          response_types_supported: ['code'],
          id_token_signing_alg_values_supported: ['RS256'],
          token_endpoint_auth_methods_supported: ['client_secret_post'],
          ...lie.discovery,
        });
      case '/keys':
        return json(response, { keys: [publicJwk] });
      case '/authorize': {
        await provider.onAuthorize?.();
        const code = randomUUID();
        nonces.set(code, url.searchParams.get('nonce') ?? '');
        const back = new URL(url.searchParams.get('redirect_uri') ?? '');
        const parameters = { code, state: url.searchParams.get('state') ?? '', ...lie.returned };
        for (const [name, value] of Object.entries(parameters)) back.searchParams.set(name, value);
        response.writeHead(302, { Location: back.href }).end();
        return;
      }
      case '/token': {
        let body = '';
        for await (const chunk of request) body += chunk;
        const form = new URLSearchParams(body);
        provider.asked.push(form);
        if (lie.token) return lie.token(response);
        const now = Math.floor(Date.now() / 1_000);
        const claims = {
          iss: issuer,
          aud: 'gatehouse',
          sub: 'somebody',
          iat: now,
          exp: now + 300,
          nonce: nonces.get(form.get('code') ?? ''),
          ...lie.claims,
        };
        const idToken = lie.idToken
          ? await lie.idToken(claims, privateKey, publicJwk)
          : await new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'one' }).sign(privateKey);
        return json(response, { access_token: 'access', token_type: 'bearer', id_token: idToken });
      }
      default:
        response.writeHead(404).end();
    }
  }
  server.on('request', (request, response) => {
    answer(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  return provider;
}
