import { ask } from './api.ts';
import { say, time } from './config.ts';
import { announce, button, el, form, show } from './dom.ts';
import { navigation } from './links.ts';
import { sensitive } from './step-up.ts';
import { hasPasskeys, makePasskey } from './webauthn.ts';

interface Passkey {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
  readonly backedUp: boolean;
}

export async function showPasskeys(): Promise<void> {
  const { passkeys } = await ask<{ passkeys: readonly Passkey[] }>('passkeys');
  show(
    say('passkeysTitle'),
    [
      navigation(),
      el('p', {}, say('passkeysAbout')),
      passkeys.length === 0
        ? el('p', { class: 'muted' }, say('noPasskeys'))
        : el('ul', { class: 'list' }, ...passkeys.map(entry)),
      hasPasskeys() ? addForm() : el('p', { class: 'muted' }, say('passkeysImpossible')),
    ],
    { wide: true, focus: false },
  );
}

function addForm(): HTMLElement {
  return form({
    fields: [{ name: 'name', label: say('passkeyName'), autocomplete: 'off', hint: say('passkeyNameHint') }],
    button: say('addPasskey'),
    submit: async ({ name = '' }) => {
      const response = await sensitive(makePasskey);
      await sensitive(() => ask('addPasskey', { response, name }));
      await showPasskeys();
      announce(say('passkeyAdded'));
    },
  });
}

function entry({ id, name, createdAt, lastUsedAt, backedUp }: Passkey): HTMLElement {
  const facts = [
    say('passkeyCreated', { time: time(createdAt) }),
    lastUsedAt === null ? say('passkeyUnused') : say('passkeyUsed', { time: time(lastUsedAt) }),
    ...(backedUp ? [] : [say('passkeyNotSynced')]),
  ];
  const rename = button(say('rename'), () => item.replaceChildren(renameForm({ id, name })), {
    label: say('renameOf', { name }),
  });
  const remove = button(
    say('remove'),
    async () => {
      await sensitive(() => ask('removePasskey', { id }));
      await showPasskeys();
      announce(say('passkeyRemoved'));
    },
    { kind: 'danger', label: say('removeOf', { name }) },
  );
  const about = el(
    'div',
    { class: 'about' },
    el('p', {}, el('strong', {}, name)),
    el('p', { class: 'muted' }, facts.join(' · ')),
  );
  const item = el('li', {}, about, el('div', { class: 'row' }, rename, remove));
  return item;
}

function renameForm({ id, name }: Pick<Passkey, 'id' | 'name'>): HTMLElement {
  const made = form({
    fields: [{ name: 'name', label: say('passkeyName'), autocomplete: 'off', value: name }],
    button: say('save'),
    beside: [button(say('cancel'), showPasskeys)],
    submit: async ({ name: other = '' }) => {
      await sensitive(() => ask('renamePasskey', { id, name: other }));
      await showPasskeys();
      announce(say('passkeyRenamed'));
    },
  });
  queueMicrotask(() => made.querySelector('input')?.focus());
  return made;
}
