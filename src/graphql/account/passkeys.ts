import type { UserAccounts } from '../../accounts/accounts.ts';
import { logInWithPasskey } from '../../accounts/passkeys/log-in-with-passkey.ts';
import { addPasskey, listPasskeys, removePasskey, renamePasskey } from '../../accounts/passkeys/manage-passkeys.ts';
import { passkeyOptions } from '../../accounts/passkeys/passkey-options.ts';
import { askedByUser } from '../../authentication/asked-by.ts';
import type { Passkey } from '../../generated/prisma/client.ts';
import type { Builder } from '../builder.ts';
import { addScalar } from '../scalars/scalars.ts';
import { loginPayload } from './login-payload.ts';
import type { AccountTypes } from './types.ts';

const LOGIN = 'auth.loginWithPasskey';
const READ = 'user.passkeys';
const CHANGE = 'user.changePasskeys';

const ID = 'The id of the passkey.';
const NAME = 'What to call it: at most 100 characters.';

/** Adds what users do with passkeys. */
export function addPasskeys(builder: Builder, types: AccountTypes, accounts: UserAccounts): void {
  addScalar(builder, 'JSON');
  addLogin(builder, types, accounts);
  addOwn(builder, accounts);
}

function addLogin(builder: Builder, types: AccountTypes, accounts: UserAccounts): void {
  const purpose = builder.enumType('PasskeyPurpose', {
    description: 'What a passkey is asked for.',
    values: {
      REGISTER: { description: 'To make one and add it to the account of the token. Sensitive.' },
      LOGIN: { description: 'To log in, alone or as the second factor.' },
      STEP_UP: { description: 'To prove again who the user of the token is.' },
    } as const,
  });
  builder.mutationField('passkeyOptions', (t) =>
    t.field({
      type: 'JSON',
      nullable: true,
      description:
        'What a browser needs to make a passkey, or to show one: the options of WebAuthn in their JSON. The challenge in them is good for five minutes, and once.',
      authScopes: { action: LOGIN },
      args: { purpose: t.arg({ type: purpose, required: true, description: 'What the passkey is asked for.' }) },
      resolve: (_root, { purpose }, context) => passkeyOptions(accounts, purpose, context),
    }),
  );
  builder.mutationField('loginWithPasskey', (t) =>
    t.field({
      type: types.loginPayload,
      nullable: true,
      description: 'Returns a token for a passkey. Nobody types a name, and no login asks for a second factor then.',
      authScopes: { action: LOGIN },
      args: {
        challenge: t.arg.string({ required: true, description: '`challenge` of the options for `LOGIN`.' }),
        response: t.arg({ type: 'JSON', required: true, description: 'What the browser returned.' }),
      },
      resolve: async (_root, input, context) =>
        loginPayload(await logInWithPasskey(accounts, input, context), context.refreshCookie),
    }),
  );
}

function addOwn(builder: Builder, accounts: UserAccounts): void {
  const passkey = builder.objectRef<Passkey>('Passkey').implement({
    description: 'A passkey of an account.',
    fields: (t) => ({
      id: t.exposeID('id', { nullable: false, description: 'For `renamePasskey` and `removePasskey`.' }),
      name: t.exposeString('name', { nullable: false, description: 'What its owner calls it.' }),
      createdAt: t.expose('createdAt', { type: 'DateTime', nullable: false }),
      lastUsedAt: t.expose('lastUsedAt', {
        type: 'DateTime',
        nullable: true,
        description: 'When it was used last; null if it was not used yet.',
      }),
      backedUp: t.exposeBoolean('backedUp', {
        nullable: false,
        description: 'Whether it is synced. If not, it is lost with its device.',
      }),
      transports: t.exposeStringList('transports', {
        nullable: false,
        description: 'How browsers reach it: `internal`, `hybrid`, `usb` and the like.',
      }),
      aaguid: t.exposeString('aaguid', {
        nullable: false,
        description: 'The model of the authenticator; nothing but zeros where that is not known.',
      }),
    }),
  });
  builder.queryField('passkeys', (t) =>
    t.field({
      type: [passkey],
      nullable: { list: true, items: false },
      description: 'The passkeys of the user of the token, the oldest first.',
      authScopes: { action: READ },
      resolve: (_root, _args, context) => listPasskeys(accounts, askedByUser(context, READ).viewer),
    }),
  );
  builder.mutationField('addPasskey', (t) =>
    t.field({
      type: passkey,
      nullable: true,
      description: 'Adds the passkey that a browser made with the options for `REGISTER`. Sensitive.',
      authScopes: { action: CHANGE },
      args: {
        response: t.arg({ type: 'JSON', required: true, description: 'What the browser returned.' }),
        name: t.arg.string({ required: true, description: NAME }),
      },
      resolve: (_root, input, context) => addPasskey(accounts, input, askedByUser(context, CHANGE)),
    }),
  );
  builder.mutationField('renamePasskey', (t) =>
    t.field({
      type: passkey,
      nullable: true,
      description: 'Gives a passkey another name. Sensitive.',
      authScopes: { action: CHANGE },
      args: {
        id: t.arg.id({ required: true, description: ID }),
        name: t.arg.string({ required: true, description: NAME }),
      },
      resolve: (_root, input, context) => renamePasskey(accounts, input, askedByUser(context, CHANGE)),
    }),
  );
  const removed = builder.objectRef<{ readonly id: string }>('RemovedPasskey').implement({
    description: 'The passkey that was removed.',
    fields: (t) => ({ id: t.exposeID('id', { nullable: false, description: ID }) }),
  });
  builder.mutationField('removePasskey', (t) =>
    t.field({
      type: removed,
      nullable: true,
      description: 'Removes a passkey. The last way to log in stays. Sensitive.',
      authScopes: { action: CHANGE },
      args: { id: t.arg.id({ required: true, description: ID }) },
      resolve: async (_root, { id }, context) => {
        await removePasskey(accounts, id, askedByUser(context, CHANGE));
        return { id };
      },
    }),
  );
}
