/** How tokens of users are signed: with a secret (HS256), or with a key pair of the database. */
export const TOKEN_ALGORITHMS = ['HS256', 'ES256', 'EdDSA'] as const;
export type TokenAlgorithm = (typeof TOKEN_ALGORITHMS)[number];

/** Those of key pairs (RFC 7518, 3.4; RFC 8037). */
export type KeyAlgorithm = Exclude<TokenAlgorithm, 'HS256'>;

export function isKeyAlgorithm(algorithm: string): algorithm is KeyAlgorithm {
  return algorithm === 'ES256' || algorithm === 'EdDSA';
}
