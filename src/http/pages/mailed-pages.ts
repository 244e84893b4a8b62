import type { Handler } from '../route-handler.ts';
import { documentHash } from './document-hash.ts';
import { escaped, inScript, type PageContent, type Pages, pageHandler } from './pages.ts';
import type { Words } from './words/en.ts';
import { messagesIn, type Spoken } from './words/words.ts';

/**
 * The pages that mails link to until the settings name pages of your own front end. The code is in the fragment, which browsers
 * do not send, and nothing happens until the user presses the button: mail programs that open links cannot use up a code.
 */
export function mailedPages(pages: Pages): Readonly<Record<`GET ${string}`, Handler>> {
  const form = (page: FormPage) => pageHandler(pages, (spoken) => formOf(page, spoken));
  return {
    'GET /reset-password': form({ ...choosePassword('user { id }'), path: '/reset-password', endpoint: '/graphql' }),
    'GET /confirm-email': form(CONFIRM_EMAIL),
    'GET /login-code': pageHandler(pages, loginCode),
    'GET /disown-login': form(DISOWN_LOGIN),
    'GET /accept-invitation': form(ACCEPT_INVITATION),
    // For administrators, at their own endpoint.
    'GET /admin/reset-password': form({
      ...choosePassword('admin { documentId }'),
      path: '/admin/reset-password',
      endpoint: '/admin/graphql',
    }),
  };
}

interface FormPage {
  /** The page's path, and the endpoint of its mutation. A proxy may put the same prefix before both. */
  readonly path: string;
  readonly endpoint: string;
  readonly title: keyof Words;
  readonly fields: readonly Field[];
  readonly button: keyof Words;
  readonly done: keyof Words;
  /** Its variables are the fields and the parameters in the fragment. */
  readonly mutation: string;
}

interface Field {
  readonly label: keyof Words;
  /** As HTML writes them. */
  readonly attributes: string;
}

const NEW_PASSWORD = 'name="password" type="password" autocomplete="new-password" minlength="8" required';
const ONCE_MORE = {
  label: 'onceMore',
  attributes: 'name="passwordConfirmation" type="password" autocomplete="new-password" required',
} as const satisfies Field;

const DISOWN_LOGIN: FormPage = {
  path: '/disown-login',
  endpoint: '/graphql',
  title: 'disownTitle',
  fields: [],
  button: 'disownButton',
  done: 'disownDone',
  mutation: 'mutation ($code: String!) { disownLogin(code: $code) { ok } }',
};

const ACCEPT_INVITATION: FormPage = {
  path: '/accept-invitation',
  endpoint: '/graphql',
  title: 'inviteTitle',
  fields: [
    { label: 'username', attributes: 'name="username" autocomplete="username" minlength="3" required' },
    { label: 'password', attributes: NEW_PASSWORD },
    ONCE_MORE,
  ],
  button: 'inviteButton',
  done: 'inviteDone',
  mutation: `mutation ($code: String!, $username: String!, $password: String!, $passwordConfirmation: String!) {
      acceptInvitation(code: $code, username: $username, password: $password, passwordConfirmation: $passwordConfirmation) { user { id } }
    }`,
};

const CONFIRM_EMAIL: FormPage = {
  path: '/confirm-email',
  endpoint: '/graphql',
  title: 'confirmTitle',
  fields: [],
  button: 'confirmButton',
  done: 'confirmDone',
  mutation: 'mutation ($confirmation: String!) { emailConfirmation(confirmation: $confirmation) { user { id } } }',
};

function choosePassword(selection: string): Omit<FormPage, 'path' | 'endpoint'> {
  return {
    title: 'chooseTitle',
    fields: [{ label: 'newPassword', attributes: NEW_PASSWORD }, ONCE_MORE],
    button: 'chooseButton',
    done: 'chooseDone',
    mutation: `mutation ($code: String!, $password: String!, $passwordConfirmation: String!) {
      resetPassword(code: $code, password: $password, passwordConfirmation: $passwordConfirmation) { ${selection} }
    }`,
  };
}

/** It shows the code, which is typed elsewhere, so that opening the link uses nothing up. */
function loginCode({ words }: Spoken): PageContent {
  return {
    title: words.codeTitle,
    body: `<p>${escaped(words.codeAbout)}</p>\n<output class="code"></output>`,
    script: `document.querySelector('output').textContent = new URLSearchParams(location.hash.slice(1)).get('code') ?? ${inScript(words.codeMissing)};`,
  };
}

function formOf({ path, endpoint, title, fields, button, done, mutation }: FormPage, spoken: Spoken): PageContent {
  const { words } = spoken;
  const script = `
const form = document.querySelector('form');
const front = location.pathname.slice(0, Math.max(0, location.pathname.lastIndexOf(${inScript(path)})));
const say = (text) => { document.querySelector('output').textContent = text; };
const messages = new Map(Object.entries(${inScript(messagesIn(spoken))}));
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const variables = Object.fromEntries([...new URLSearchParams(location.hash.slice(1)), ...new FormData(form)]);
  form.querySelector('button').disabled = true;
  try {
    const answer = await fetch(front + ${inScript(endpoint)}, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: ${inScript(mutation)}, variables, extensions: { persistedQuery: { version: 1, sha256Hash: ${inScript(documentHash(mutation))} } } }),
    });
    const { errors } = await answer.json();
    // The password was set, and a login would go on with the second factor.
    if (!errors || errors.every((error) => error.extensions?.code === 'SECOND_FACTOR_REQUIRED')) { form.remove(); say(${inScript(words[done])}); return; }
    say(errors.flatMap((error) => error.extensions?.error?.details?.errors ?? [error]).map(({ message }) => messages.get(message) ?? message).join('. '));
  } catch {
    say(${inScript(words.unreachable)});
  }
  form.querySelector('button').disabled = false;
});
`;
  const labels = fields.map(({ label, attributes }) => `<label>${escaped(words[label])} <input ${attributes}></label>`);
  const body = `<form>
${labels.map((label) => `${label}\n`).join('')}<button>${escaped(words[button])}</button>
</form>
<output role="status"></output>`;
  return { title: words[title], body, script };
}

/** What the pages send to `/graphql`: also a server that executes trusted documents only has to know them. */
export const MAILED_DOCUMENTS: readonly string[] = [
  choosePassword('user { id }'),
  CONFIRM_EMAIL,
  DISOWN_LOGIN,
  ACCEPT_INVITATION,
].map(({ mutation }) => mutation);
