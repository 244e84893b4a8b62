import { invalidCredential } from '../../common/errors.ts';
import type { Builder } from '../builder.ts';
import { issuedPayload, LOGIN_USER, mayLogIn } from './login-payload.ts';
import type { AccountServices } from './services.ts';
import type { AccountTypes } from './types.ts';

export function addRefresh(
  builder: Builder,
  types: AccountTypes,
  { prisma, sessions, clock, settings: readSettings }: AccountServices,
): void {
  builder.mutationField('refresh', (t) =>
    t.field({
      type: types.loginPayload,
      nullable: true,
      description:
        'New tokens for a refresh token, that of the cookie where none is given. It is good once; for some seconds (`refreshTokenGrace`) a spent one is answered with the same next one. When it is shown later, its whole session ends.',
      authScopes: { action: 'auth.refresh' },
      args: { refreshToken: t.arg.string() },
      resolve: async (_root, { refreshToken }, context) => {
        const { refreshCookie } = context;
        const shown = refreshToken ?? refreshCookie.token;
        const settings = await readSettings();
        const refreshed = shown === undefined ? undefined : await sessions.refresh(shown, context, settings);
        const user =
          refreshed && (await prisma.user.findUnique({ where: { id: refreshed.userId }, select: LOGIN_USER }));
        const isCurrent = user?.tokenVersion === refreshed?.tokenVersion;
        if (!refreshed || !user || !isCurrent || !mayLogIn(user, settings, clock())) {
          if (refreshCookie.token !== undefined) refreshCookie.clear();
          throw invalidCredential('invalid');
        }
        return issuedPayload(await refreshed.issue(user), user, settings, refreshCookie);
      },
    }),
  );
}
