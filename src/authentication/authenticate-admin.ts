import type { Permissions } from '../authorization/permissions.ts';
import { ofUnenrolledAdmin } from '../authorization/required-factor.ts';
import type { Background } from '../common/background.ts';
import type { Clock } from '../common/clock.ts';
import type { Settings } from '../database/settings.ts';
import type { AdminRole, PrismaClient } from '../generated/prisma/client.ts';
import type { Authenticate } from './authenticate.ts';
import { bearerOf } from './bearer.ts';
import { CredentialRefused } from './credential-refused.ts';
import { LAST_USE_PRECISION, usedNow } from './session-use.ts';
import type { Tokens } from './tokens.ts';

export interface AuthenticateAdminOptions {
  readonly prisma: PrismaClient;
  /** For the audience of administrators, so that users' tokens are refused. */
  readonly tokens: Tokens;
  /** The permissions of each role, and of a guest. */
  readonly permissions: Readonly<Record<AdminRole | 'guest', Permissions>>;
  readonly settings: () => Promise<Pick<Settings, 'adminSecondFactor'>>;
  readonly clock: Clock;
  readonly background: Background;
}

/**
 * Authenticates requests to `/admin/graphql`. Without a credential the viewer is a guest, not Public; API tokens are refused.
 * Administrator and session are read for each request, so that deleting either revokes its tokens at once.
 *
 * @throws CredentialRefused for any credential that is not a valid one of an administrator.
 */
export function createAuthenticateAdmin(options: AuthenticateAdminOptions): Authenticate {
  const { prisma, tokens, permissions, settings, clock, background } = options;
  async function lacksFactor(adminId: number): Promise<boolean> {
    if (!(await settings()).adminSecondFactor) return false;
    const totp = await prisma.totpSecret.findFirst({ where: { adminId, confirmed: true }, select: { id: true } });
    return totp === null && (await prisma.passkey.findFirst({ where: { adminId }, select: { id: true } })) === null;
  }

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
        sessions: {
          where: { documentId, expiresAt: { gt: now }, OR: [{ idleUntil: null }, { idleUntil: { gt: now } }] },
          select: { id: true, lastUsedAt: true, idleUntil: true, amr: true, provenAt: true },
        },
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
    return {
      kind: 'admin',
      admin,
      session: documentId,
      hasCookie: session.idleUntil !== null,
      amr: session.amr,
      provenAt: session.provenAt,
      permissions: (await lacksFactor(admin.id)) ? ofUnenrolledAdmin(permissions[admin.role]) : permissions[admin.role],
    };
  };
}
