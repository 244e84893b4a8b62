import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose';

/** Verifies tokens of users in another service. `issuer` is the PUBLIC_URL of Gatehouse. */
export function createVerify(issuer: string, keys = `${issuer}/.well-known/jwks.json`) {
  // Not kept for longer than Gatehouse allows: a revoked key is gone then.
  const published = createRemoteJWKSet(new URL(keys), { cacheMaxAge: 300_000 });
  return async (token: string): Promise<JWTPayload> => {
    const { payload } = await jwtVerify(token, published, {
      issuer,
      audience: 'gatehouse:users',
      algorithms: ['ES256', 'EdDSA'],
      requiredClaims: ['sub', 'exp'],
    });
    return payload;
  };
}
