import { actorOf } from '../../audit/actor.ts';
import { userTarget } from '../../audit/audit.ts';
import type { Builder } from '../builder.ts';
import { personOf } from './me.ts';
import type { AccountServices } from './services.ts';
import type { AccountTypes } from './types.ts';

export function addLogout(builder: Builder, types: AccountTypes, { prisma, sessions, audit }: AccountServices): void {
  builder.mutationField('logout', (t) =>
    t.field({
      type: types.passwordPayload,
      nullable: true,
      description: 'Ends the session of the token, and that of the refresh token where it is a cookie.',
      authScopes: { action: 'auth.logout' },
      resolve: async (_root, _args, context) => {
        const { viewer, refreshCookie } = context;
        if (viewer.kind === 'user') {
          await sessions.end({ userId: viewer.account.id, documentId: viewer.session }, context);
        }
        if (refreshCookie.token !== undefined) {
          await sessions.endByRefreshToken(refreshCookie.token, context);
          refreshCookie.clear();
        }
        return { ok: true };
      },
    }),
  );

  builder.mutationField('logoutEverywhere', (t) =>
    t.field({
      type: types.passwordPayload,
      nullable: true,
      description: 'Ends every session of the user of the token, this one too: every token dies at once.',
      authScopes: { action: 'auth.logoutEverywhere' },
      resolve: async (_root, _args, context) => {
        const { viewer, refreshCookie } = context;
        const person = personOf(viewer, 'auth.logoutEverywhere');
        const { id } = person;
        await prisma.$transaction(async (transaction) => {
          await transaction.user.update({
            where: { id },
            data: { tokenVersion: { increment: 1 } },
            select: { id: true },
          });
          await transaction.session.deleteMany({ where: { userId: id } });
          await audit.record(transaction, actorOf(context), { event: 'user.endSessions', target: userTarget(person) });
        });
        if (refreshCookie.token !== undefined) refreshCookie.clear();
        return { ok: true };
      },
    }),
  );
}
