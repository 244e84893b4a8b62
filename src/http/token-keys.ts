import type { ServerResponse } from 'node:http';
import { MAX_AGE } from '../authentication/signing-keys/key-times.ts';
import type { SigningKeys } from '../authentication/signing-keys/signing-keys.ts';
import { ApiError } from '../common/errors.ts';
import { sendJson } from './responses.ts';
import type { Handler } from './route-handler.ts';

/** The public keys with which other services verify users' tokens. */
export type TokenKeys = Pick<SigningKeys, 'areUsed' | 'published'>;

const KEYS_PATH = '/.well-known/jwks.json';

/**
 * The public keys as a JWK Set (RFC 7517), and where they are (OpenID Connect Discovery: the members that are true here). Both are
 * not found where no key is published.
 */
export function tokenKeyHandlers(keys: TokenKeys, publicUrl: string): Readonly<Record<`GET ${string}`, Handler>> {
  let asked: ReturnType<TokenKeys['published']> | undefined;
  async function published(): ReturnType<TokenKeys['published']> {
    // Concurrent requests share one reading: these paths have no limits.
    asked ??= keys.published().finally(() => {
      asked = undefined;
    });
    const found = await asked;
    if (found.length === 0 && !keys.areUsed) throw new ApiError('NOT_FOUND', 'There is nothing here');
    return found;
  }

  return {
    [`GET ${KEYS_PATH}`]: async ({ response }) => {
      sendPublic(response, { keys: await published() });
    },
    'GET /.well-known/openid-configuration': async ({ response }) => {
      await published();
      sendPublic(response, { issuer: publicUrl, jwks_uri: `${publicUrl}${KEYS_PATH}` });
    },
  };
}

/** The same for every page and service, with and without credentials. */
function sendPublic(response: ServerResponse, value: object): void {
  response.removeHeader('Access-Control-Allow-Credentials');
  response.removeHeader('Vary');
  response.setHeader('Access-Control-Allow-Origin', '*');
  response.setHeader('Cache-Control', `public, max-age=${MAX_AGE}`);
  sendJson(response, 200, value);
}
