import { permissionsOf } from '../authorization/permissions.ts';
import { readSettings } from '../database/settings.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import { CredentialRefused } from './credential-refused.ts';
import type { Tokens } from './tokens.ts';
import { ACCOUNT, type Viewer } from './viewer.ts';

/** Turns the `Authorization` header of a request into a viewer. No header: the Public role. */
export type Authenticate = (authorization: string | undefined) => Promise<Viewer>;

export interface AuthenticateOptions {
  readonly prisma: PrismaClient;
  readonly tokens: Tokens;
}

/**
 * The way of `/graphql` to tell who asks, at one SQL statement a request: user, role and permissions are read anew, so
 * that a block, a deletion or a change of role takes effect on tokens that live.
 *
 * @throws CredentialRefused for anything in the header that is not a valid credential.
 */
export function createAuthenticate({ prisma, tokens }: AuthenticateOptions): Authenticate {
  return async (authorization) => {
    if (authorization === undefined) return publicViewer(prisma);
    const { id, subject, version } = await tokens.verify(bearerOf(authorization));
    const user = await prisma.user.findUnique({ where: { id }, select: { ...ACCOUNT, ...TOKEN, role: ROLE } });
    if (user?.documentId !== subject || user.tokenVersion !== version) throw new CredentialRefused('revoked');
    if (user.blocked) throw new CredentialRefused('blocked');
    // Only asked for users who are not confirmed, so that it costs nobody else a statement.
    if (!user.confirmed && (await readSettings(prisma)).emailConfirmation) throw new CredentialRefused('unconfirmed');
    const { tokenVersion: _, role, ...person } = user;
    const { permissions, ...accountRole } = role;
    return {
      kind: 'user',
      account: { ...person, role: accountRole },
      permissions: permissionsOf(actionsIn(permissions)),
    };
  };
}

const PERMISSIONS = { permissions: { select: { action: true } } } as const;
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
