import { exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import { createSeal } from '../../common/seal.ts';
import { isKeyAlgorithm, type KeyAlgorithm } from './algorithms.ts';

/** A key pair that can sign and verify. */
export interface KeyPair {
  readonly kid: string;
  readonly algorithm: KeyAlgorithm;
  readonly publicKey: CryptoKey;
  readonly privateKey: CryptoKey;
  /** The public key as others read it (RFC 7517). */
  readonly published: JWK;
}

/** A key pair as the database stores it. */
export interface StoredKeyPair {
  readonly kid: string;
  readonly algorithm: string;
  readonly publicJwk: unknown;
  readonly privateJwkEncrypted: Uint8Array;
}

/** Makes key pairs, and opens those of the database. */
export interface KeyPairs {
  make(kid: string, algorithm: KeyAlgorithm): Promise<NewKeyPair>;
  /** Undefined if no key of now opens it, or if any part of the row is another one than was stored. */
  open(stored: StoredKeyPair): Promise<KeyPair | undefined>;
}

export interface NewKeyPair {
  readonly publicJwk: PublicJwk;
  readonly privateJwkEncrypted: Uint8Array<ArrayBuffer>;
}

/** Named one by one, so that no private member can be among them. */
interface PublicJwk {
  readonly kty: string;
  readonly crv: string;
  readonly x: string;
  /** Not in keys of Ed25519. */
  readonly y?: string;
}

const CURVES: Readonly<Record<KeyAlgorithm, string>> = { ES256: 'P-256', EdDSA: 'Ed25519' };

/** @param secrets `ENCRYPTION_KEY`: the first seals, all open. Undefined: no key pair is made or opened. */
export function createKeyPairs(secrets: readonly [string, ...string[]] | undefined): KeyPairs {
  const seal = secrets && createSeal(secrets, 'signing-keys');
  return {
    async make(kid, algorithm) {
      if (!seal) throw new Error('A key pair needs ENCRYPTION_KEY'); // the configuration requires it
      const { privateKey } = await generateKeyPair(algorithm, { crv: CURVES[algorithm], extractable: true });
      const jwk = await exportJWK(privateKey);
      const publicJwk = publicPartOf(jwk, algorithm);
      if (!publicJwk) throw new Error(`jose made another key than one of ${algorithm}`);
      return { publicJwk, privateJwkEncrypted: seal.seal(JSON.stringify(jwk), placeOf(kid, algorithm, publicJwk)) };
    },
    async open({ kid, algorithm, publicJwk, privateJwkEncrypted }) {
      if (!isKeyAlgorithm(algorithm)) return undefined;
      const shared = publicPartOf(publicJwk, algorithm);
      const opened = shared && seal?.open(privateJwkEncrypted, placeOf(kid, algorithm, shared));
      if (shared === undefined || opened === undefined) return undefined;
      const jwk = JSON.parse(opened) as JWK; // sealed by `make`
      const [publicKey, privateKey] = await Promise.all([
        importJWK({ ...shared }, algorithm),
        importJWK(jwk, algorithm, { extractable: false }),
      ]);
      return {
        ...{ kid, algorithm },
        // Only symmetric keys are bytes.
        ...{ publicKey: publicKey as CryptoKey, privateKey: privateKey as CryptoKey },
        published: { ...shared, kid, alg: algorithm, use: 'sig' },
      };
    },
  };
}

/** The public members of a JWK; undefined for what is no key of the algorithm. */
function publicPartOf(jwk: unknown, algorithm: KeyAlgorithm): PublicJwk | undefined {
  const { kty, crv, x, y } = Object(jwk) as Readonly<Record<string, unknown>>;
  if (crv !== CURVES[algorithm] || typeof x !== 'string') return undefined;
  if (algorithm === 'EdDSA') return kty === 'OKP' ? { kty, crv, x } : undefined;
  return kty === 'EC' && typeof y === 'string' ? { kty, crv, x, y } : undefined;
}

/** Somebody who can write to the database can neither add a key nor exchange the public one: only the server seals for it. */
function placeOf(kid: string, algorithm: KeyAlgorithm, { x, y }: PublicJwk): readonly (string | null)[] {
  return ['signing_keys', kid, algorithm, x, y ?? null];
}
