import type { Permissions } from '../authorization/permissions.ts';
import type { Background } from '../common/background.ts';
import type { Clock } from '../common/clock.ts';
import type { AdminRole, PrismaClient } from '../generated/prisma/client.ts';
import type { Authenticate } from './authenticate.ts';
import { bearerOf } from './bearer.ts';
import { CredentialRefused } from './credential-refused.ts';
import { LAST_USE_PRECISION, usedNow } from './session-use.ts';
import type { Tokens } from './tokens.ts';

export interface AuthenticateAdminOptions {
  readonly prisma: PrismaClient;
  /** Of the audience of administrators: no user's token is good here. */
  readonly tokens: Tokens;
  /** What each of them may, and a guest. */
  readonly permissions: Readonly<Record<AdminRole | 'guest', Permissions>>;
  readonly clock: Clock;
  readonly background: Background;
}

/**
 * The way of `/admin/graphql` to tell who asks. Without a credential it is a guest, who is not Public; API tokens are nobody
 * here. Administrator and session are read anew, so that an end of either takes effect on tokens that live.
 *
 * @throws CredentialRefused for anything in the header that is not a valid credential of an administrator.
 */
export function createAuthenticateAdmin(options: AuthenticateAdminOptions): Authenticate {
  const { prisma, tokens, permissions, clock, background } = options;
  return async (authorization, origin) => {
    const bearer = bearerOf(authorization);
    if (bearer === undefined) return { kind: 'guest', permissions: permissions.guest };
    const claims = await tokens.verify(bearer);
    const { id, subject, version, session: documentId } = claims;
    const now = clock();
    const found = await prisma.admin.findUnique({
      where: { id },
      select: {
        id: true,
        documentId: true,
        email: true,
        name: true,
        role: true,
        tokenVersion: true,
        sessions: { where: { documentId, expiresAt: { gt: now } }, select: { id: true, lastUsedAt: true } },
      },
    });
    const [session] = found?.sessions ?? [];
    if (!found || found.documentId !== subject || found.tokenVersion < version) throw new CredentialRefused('revoked');
    if (found.tokenVersion > version || !session) throw new CredentialRefused('revoked', claims);
    if (now.getTime() - session.lastUsedAt.getTime() >= LAST_USE_PRECISION) {
      background.run('use of a session', async () => {
        await prisma.adminSession.updateMany({ where: { id: session.id }, data: usedNow(now, origin) });
      });
    }
    const { tokenVersion: _version, sessions: _sessions, ...admin } = found;
    return { kind: 'admin', admin, session: documentId, permissions: permissions[admin.role] };
  };
}
