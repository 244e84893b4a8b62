import { generateKeyPairSync } from 'node:crypto';
import type { Assertion, Registration } from './read-response.ts';
import type { RelyingParty } from './relying-party.ts';

/** A new passkey, as its authenticator made it. */
export interface NewPasskey {
  readonly credentialId: string;
  readonly publicKey: Uint8Array<ArrayBuffer>;
  readonly counter: number;
  readonly transports: readonly string[];
  readonly aaguid: string;
  readonly backupEligible: boolean;
  readonly backedUp: boolean;
}

/** What an authenticator has signed. */
export interface Signed {
  readonly counter: number;
  readonly backupEligible: boolean;
  readonly backedUp: boolean;
}

/** EdDSA, ES256 and RS256 (RFC 9053, RFC 8812), which all authenticators together know. */
export const ALGORITHMS = [-8, -7, -257];

/** Imported with the first passkey: it loads a lot, and Node warns of algorithms that it looks for. */
export const webauthn = () => import('@simplewebauthn/server');

/** Verifies a new passkey. @throws Error saying what is wrong, for the log. */
export async function verifyRegistration(
  { response, challenge }: Registration,
  { id, origins }: RelyingParty,
): Promise<NewPasskey> {
  await refuseAttestation(response.response.attestationObject);
  const { verified, registrationInfo } = await (await webauthn()).verifyRegistrationResponse({
    response,
    expectedChallenge: challenge,
    expectedOrigin: [...origins],
    expectedRPID: id,
    requireUserVerification: true,
    supportedAlgorithmIDs: ALGORITHMS,
  });
  if (!verified) throw new Error('The attestation is not valid');
  const { credential, aaguid, credentialDeviceType, credentialBackedUp } = registrationInfo;
  if (credential.id !== response.id) throw new Error('The id is not that of the credential');
  return {
    credentialId: credential.id,
    publicKey: new Uint8Array(credential.publicKey),
    counter: credential.counter,
    transports: response.response.transports ?? [],
    aaguid,
    backupEligible: credentialDeviceType === 'multiDevice',
    backedUp: credentialBackedUp,
  };
}

/**
 * No attestation is asked for, and browsers send none but a signature of the passkey itself. One with certificates would make the
 * library fetch the addresses that they name.
 */
async function refuseAttestation(attestationObject: string): Promise<void> {
  const { decodeAttestationObject } = await import('@simplewebauthn/server/helpers');
  const decoded = decodeAttestationObject(new Uint8Array(Buffer.from(attestationObject, 'base64url')));
  const format = decoded.get('fmt');
  if (format === 'none') return;
  if (format !== 'packed' || decoded.get('attStmt').get('x5c') !== undefined) {
    throw new Error('An attestation was not asked for');
  }
}

/**
 * Verifies what an authenticator signed. The counter is not compared here.
 *
 * @param publicKey as COSE.
 * @throws Error saying what is wrong, for the log.
 */
export async function verifyAssertion(
  { response, challenge }: Assertion,
  { id, origins }: RelyingParty,
  publicKey: Uint8Array<ArrayBuffer>,
): Promise<Signed> {
  const { verified, authenticationInfo } = await (await webauthn()).verifyAuthenticationResponse({
    response,
    expectedChallenge: challenge,
    expectedOrigin: [...origins],
    expectedRPID: id,
    credential: { id: response.id, publicKey, counter: 0 },
    requireUserVerification: true,
  });
  if (!verified) throw new Error('The signature is not valid');
  const { newCounter, credentialDeviceType, credentialBackedUp } = authenticationInfo;
  return {
    counter: newCounter,
    backupEligible: credentialDeviceType === 'multiDevice',
    backedUp: credentialBackedUp,
  };
}

let decoy: Uint8Array<ArrayBuffer> | undefined;

/** A key of nobody, so that an unknown passkey takes as long as a known one. */
export function decoyKey(): Uint8Array<ArrayBuffer> {
  decoy ??= cosePointOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }));
  return decoy;
}

/** A point on P-256 as COSE: { 1: 2, 3: -7, -1: 1, -2: x, -3: y }. */
function cosePointOf({ x = '', y = '' }: { readonly x?: string; readonly y?: string }): Uint8Array<ArrayBuffer> {
  const head = [0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20];
  const points = [Buffer.from(x, 'base64url'), Buffer.from([0x22, 0x58, 0x20]), Buffer.from(y, 'base64url')];
  return new Uint8Array(Buffer.concat([Buffer.from(head), ...points]));
}
