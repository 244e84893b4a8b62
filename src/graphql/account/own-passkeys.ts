import type { Accounts } from '../../accounts/accounts.ts';
import { addPasskey, listPasskeys, removePasskey, renamePasskey } from '../../accounts/passkeys/manage-passkeys.ts';
import { passkeyOptions } from '../../accounts/passkeys/passkey-options.ts';
import type { Person } from '../../accounts/realms/realm.ts';
import type { AskedBy } from '../../authentication/actor-of.ts';
import type { Viewer } from '../../authentication/viewer.ts';
import type { Passkey } from '../../generated/prisma/client.ts';
import type { Builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { addScalar } from '../scalars/scalars.ts';

export const LOGIN_WITH_PASSKEY = 'auth.loginWithPasskey';

const ID = 'The id of the passkey.';
const NAME = 'What to call it: at most 100 characters.';

type Action = `${string}.${string}`;

/** What differs between users and administrators. */
export interface PasskeyDoor<Me extends Viewer> {
  readonly read: Action;
  readonly change: Action;
  /** @throws ApiError FORBIDDEN for a viewer without an account. */
  readonly asked: (context: Context, action: string) => AskedBy<Me>;
}

/** Adds what owners of accounts do with their passkeys, on both endpoints: everything but the login itself. */
export function addOwnPasskeys<Account extends Person, Me extends Viewer>(
  builder: Builder,
  accounts: Accounts<Account, Me>,
  door: PasskeyDoor<Me>,
): void {
  addScalar(builder, 'JSON');
  addOptions(builder, accounts, door);
  addOwn(builder, accounts, door);
}

/** The arguments of `loginWithPasskey`, with their descriptions. */
export const CHALLENGE = '`challenge` of the options for `LOGIN`.';
export const RESPONSE = 'What the browser returned.';

function addOptions<Account extends Person, Me extends Viewer>(
  builder: Builder,
  accounts: Accounts<Account, Me>,
  { change, asked }: PasskeyDoor<Me>,
): void {
  const purpose = builder.enumType('PasskeyPurpose', {
    description: 'What a passkey is asked for.',
    values: {
      REGISTER: { description: 'To make one and add it to the account of the token. Sensitive.' },
      LOGIN: { description: 'To log in, alone or as the second factor.' },
      STEP_UP: { description: 'To prove again who the owner of the account of the token is.' },
    } as const,
  });
  builder.mutationField('passkeyOptions', (t) =>
    t.field({
      type: 'JSON',
      nullable: true,
      description:
        'What a browser needs to make a passkey, or to show one: the options of WebAuthn in their JSON. The challenge in them is good for five minutes, and once.',
      authScopes: { action: LOGIN_WITH_PASSKEY },
      args: { purpose: t.arg({ type: purpose, required: true, description: 'What the passkey is asked for.' }) },
      resolve: (_root, { purpose }, context) =>
        passkeyOptions(accounts, purpose, context, () => asked(context, change)),
    }),
  );
}

function addOwn<Account extends Person, Me extends Viewer>(
  builder: Builder,
  accounts: Accounts<Account, Me>,
  { read, change, asked }: PasskeyDoor<Me>,
): void {
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
      description: 'The passkeys of the account of the token, the oldest first.',
      authScopes: { action: read },
      resolve: (_root, _args, context) => listPasskeys(accounts, asked(context, read).viewer),
    }),
  );
  builder.mutationField('addPasskey', (t) =>
    t.field({
      type: passkey,
      nullable: true,
      description: 'Adds the passkey that a browser made with the options for `REGISTER`. Sensitive.',
      authScopes: { action: change },
      args: {
        response: t.arg({ type: 'JSON', required: true, description: RESPONSE }),
        name: t.arg.string({ required: true, description: NAME }),
      },
      resolve: (_root, input, context) => addPasskey(accounts, input, asked(context, change)),
    }),
  );
  builder.mutationField('renamePasskey', (t) =>
    t.field({
      type: passkey,
      nullable: true,
      description: 'Gives a passkey another name. Sensitive.',
      authScopes: { action: change },
      args: {
        id: t.arg.id({ required: true, description: ID }),
        name: t.arg.string({ required: true, description: NAME }),
      },
      resolve: (_root, input, context) => renamePasskey(accounts, input, asked(context, change)),
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
      authScopes: { action: change },
      args: { id: t.arg.id({ required: true, description: ID }) },
      resolve: async (_root, { id }, context) => {
        await removePasskey(accounts, id, asked(context, change));
        return { id };
      },
    }),
  );
}
