import { hashSource, PAGE_STYLE } from './page-style.ts';
import type { Exchange } from './route-handler.ts';

/**
 * The pages that mails link to until the settings name pages of your own front end. The code is in the fragment, which browsers
 * do not send, and nothing happens until the user presses the button: mail programs that open links cannot use up a code.
 */
export const accountPages = {
  resetPassword: page({ ...choosePassword('user { id }'), path: '/reset-password', endpoint: '/graphql' }),
  disownLogin: page({
    path: '/disown-login',
    endpoint: '/graphql',
    title: 'This login was not me',
    fields: '',
    button: 'End all sessions and choose another password',
    done: 'All sessions have ended, and the password no longer works. We sent you a mail with a link to choose another.',
    mutation: 'mutation ($code: String!) { disownLogin(code: $code) { ok } }',
  }),
  acceptInvitation: page({
    path: '/accept-invitation',
    endpoint: '/graphql',
    title: 'Accept the invitation',
    fields: `
      <label>Username <input name="username" autocomplete="username" minlength="3" required></label>
      <label>Password <input name="password" type="password" autocomplete="new-password" minlength="8" required></label>
      <label>Once more <input name="passwordConfirmation" type="password" autocomplete="new-password" required></label>`,
    button: 'Create my account',
    done: 'Thank you. Your account is there, and you can log in.',
    mutation: `mutation ($code: String!, $username: String!, $password: String!, $passwordConfirmation: String!) {
      acceptInvitation(code: $code, username: $username, password: $password, passwordConfirmation: $passwordConfirmation) { user { id } }
    }`,
  }),
  /** For administrators, at their own endpoint. */
  adminResetPassword: page({
    ...choosePassword('admin { documentId }'),
    path: '/admin/reset-password',
    endpoint: '/admin/graphql',
  }),
  /** It shows the code, which is typed elsewhere, so that opening the link uses nothing up. */
  loginCode: pageOf({
    title: 'Your code to log in',
    body: '<p>Type it on the page where you asked for it.</p>\n<output class="code"></output>',
    script: `document.querySelector('output').textContent = new URLSearchParams(location.hash.slice(1)).get('code') ?? 'There is no code in the address of this page.';`,
  }),
  confirmEmail: page({
    path: '/confirm-email',
    endpoint: '/graphql',
    title: 'Confirm your e-mail address',
    fields: '',
    button: 'Confirm',
    done: 'Thank you. Your address is confirmed, and you can log in.',
    mutation: 'mutation ($confirmation: String!) { emailConfirmation(confirmation: $confirmation) { user { id } } }',
  }),
};

function choosePassword(selection: string): Omit<Page, 'path' | 'endpoint'> {
  return {
    title: 'Choose a new password',
    fields: `
      <label>New password <input name="password" type="password" autocomplete="new-password" minlength="8" required></label>
      <label>Once more <input name="passwordConfirmation" type="password" autocomplete="new-password" required></label>`,
    button: 'Save the new password',
    done: 'Your password was changed. You can log in with it now.',
    mutation: `mutation ($code: String!, $password: String!, $passwordConfirmation: String!) {
      resetPassword(code: $code, password: $password, passwordConfirmation: $passwordConfirmation) { ${selection} }
    }`,
  };
}

interface Page {
  /** The page's path, and the endpoint of its mutation. A proxy may put the same prefix before both. */
  readonly path: string;
  readonly endpoint: string;
  readonly title: string;
  /** HTML. */
  readonly fields: string;
  readonly button: string;
  readonly done: string;
  /** Its variables are the fields and the parameters in the fragment. */
  readonly mutation: string;
}

function page({ title, fields, button, done, mutation, path, endpoint }: Page) {
  const script = `
const form = document.querySelector('form');
const front = location.pathname.slice(0, Math.max(0, location.pathname.lastIndexOf(${JSON.stringify(path)})));
const say = (text) => { document.querySelector('output').textContent = text; };
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const variables = Object.fromEntries([...new URLSearchParams(location.hash.slice(1)), ...new FormData(form)]);
  form.querySelector('button').disabled = true;
  try {
    const answer = await fetch(front + ${JSON.stringify(endpoint)}, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: ${JSON.stringify(mutation)}, variables }),
    });
    const { errors } = await answer.json();
    if (!errors) { form.remove(); say(${JSON.stringify(done)}); return; }
    say(errors.flatMap((error) => error.extensions?.error?.details?.errors ?? [error]).map((error) => error.message).join('. '));
  } catch {
    say('The server could not be reached. Please try again.');
  }
  form.querySelector('button').disabled = false;
});
`;
  const body = `<form>${fields}
<button>${button}</button>
</form>
<output role="status"></output>`;
  return pageOf({ title, body, script });
}

/** A page with a script. Nothing else runs in it or is loaded. */
function pageOf({ title, body, script }: { readonly title: string; readonly body: string; readonly script: string }) {
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${body}
</main>
<script>${script}</script>
</body>
</html>
`;
  const policy = [
    `default-src 'none'`,
    `script-src '${hashSource(script)}'`,
    `style-src '${hashSource(PAGE_STYLE)}'`,
    `connect-src 'self'`,
    `form-action 'none'`,
    `frame-ancestors 'none'`,
    `base-uri 'none'`,
  ].join('; ');
  return ({ response }: Exchange): void => {
    response
      .writeHead(200, {
        'Content-Type': 'text/html; charset=utf-8',
        'Content-Security-Policy': policy,
        'Referrer-Policy': 'no-referrer',
      })
      .end(html);
  };
}
