import type { Builder } from '../builder.ts';
import { personOf } from './me.ts';
import type { AccountServices } from './services.ts';
import type { AccountTypes } from './types.ts';

export function addLogout(builder: Builder, types: AccountTypes, { prisma, sessions }: AccountServices): void {
  builder.mutationField('logout', (t) =>
    t.field({
      type: types.passwordPayload,
      nullable: true,
      description: 'Ends the session of the token, and that of the refresh token where it is a cookie.',
      authScopes: { action: 'auth.logout' },
      resolve: async (_root, _args, { viewer, refreshCookie }) => {
        if (viewer.kind === 'user') await prisma.session.deleteMany({ where: { documentId: viewer.session } });
        if (refreshCookie.token !== undefined) {
          await sessions.endByRefreshToken(refreshCookie.token);
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
      resolve: async (_root, _args, { viewer, refreshCookie }) => {
        const { id } = personOf(viewer, 'auth.logoutEverywhere');
        await prisma.$transaction([
          prisma.user.update({ where: { id }, data: { tokenVersion: { increment: 1 } }, select: { id: true } }),
          prisma.session.deleteMany({ where: { userId: id } }),
        ]);
        if (refreshCookie.token !== undefined) refreshCookie.clear();
        return { ok: true };
      },
    }),
  );
}
