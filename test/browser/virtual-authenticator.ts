import type { CDPSession, Page } from 'playwright-core';

/** A passkey, as it is inside of an authenticator. */
type Credential = Awaited<ReturnType<typeof credentialsOf>>[number];

/** An authenticator inside of the browser, which does what a person would agree to. */
export interface VirtualAuthenticator {
  readonly credentials: () => Promise<readonly Credential[]>;
  /** Forgets a passkey, and gets it back as a copy of it would be: with another counter. */
  readonly setCounter: (credential: Credential, counter: number) => Promise<void>;
  /** From now on it finds its user to be present, and to be who they are; or does not. */
  readonly setVerified: (verified: boolean) => Promise<void>;
}

/**
 * Gives a page an authenticator that keeps passkeys.
 *
 * @param synced whether its passkeys are on several devices.
 */
export async function addAuthenticator(
  page: Page,
  { synced = false }: { readonly synced?: boolean } = {},
): Promise<VirtualAuthenticator> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('WebAuthn.enable', { enableUI: false });
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      ...{ protocol: 'ctap2', transport: 'internal', automaticPresenceSimulation: true },
      ...{ hasResidentKey: true, hasUserVerification: true, isUserVerified: true },
      ...{ defaultBackupEligibility: synced, defaultBackupState: synced },
    },
  });
  return {
    credentials: () => credentialsOf(cdp, authenticatorId),
    async setCounter(credential, signCount) {
      await cdp.send('WebAuthn.removeCredential', { authenticatorId, credentialId: credential.credentialId });
      await cdp.send('WebAuthn.addCredential', { authenticatorId, credential: { ...credential, signCount } });
    },
    async setVerified(isUserVerified) {
      await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified });
    },
  };
}

async function credentialsOf(cdp: CDPSession, authenticatorId: string) {
  return (await cdp.send('WebAuthn.getCredentials', { authenticatorId })).credentials;
}
