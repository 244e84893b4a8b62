import type { UserAccounts } from '../../accounts/accounts.ts';
import { listSessions, revokeSession } from '../../accounts/own-sessions.ts';
import { impersonatorName } from '../../accounts/sessions/impersonator-name.ts';
import type { OwnSession } from '../../accounts/sessions/sessions.ts';
import { askedByUser } from '../../authentication/asked-by.ts';
import type { Builder } from '../builder.ts';
import { AMR } from '../common-descriptions.ts';

/** Adds `sessions` and `revokeSession`. */
export function addSessions(builder: Builder, accounts: UserAccounts): void {
  const session = builder.objectRef<OwnSession>('UsersPermissionsSession').implement({
    fields: (t) => ({
      documentId: t.exposeID('documentId', { nullable: false }),
      device: t.exposeString('userAgent', { nullable: true, description: 'The user agent that the client sent.' }),
      address: t.exposeString('address', { nullable: false, description: 'The network address of the last use.' }),
      createdAt: t.expose('createdAt', { type: 'DateTime', nullable: false }),
      lastUsedAt: t.expose('lastUsedAt', {
        type: 'DateTime',
        nullable: false,
        description: 'The time of the last use, exact to five minutes.',
      }),
      expiresAt: t.expose('expiresAt', { type: 'DateTime', nullable: false }),
      amr: t.exposeStringList('amr', { nullable: false, description: AMR }),
      impersonatedBy: t.string({
        nullable: true,
        description: 'The name of the administrator who acts as the user in this session.',
        resolve: (session) => impersonatorName(accounts.prisma, session),
      }),
      current: t.boolean({
        nullable: false,
        description: 'Whether it is the session of the token in use.',
        resolve: ({ documentId }, _args, { viewer }) => viewer.kind === 'user' && viewer.session === documentId,
      }),
    }),
  });

  builder.queryField('sessions', (t) =>
    t.field({
      type: [session],
      nullable: { list: true, items: false },
      description: 'The sessions of the user of the token, last used first: a hundred at most.',
      authScopes: { action: 'user.sessions' },
      resolve: (_root, _args, context) => listSessions(accounts, askedByUser(context, 'user.sessions').viewer),
    }),
  );

  const revoked = builder.objectRef<{ readonly documentId: string }>('RevokedSession').implement({
    fields: (t) => ({ documentId: t.exposeID('documentId', { nullable: false }) }),
  });
  builder.mutationField('revokeSession', (t) =>
    t.field({
      type: revoked,
      nullable: true,
      description: 'Ends one session of the user of the token.',
      authScopes: { action: 'user.revokeSession' },
      args: { documentId: t.arg.id({ required: true }) },
      resolve: async (_root, { documentId }, context) => {
        await revokeSession(accounts, documentId, askedByUser(context, 'user.revokeSession'));
        return { documentId };
      },
    }),
  );
}
