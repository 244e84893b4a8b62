import { ask } from './api.ts';
import { say } from './config.ts';
import { button, el, form } from './dom.ts';
import { Failure } from './failure.ts';
import { hasPasskeys, showPasskey } from './webauthn.ts';

/** Does something; where the server wants a proof of who the user is first, asks for it, and does it then. */
export async function sensitive<Value>(act: () => Promise<Value>): Promise<Value> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'STEP_UP_REQUIRED') throw error;
    await prove(error.methods);
    return act();
  }
}

/** @throws Failure when the user closes the dialog. */
function prove(methods: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    let isProven = false;
    const title = el('h2', { id: 'step-up' }, say('stepUpTitle'));
    const dialog = el('dialog', { 'aria-labelledby': 'step-up' }, title, el('p', {}, say('stepUpAbout')));
    const send = async (input: object) => {
      await ask('stepUp', { input });
      isProven = true;
      dialog.close();
    };
    dialog.append(...waysOf(methods, send));
    dialog.append(button(say('cancel'), () => dialog.close()));
    dialog.addEventListener('close', () => {
      dialog.remove();
      if (isProven) resolve();
      else reject(new Failure(say('stepUpCancelled')));
    });
    document.querySelector('main')?.append(dialog);
    dialog.showModal();
  });
}

function waysOf(methods: readonly string[], send: (input: object) => Promise<void>): HTMLElement[] {
  const ways: HTMLElement[] = [];
  if (methods.includes('password')) {
    const field = { name: 'password', label: say('password'), type: 'password', autocomplete: 'current-password' };
    ways.push(form({ fields: [field], button: say('confirm'), submit: ({ password }) => send({ password }) }));
  }
  if (methods.includes('totp')) {
    ways.push(form({ fields: [codeField('totp')], button: say('confirm'), submit: ({ totp }) => send({ totp }) }));
  }
  if (methods.includes('code')) ways.push(mailedCode(send));
  if (methods.includes('passkey') && hasPasskeys()) {
    const error = el('p', { class: 'error', role: 'alert', hidden: true });
    const sayError = (thrown: unknown) => {
      error.textContent = thrown instanceof Failure ? thrown.message : say('unexpected');
      error.hidden = false;
    };
    const use = button(say('usePasskey'), async () => send({ passkey: (await showPasskey('STEP_UP')).response }), {
      say: sayError,
    });
    ways.push(el('div', { class: 'part' }, error, use));
  }
  return ways;
}

function mailedCode(send: (input: object) => Promise<void>): HTMLElement {
  const part = el('div', { class: 'part' });
  const begin = form({
    fields: [],
    button: say('sendCode'),
    submit: async () => {
      await ask('sendStepUpCode');
      const typed = form({ fields: [codeField('code')], button: say('confirm'), submit: ({ code }) => send({ code }) });
      part.replaceChildren(el('p', { role: 'status' }, say('stepUpMailed')), typed);
      typed.querySelector('input')?.focus();
    },
  });
  part.append(begin);
  return part;
}

/** A field for a code of digits. */
export function codeField(name: string) {
  const attributes = { inputmode: 'numeric', spellcheck: 'false' };
  return { name, label: say('code'), autocomplete: 'one-time-code', attributes };
}
