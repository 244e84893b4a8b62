import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';

/** What `navigator.credentials.create()` returned, in WebAuthn's JSON, and what it was signed for. */
export interface Registration {
  readonly response: RegistrationResponseJSON;
  readonly challenge: string;
}

/** What `navigator.credentials.get()` returned. */
export interface Assertion {
  readonly response: AuthenticationResponseJSON;
  readonly challenge: string;
  /** Whose passkey it is, as the authenticator says: a documentId. */
  readonly userHandle: string | undefined;
}

/** Undefined for what has not the form of one. Nothing of it is verified. */
export function readRegistration(value: unknown): Registration | undefined {
  const read = readCredential(value, ['attestationObject']);
  if (!read) return undefined;
  const { id, texts, given, challenge } = read;
  const { attestationObject = '', clientDataJSON = '' } = texts;
  const transports = Array.isArray(given['transports']) ? given['transports'].filter(isTransport) : [];
  const response = { attestationObject, clientDataJSON, transports: transports.slice(0, MAX_TRANSPORTS) };
  return { challenge, response: { ...credential(id), response } };
}

/** Undefined for what has not the form of one. Nothing of it is verified. */
export function readAssertion(value: unknown): Assertion | undefined {
  const read = readCredential(value, ['authenticatorData', 'signature']);
  if (!read) return undefined;
  const { id, texts, given, challenge } = read;
  const { authenticatorData = '', signature = '', clientDataJSON = '' } = texts;
  const handle = given['userHandle'];
  if (handle != null && !isBase64Url(handle)) return undefined;
  const userHandle = handle == null ? undefined : Buffer.from(handle, 'base64url').toString();
  return {
    ...{ challenge, userHandle },
    response: { ...credential(id), response: { authenticatorData, signature, clientDataJSON } },
  };
}

function credential(id: string) {
  return { id, rawId: id, type: 'public-key', clientExtensionResults: {} } as const;
}

function readCredential(value: unknown, names: readonly string[]) {
  if (!isObject(value)) return undefined;
  const { id, rawId, type, response: given } = value;
  if (!isBase64Url(id) || id.length > MAX_ID || rawId !== id || type !== 'public-key' || !isObject(given))
    return undefined;
  const texts: Record<string, string> = {};
  for (const name of ['clientDataJSON', ...names]) {
    const text = given[name];
    if (!isBase64Url(text)) return undefined;
    texts[name] = text;
  }
  const challenge = challengeIn(texts['clientDataJSON'] ?? '');
  return challenge === undefined ? undefined : { id, texts, given, challenge };
}

/** Bytes of a credential id are 1023 at most (WebAuthn, 4), so these are its characters. */
const MAX_ID = 1_364;
/** There are fewer. */
const MAX_TRANSPORTS = 10;

function challengeIn(clientDataJSON: string): string | undefined {
  try {
    const data: unknown = JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString());
    return isObject(data) && isBase64Url(data['challenge']) ? data['challenge'] : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isBase64Url(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9_-]+$/.test(value);
}

function isTransport(value: unknown): value is string {
  return typeof value === 'string' && /^[a-z-]{1,20}$/.test(value);
}
