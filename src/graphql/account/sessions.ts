import { notFound } from '../../common/errors.ts';
import type { Builder } from '../builder.ts';
import { personOf } from './me.ts';
import type { AccountServices } from './services.ts';

interface Session {
  readonly documentId: string;
  readonly userAgent: string | null;
  readonly address: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date;
  readonly expiresAt: Date;
}

/** More than these nobody looks through. */
const AT_MOST = 100;

/** `sessions` and `revokeSession`: where somebody is logged in, and an end to it. */
export function addSessions(builder: Builder, { prisma, sessions, clock }: AccountServices): void {
  const session = builder.objectRef<Session>('UsersPermissionsSession').implement({
    fields: (t) => ({
      documentId: t.exposeID('documentId', { nullable: false }),
      device: t.exposeString('userAgent', { nullable: true, description: 'What the client said that it is.' }),
      address: t.exposeString('address', { nullable: false, description: 'From where it was used last.' }),
      createdAt: t.expose('createdAt', { type: 'DateTime', nullable: false }),
      lastUsedAt: t.expose('lastUsedAt', { type: 'DateTime', nullable: false, description: 'To within five minutes.' }),
      expiresAt: t.expose('expiresAt', { type: 'DateTime', nullable: false }),
      current: t.boolean({
        nullable: false,
        description: 'Whether it is the session of the token.',
        resolve: ({ documentId }, _args, { viewer }) => viewer.kind === 'user' && viewer.session === documentId,
      }),
    }),
  });

  builder.queryField('sessions', (t) =>
    t.field({
      type: [session],
      nullable: { list: true, items: false },
      description: 'Where the user of the token is logged in, the one that was used last first: a hundred at most.',
      authScopes: { action: 'user.sessions' },
      resolve: (_root, _args, { viewer }) => {
        const { id } = personOf(viewer, 'user.sessions');
        const now = clock();
        return prisma.session.findMany({
          where: { userId: id, expiresAt: { gt: now }, OR: [{ idleUntil: null }, { idleUntil: { gt: now } }] },
          orderBy: [{ lastUsedAt: 'desc' }, { id: 'desc' }],
          take: AT_MOST,
        });
      },
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
        const { id: userId } = personOf(context.viewer, 'user.revokeSession');
        if (!(await sessions.end({ userId, documentId }, context))) throw notFound('Session not found');
        return { documentId };
      },
    }),
  );
}
