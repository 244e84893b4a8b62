import {
  AddPasskeyDocument,
  CompleteLogInDocument,
  LogInWithPasskeyDocument,
  PasskeyOptionsDocument,
  StepUpDocument,
} from '../generated/graphql.ts';
import { Failure } from './failure.ts';
import { enter } from './guest.ts';
import { act } from './hooks.ts';
import { openedBy } from './renewal.ts';
import { session } from './session.ts';

/** Whether this browser has passkeys for this page: over https or on this machine, and never for an address. */
export function hasPasskeys(): boolean {
  const isAddress = /^\d+(\.\d+){3}$|^\[/.test(location.hostname);
  return !isAddress && 'PublicKeyCredential' in globalThis && 'parseRequestOptionsFromJSON' in PublicKeyCredential;
}

/** Logs in as the administrator whose passkey is chosen in the browser. @throws Failure */
export async function logInWithPasskey(): Promise<void> {
  const { challenge, response } = await showForLogin();
  const { loginWithPasskey } = await enter(LogInWithPasskeyDocument, { challenge, response });
  if (loginWithPasskey) session.open(openedBy(loginWithPasskey));
}

/** Completes a log-in that asked for a second factor. @throws Failure */
export async function completeLogInWithPasskey(pending: string): Promise<void> {
  const { response: passkey } = await showForLogin();
  const { completeLogin } = await enter(CompleteLogInDocument, { input: { challenge: pending, passkey } });
  if (completeLogin) session.open(openedBy(completeLogin));
}

/** Proves once more who one is, for what is sensitive. @throws Failure */
export async function proveWithPasskey(): Promise<void> {
  const { passkeyOptions } = await act(PasskeyOptionsDocument, { purpose: 'STEP_UP' });
  await act(StepUpDocument, { input: { passkey: await show(passkeyOptions) } });
}

/** Makes a passkey, and adds it to the account. @throws Failure */
export async function addPasskey(name: string): Promise<void> {
  const { passkeyOptions } = await act(PasskeyOptionsDocument, { purpose: 'REGISTER' });
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(
    passkeyOptions as PublicKeyCredentialCreationOptionsJSON,
  );
  const response = await fromBrowser(navigator.credentials.create({ publicKey }));
  await act(AddPasskeyDocument, { response, name });
}

async function showForLogin(): Promise<{ readonly challenge: string; readonly response: unknown }> {
  const { passkeyOptions } = await enter(PasskeyOptionsDocument, { purpose: 'LOGIN' });
  const { challenge } = passkeyOptions as PublicKeyCredentialRequestOptionsJSON;
  return { challenge, response: await show(passkeyOptions) };
}

function show(options: unknown): Promise<unknown> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options as PublicKeyCredentialRequestOptionsJSON);
  return fromBrowser(navigator.credentials.get({ publicKey }));
}

/** Why a browser gave none, by the name of its error. It does not tell a refusal from a passkey that is not there. */
const REASONS: Readonly<Record<string, string>> = {
  InvalidStateError: 'PASSKEY_EXISTS',
  SecurityError: 'PASSKEY_ELSEWHERE',
};

async function fromBrowser(asked: Promise<Credential | null>): Promise<unknown> {
  try {
    const credential = await asked;
    if (credential instanceof PublicKeyCredential) return credential.toJSON();
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    throw new Failure(error.message, REASONS[error.name] ?? 'PASSKEY_NOT_GIVEN');
  }
  throw new Failure('', 'PASSKEY_NOT_GIVEN');
}
