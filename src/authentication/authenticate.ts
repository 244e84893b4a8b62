import { permissionsOf } from '../authorization/permissions.ts';
import type { Background } from '../background.ts';
import type { Clock } from '../clock.ts';
import { readSettings } from '../database/settings.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import { CredentialRefused } from './credential-refused.ts';
import type { Origin } from './origin.ts';
import { usedNow } from './sessions.ts';
import type { Tokens } from './tokens.ts';
import { ACCOUNT, type Viewer } from './viewer.ts';

/** Turns the `Authorization` header of a request into a viewer. No header: the Public role. */
export type Authenticate = (authorization: string | undefined, origin: Origin) => Promise<Viewer>;

export interface AuthenticateOptions {
  readonly prisma: PrismaClient;
  readonly tokens: Tokens;
  readonly clock: Clock;
  readonly background: Background;
}

/**
 * The way of `/graphql` to tell who asks, at one SQL statement a request: user, role and permissions are read anew, so
 * that a block, a deletion or a change of role takes effect on tokens that live.
 *
 * @throws CredentialRefused for anything in the header that is not a valid credential.
 */
export function createAuthenticate({ prisma, tokens, clock, background }: AuthenticateOptions): Authenticate {
  /** A write for each request would cost more than the request: some minutes are near enough. */
  function noteUse({ id, lastUsedAt }: { readonly id: number; readonly lastUsedAt: Date }, origin: Origin): void {
    const now = clock();
    if (now.getTime() - lastUsedAt.getTime() < NEAR_ENOUGH) return;
    background.run('use of a session', async () => {
      await prisma.session.updateMany({ where: { id, lastUsedAt }, data: usedNow(now, origin) });
    });
  }

  return async (authorization, origin) => {
    if (authorization === undefined) return publicViewer(prisma);
    const { id, subject, version, session: documentId } = await tokens.verify(bearerOf(authorization));
    const user = await prisma.user.findUnique({
      where: { id },
      select: { ...ACCOUNT, ...TOKEN, sessions: { where: { documentId }, select: SESSION }, role: ROLE },
    });
    if (user?.documentId !== subject) throw new CredentialRefused('revoked');
    if (user.blocked) throw new CredentialRefused('blocked');
    const [session] = user.sessions;
    if (user.tokenVersion !== version || !session) throw new CredentialRefused('revoked');
    // Only asked for users who are not confirmed, so that it costs nobody else a statement.
    if (!user.confirmed && (await readSettings(prisma)).emailConfirmation) throw new CredentialRefused('unconfirmed');
    noteUse(session, origin);
    const { tokenVersion: _, sessions: __, role, ...person } = user;
    const { permissions, ...accountRole } = role;
    return {
      kind: 'user',
      account: { ...person, role: accountRole },
      session: documentId,
      permissions: permissionsOf(actionsIn(permissions)),
    };
  };
}

const PERMISSIONS = { permissions: { select: { action: true } } } as const;
/** Milliseconds. */
const NEAR_ENOUGH = 5 * 60_000;

const SESSION = { id: true, lastUsedAt: true } as const;
const TOKEN = { tokenVersion: true } as const;
const ROLE = { select: { ...ACCOUNT.role.select, ...PERMISSIONS } } as const;

/** The token of `Bearer <token>` (RFC 6750): the scheme in any case, one token, nothing else. */
function bearerOf(authorization: string): string {
  const token = /^bearer +([A-Za-z0-9\-._~+/]+=*)$/i.exec(authorization.trim())?.[1];
  if (token === undefined) throw new CredentialRefused('invalid');
  return token;
}

async function publicViewer(prisma: PrismaClient): Promise<Viewer> {
  const role = await prisma.role.findUniqueOrThrow({ where: { type: 'public' }, select: PERMISSIONS });
  return { kind: 'public', permissions: permissionsOf(actionsIn(role.permissions)) };
}

function actionsIn(permissions: readonly { readonly action: string }[]): string[] {
  return permissions.map(({ action }) => action);
}
