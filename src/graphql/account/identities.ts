import type { UserAccounts } from '../../accounts/accounts.ts';
import {
  beginLink,
  completeLink,
  identityId,
  listIdentities,
  unlinkProvider,
} from '../../accounts/providers/identities.ts';
import { askedByUser } from '../../authentication/asked-by.ts';
import type { Identity } from '../../generated/prisma/client.ts';
import type { Builder } from '../builder.ts';

const ACTION = 'user.identities';

/** Adds what users see and change of their identities at login providers. */
export function addIdentities(builder: Builder, accounts: UserAccounts): void {
  const identity = builder.objectRef<Identity>('UsersPermissionsIdentity').implement({
    description: 'A login provider that the user can log in with.',
    fields: (t) => ({
      id: t.id({ nullable: false, resolve: identityId }),
      provider: t.exposeString('provider', { nullable: false }),
      label: t.string({ nullable: false, resolve: ({ provider }) => accounts.providers.list.labelOf(provider) }),
      email: t.exposeString('email', { nullable: true, description: 'The address that the provider gave last.' }),
      createdAt: t.expose('createdAt', { type: 'DateTime', nullable: false }),
      lastUsedAt: t.expose('lastUsedAt', {
        type: 'DateTime',
        nullable: true,
        description: 'When the user last logged in with it; null if it was linked and not used yet.',
      }),
    }),
  });
  builder.queryField('identities', (t) =>
    t.field({
      type: [identity],
      nullable: { list: true, items: false },
      description: 'The login providers that the user of the token can log in with, the oldest first.',
      authScopes: { action: ACTION },
      resolve: (_root, _args, context) => listIdentities(accounts, askedByUser(context, ACTION).viewer),
    }),
  );

  const linkStart = builder.objectRef<{ readonly url: string }>('LinkStart').implement({
    description: 'Where the browser goes to link a login provider.',
    fields: (t) => ({
      url: t.exposeString('url', {
        nullable: false,
        description: 'The address that the browser opens, within five minutes.',
      }),
    }),
  });
  builder.mutationField('linkProvider', (t) =>
    t.field({
      type: linkStart,
      nullable: true,
      description:
        'Begins to link a login provider to the user of the token. `completeLink` ends it, in the same session.',
      authScopes: { action: ACTION },
      args: {
        provider: t.arg.string({ required: true }),
        redirect: t.arg.string({ description: 'The page to return to, with the parameter `code`.' }),
      },
      resolve: (_root, { provider, redirect = null }, context) =>
        beginLink(accounts, { provider, redirect }, askedByUser(context, ACTION)),
    }),
  );
  builder.mutationField('completeLink', (t) =>
    t.field({
      type: identity,
      nullable: true,
      description:
        'Links the login provider, with the code that the page got. Only the session that began can do this.',
      authScopes: { action: ACTION },
      args: { code: t.arg.string({ required: true }) },
      resolve: (_root, { code }, context) => completeLink(accounts, code, askedByUser(context, ACTION)),
    }),
  );

  const unlinked = builder.objectRef<{ readonly id: string }>('UnlinkedIdentity').implement({
    description: 'The identity that was unlinked.',
    fields: (t) => ({ id: t.exposeID('id', { nullable: false }) }),
  });
  builder.mutationField('unlinkProvider', (t) =>
    t.field({
      type: unlinked,
      nullable: true,
      description: 'Unlinks a login provider from the user of the token. The last way to log in stays.',
      authScopes: { action: ACTION },
      args: { id: t.arg.id({ required: true, description: 'The id of the identity.' }) },
      resolve: async (_root, { id }, context) => {
        await unlinkProvider(accounts, id, askedByUser(context, ACTION));
        return { id };
      },
    }),
  );
}
