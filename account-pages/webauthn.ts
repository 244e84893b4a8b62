import { startAuthentication, startRegistration, WebAuthnError } from '@simplewebauthn/browser';
import { ask } from './api.ts';
import { config, words } from './config.ts';
import { Failure } from './failure.ts';

type LoginOptions = Parameters<typeof startAuthentication>[0]['optionsJSON'];
type NewOptions = Parameters<typeof startRegistration>[0]['optionsJSON'];

/** Whether this browser has passkeys for this address: it must be the domain that they belong to, or one below it. */
export function hasPasskeys(): boolean {
  const { passkeysOf: domain } = config;
  const { hostname } = location;
  return 'PublicKeyCredential' in window && domain !== null && (hostname === domain || hostname.endsWith(`.${domain}`));
}

/** Has the browser show a passkey. */
export async function showPasskey(purpose: 'LOGIN' | 'STEP_UP') {
  const { passkeyOptions: optionsJSON } = await ask<{ passkeyOptions: LoginOptions }>('passkeyOptions', { purpose });
  const response = await inWords(() => startAuthentication({ optionsJSON }));
  return { challenge: optionsJSON.challenge, response };
}

/** Has the browser make a passkey. */
export async function makePasskey() {
  const { passkeyOptions: optionsJSON } = await ask<{ passkeyOptions: NewOptions }>('passkeyOptions', {
    purpose: 'REGISTER',
  });
  return inWords(() => startRegistration({ optionsJSON }));
}

/** Browsers say in English, and in many ways, that nothing came of it. */
async function inWords<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    const isKnown = error instanceof WebAuthnError && error.code === 'ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED';
    throw new Failure(isKnown ? words.passkeyKnown : words.passkeyFailed);
  }
}
