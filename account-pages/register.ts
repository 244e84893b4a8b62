import { ask, enter } from './api.ts';
import { config, say } from './config.ts';
import { announce, el, form, show } from './dom.ts';
import { link } from './links.ts';
import { loggedIn } from './login.ts';

export function showRegister(): void {
  if (!config.can.register) {
    show(say('registerTitle'), [el('p', {}, say('registerClosed')), link('login', say('loginLink'))]);
    return;
  }
  const typed = form({
    fields: [
      {
        name: 'username',
        label: say('username'),
        autocomplete: 'username',
        attributes: { autocapitalize: 'none', spellcheck: 'false' },
      },
      { name: 'email', label: say('email'), type: 'email', autocomplete: 'email' },
      { name: 'password', label: say('password'), type: 'password', autocomplete: 'new-password' },
    ],
    button: say('registerButton'),
    submit: async (input) => {
      if (await enter('register', { input })) loggedIn();
      else
        show(say('registerTitle'), [
          el('p', { role: 'status' }, say('registerMailed')),
          link('login', say('loginTitle')),
        ]);
    },
  });
  show(say('registerTitle'), [typed, link('login', say('loginLink'))]);
}

export function showForgotPassword(): void {
  const typed = form({
    fields: [{ name: 'email', label: say('email'), type: 'email', autocomplete: 'email' }],
    button: say('forgotButton'),
    submit: async ({ email }) => {
      await ask('forgotPassword', { email });
      show(say('forgotTitle'), [el('p', { role: 'status' }, say('forgotDone')), link('login', say('loginTitle'))]);
    },
  });
  announce('');
  show(say('forgotTitle'), [el('p', {}, say('forgotAbout')), typed, link('login', say('loginTitle'))]);
}
