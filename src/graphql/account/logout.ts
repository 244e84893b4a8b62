import { lockPerson } from '../../accounts/lock-account.ts';
import { endCredentialsOfUser } from '../../accounts/revoke-credentials.ts';
import { userTarget } from '../../audit/audit.ts';
import { actorOf } from '../../authentication/actor-of.ts';
import { forbidden } from '../../common/errors.ts';
import { inTransaction } from '../../database/retry.ts';
import type { Builder } from '../builder.ts';
import { userOf } from './me.ts';
import type { AccountServices } from './services.ts';
import type { AccountTypes } from './types.ts';

export function addLogout(builder: Builder, types: AccountTypes, services: AccountServices): void {
  const { prisma, sessions, audit, clock } = services;
  builder.mutationField('logout', (t) =>
    t.field({
      type: types.passwordPayload,
      nullable: true,
      description:
        'Ends the session of the token, also of one that has expired, and that of the refresh token where it is a cookie.',
      authScopes: { action: 'auth.logout' },
      resolve: async (_root, _args, context) => {
        const { viewer, ended, refreshCookie } = context;
        // A program has no session: an answer that all is well would be believed.
        if (viewer.kind === 'token') throw forbidden('auth.logout');
        if (viewer.kind === 'user') {
          await sessions.end({ userId: viewer.account.id, documentId: viewer.session }, context);
        } else if (ended) {
          // A token that expired is the session's all the same, which goes on as long as its refresh token does.
          await sessions.end({ userId: ended.id, documentId: ended.session }, context);
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
        const user = userOf(viewer, 'auth.logoutEverywhere');
        await inTransaction(prisma, async (transaction) => {
          const person = await lockPerson(transaction, user, clock());
          await endCredentialsOfUser(transaction, person.id, 'endSessions');
          await audit.record(transaction, actorOf(context), { event: 'user.endSessions', target: userTarget(person) });
        });
        if (refreshCookie.token !== undefined) refreshCookie.clear();
        return { ok: true };
      },
    }),
  );
}
