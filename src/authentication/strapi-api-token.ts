import { createHmac } from 'node:crypto';

/** How the `hash` of an API token begins whose secret Strapi made. */
export const STRAPI_HASH = 'strapi:';

/** Whether a bearer token has the form of Strapi's API tokens, 256 hexadecimal digits: neither a JWT nor a token of ours. */
export function isStrapiApiToken(text: string): boolean {
  return /^[\da-f]{256}$/.test(text);
}

/** The hash by which a secret of Strapi is looked up: HMAC-SHA512 under its `API_TOKEN_SALT`, as Strapi itself keeps it. */
export function hashOfStrapiApiToken(text: string, salt: string): string {
  return `${STRAPI_HASH}${createHmac('sha512', salt).update(text).digest('hex')}`;
}
