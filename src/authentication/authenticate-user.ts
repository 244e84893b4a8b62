import { ofImpersonation } from '../authorization/impersonation.ts';
import { ofUnenrolled } from '../authorization/required-factor.ts';
import type { Clock } from '../common/clock.ts';
import type { Settings } from '../database/settings.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { AccessReader, UsedSession } from './access-cache/read-access.ts';
import { CredentialRefused } from './credential-refused.ts';
import type { TokenClaims } from './token-claims.ts';
import type { Tokens } from './tokens.ts';
import { type Impersonator, isBlocked, type UserViewer } from './viewer.ts';

/** The user of a token, with the session and the claims that it names. */
export interface AuthenticatedUser {
  readonly viewer: UserViewer;
  readonly session: UsedSession;
  readonly claims: TokenClaims;
}

/**
 * Finds the user of a token, with what is current of the user. It notes no use.
 *
 * @throws CredentialRefused for anything but a token of a user who can use it now.
 */
export type AuthenticateUser = (token: string) => Promise<AuthenticatedUser>;

export interface AuthenticateUserOptions {
  readonly prisma: PrismaClient;
  readonly access: Pick<AccessReader, 'user'>;
  readonly settings: () => Promise<Pick<Settings, 'emailConfirmation'>>;
  readonly tokens: Pick<Tokens, 'verify'>;
  readonly clock: Clock;
}

export function createAuthenticateUser(options: AuthenticateUserOptions): AuthenticateUser {
  const { prisma, access, settings, tokens, clock } = options;
  /**
   * The administrator of a session, if they can still act as somebody: read for each request, as on `/admin/graphql`. It can
   * end by time, and by another role, which is no change of a user that caches are notified of.
   */
  async function impersonatorOf(id: number): Promise<Impersonator | undefined> {
    const now = clock();
    const found = await prisma.adminSession.findFirst({
      where: {
        id,
        expiresAt: { gt: now },
        OR: [{ idleUntil: null }, { idleUntil: { gt: now } }],
        admin: { role: 'ADMINISTRATOR' },
      },
      select: { admin: { select: { documentId: true, email: true } } },
    });
    return found?.admin;
  }

  return async (token) => {
    const claims = await tokens.verify(token);
    const { id, subject, version, session: documentId } = claims;
    const found = await access.user(id, documentId);
    if (found?.account.documentId !== subject) throw new CredentialRefused('revoked');
    const { account, tokenVersion, session, union } = found;
    if (isBlocked(account, clock())) throw new CredentialRefused('blocked');
    if (tokenVersion < version) throw new CredentialRefused('revoked'); // a token of another database
    if (tokenVersion > version || !session) throw new CredentialRefused('revoked', claims);
    if (!account.confirmed && (await settings()).emailConfirmation) throw new CredentialRefused('unconfirmed');
    const { impersonatedById } = session;
    const impersonator = impersonatedById === null ? undefined : await impersonatorOf(impersonatedById);
    if (impersonatedById !== null && !impersonator) throw new CredentialRefused('revoked', claims);
    const held =
      union.requiresSecondFactor && !found.hasSecondFactor ? ofUnenrolled(union.permissions) : union.permissions;
    const permissions = impersonator ? ofImpersonation(held) : held;
    const { amr, provenAt } = session;
    const viewer: UserViewer = {
      ...{ kind: 'user', account, session: documentId, impersonator, amr, provenAt, roles: union.types, permissions },
    };
    return { viewer, session, claims };
  };
}
