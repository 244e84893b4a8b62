import type { Claims } from './account-hooks.ts';

/** Claims that say who the token is for, who issued it and how long it is good. */
export const RESERVED_CLAIMS: readonly string[] = [
  ...['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti'], // RFC 7519, 4.1
  ...['act', 'may_act', 'cnf', 'scope', 'client_id', 'azp', 'amr', 'acr', 'auth_time', 'nonce', 'at_hash', 'c_hash'],
  ...['id', 'ver', 'sid'],
];

/** Bytes of all claims of a hook, as JSON. A token is sent with every request. */
export const MAX_CLAIMS = 1_024;

/**
 * The claims that a hook returned, as they will be in the token.
 *
 * @throws Error for what is no object, for a reserved name, and for too much.
 */
export function checkedClaims(returned: unknown): Claims {
  if (returned === undefined) return {};
  // First as JSON: what an object says of itself there can have other names.
  const json = JSON.stringify(returned) ?? 'null';
  const bytes = Buffer.byteLength(json);
  if (bytes > MAX_CLAIMS) throw new Error(`The claims have ${bytes} bytes as JSON. At most ${MAX_CLAIMS} are possible`);
  const claims: unknown = JSON.parse(json);
  if (typeof claims !== 'object' || claims === null || Array.isArray(claims)) {
    throw new Error('The claims must be an object');
  }
  const reserved = Object.keys(claims).filter((name) => RESERVED_CLAIMS.includes(name));
  if (reserved.length > 0) throw new Error(`These claims are Gatehouse's: ${reserved.join(', ')}`);
  return { ...claims };
}
