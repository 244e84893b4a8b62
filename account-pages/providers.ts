import { ask, enter } from './api.ts';
import { config, say } from './config.ts';
import { announceError, el } from './dom.ts';
import { Failure } from './failure.ts';

interface Provider {
  readonly name: string;
  readonly label: string;
  readonly url: string;
}

/** What the code that comes back is exchanged with (RFC 7636). It is no credential, and works in this tab only. */
const VERIFIER = 'gatehouse-login-verifier';

/** A link for each login provider. Without WebCrypto, which browsers have on safe origins only, there are none. */
export async function providerButtons(): Promise<HTMLElement[]> {
  if (!config.can.connect || !isSecureContext) return [];
  const { loginProviders } = await ask<{ loginProviders: readonly Provider[] | null }>('loginProviders');
  return (loginProviders ?? []).map(({ label, url }) => {
    const link = el('a', { href: url, class: 'quiet' }, say('loginWithProvider', { provider: label }));
    link.addEventListener('click', (event) => {
      event.preventDefault();
      void begin(url).catch(announceError);
    });
    return link;
  });
}

async function begin(url: string): Promise<void> {
  const verifier = base64Url(crypto.getRandomValues(new Uint8Array(32)));
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  sessionStorage.setItem(VERIFIER, verifier);
  const returnTo = new URLSearchParams(location.search).get('returnTo');
  const redirect = new URL(config.loginPage);
  if (returnTo !== null) redirect.searchParams.set('returnTo', returnTo);
  const start = new URL(url);
  start.searchParams.set('redirect', redirect.href);
  start.searchParams.set('code_challenge', base64Url(new Uint8Array(digest)));
  start.searchParams.set('code_challenge_method', 'S256');
  location.assign(start);
}

/** Ends a login with a provider that came back to this address. Its parameters leave the address bar first. */
export async function endProviderLogin(attempt: (enter: () => Promise<boolean>) => Promise<void>): Promise<void> {
  const parameters = new URLSearchParams(location.search);
  const [code, error] = [parameters.get('code'), parameters.get('error')];
  if (code === null && error === null) return;
  for (const name of ['code', 'error', 'error_description']) parameters.delete(name);
  history.replaceState(null, '', `${location.pathname}${parameters.size === 0 ? '' : `?${parameters}`}`);
  const verifier = sessionStorage.getItem(VERIFIER);
  sessionStorage.removeItem(VERIFIER);
  // A link of somebody else would log this browser in to their account.
  if (error !== null || code === null || verifier === null) throw new Failure(messageFor(error));
  await attempt(() => enter('loginWithProvider', { code, verifier }));
}

/** By its code: the text in the address is whatever somebody put there. */
function messageFor(error: string | null): string {
  const { words } = config;
  const known: Readonly<Record<string, string>> = {
    access_denied: words.messageCancelled,
    provider_unreachable: words.messageProviderGone,
    email_taken: words.messageTaken,
    not_linked: words.messageNotLinked,
    sign_ups_disabled: words.messageNoSignUps,
    blocked: words.messageBlocked,
    unconfirmed: words.messageUnconfirmed,
  };
  if (error === null) return words.messageElsewhere;
  return new Map(Object.entries(known)).get(error) ?? words.connectRefusedTitle;
}

function base64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
