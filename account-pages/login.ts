import { ask, enter } from './api.ts';
import { config, say } from './config.ts';
import { announce, announceError, button, el, form, show } from './dom.ts';
import { Failure } from './failure.ts';
import { link } from './links.ts';
import { providerButtons } from './providers.ts';
import { currentPage, go } from './router.ts';
import { codeField } from './step-up.ts';
import { hasPasskeys, showPasskey } from './webauthn.ts';

/** Goes on after a login: to the page of the front end that the server has allowed, or to the account. */
export function loggedIn(): void {
  announce('');
  const isEntry = currentPage() === 'login' || currentPage() === 'register' || currentPage() === 'forgot-password';
  // Without the cookie, the other page would find nobody logged in.
  if (isEntry && config.cookie && config.returnTo !== null) location.replace(config.returnTo);
  else go(isEntry ? 'sessions' : currentPage());
}

/** Logs in by one of the ways, and asks for the second factor where there is one. */
export async function attempt(enterAccount: () => Promise<boolean>): Promise<void> {
  try {
    if (await enterAccount()) loggedIn();
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'SECOND_FACTOR_REQUIRED') throw error;
    announce('');
    showFactor(error.challenge, error.methods);
  }
}

export function showLogin(): void {
  const password = form({
    fields: [
      {
        name: 'identifier',
        label: say('identifier'),
        autocomplete: 'username',
        attributes: { autocapitalize: 'none', spellcheck: 'false' },
      },
      { name: 'password', label: say('password'), type: 'password', autocomplete: 'current-password' },
    ],
    button: say('loginButton'),
    submit: (input) => attempt(() => enter('login', { input })),
  });
  const providers = el('div', { class: 'stack' });
  show(say('loginTitle'), [
    password,
    el('div', { class: 'stack' }, passkeyButton(), config.can.loginWithCode && codeButton()),
    providers,
    links(),
  ]);
  void providerButtons().then((buttons) => providers.replaceChildren(...buttons), announceError);
}

function links(): HTMLElement {
  return el(
    'div',
    { class: 'row' },
    config.can.forgotPassword && link('forgot-password', say('forgotLink')),
    config.can.register && link('register', say('registerLink')),
  );
}

function passkeyButton(): HTMLElement | undefined {
  if (!config.can.loginWithPasskey || !hasPasskeys()) return undefined;
  return button(say('loginWithPasskey'), () =>
    attempt(async () => enter('loginWithPasskey', await showPasskey('LOGIN'))),
  );
}

function codeButton(): HTMLElement {
  return button(say('loginWithCode'), () => {
    announce('');
    showCodeLogin();
  });
}

function showCodeLogin(): void {
  const asked = form({
    fields: [{ name: 'email', label: say('email'), type: 'email', autocomplete: 'email' }],
    button: say('sendCode'),
    submit: async ({ email = '' }) => {
      await ask('sendLoginCode', { email });
      showTypedCode(email);
      announce(say('codeSent'));
    },
  });
  show(say('loginWithCode'), [asked, back()]);
}

function showTypedCode(email: string): void {
  const typed = form({
    fields: [codeField('code')],
    button: say('loginButton'),
    submit: ({ code = '' }) => attempt(() => enter('loginWithCode', { email, code: code.replace(/\s/g, '') })),
  });
  show(say('loginWithCode'), [typed, back()]);
}

function back(text = say('loginWithPassword')): HTMLElement {
  return button(text, () => {
    announce('');
    showLogin();
  });
}

/** What `methods` has in common with what this page can show, the best first. */
function showFactor(challenge: string, methods: readonly string[], chosen?: string): void {
  const usable = ['totp', 'passkey', 'backupCode'].filter(
    (method) => methods.includes(method) && (method !== 'passkey' || hasPasskeys()),
  );
  const method = chosen ?? usable[0] ?? methods[0] ?? '';
  const complete = (proof: object) => attempt(() => enter('completeLogin', { input: { challenge, ...proof } }));
  const others = usable
    .filter((other) => other !== method)
    .map((other) => button(textOf(other), () => showFactor(challenge, methods, other)));
  show(say('factorTitle'), [
    ...formOf(method, complete),
    el('div', { class: 'stack' }, ...others, back(say('beginAgain'))),
  ]);
}

function textOf(method: string): string {
  return say(method === 'totp' ? 'useTotp' : method === 'passkey' ? 'usePasskey' : 'useBackup');
}

function formOf(method: string, complete: (proof: object) => Promise<void>): HTMLElement[] {
  switch (method) {
    case 'totp': {
      const typed = form({
        fields: [codeField('totp')],
        button: say('loginButton'),
        submit: ({ totp }) => complete({ totp }),
      });
      return [el('p', {}, say('factorTotp')), typed];
    }
    case 'backupCode': {
      const field = { name: 'backupCode', label: say('backupCode'), autocomplete: 'off' };
      const typed = form({
        fields: [field],
        button: say('loginButton'),
        submit: ({ backupCode }) => complete({ backupCode }),
      });
      return [el('p', {}, say('factorBackup')), typed];
    }
    default:
      return [
        el('p', {}, say('factorPasskey')),
        el(
          'div',
          { class: 'stack' },
          button(say('usePasskey'), async () => complete({ passkey: (await showPasskey('LOGIN')).response }), {
            kind: '',
          }),
        ),
      ];
  }
}
