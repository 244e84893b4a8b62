import { permissionsOf } from '../authorization/permissions.ts';
import type { Background } from '../background.ts';
import type { Clock } from '../clock.ts';
import type { Query } from '../database/open.ts';
import { readSettings } from '../database/settings.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import { CredentialRefused } from './credential-refused.ts';
import type { Origin } from './origin.ts';
import { usedNow } from './sessions.ts';
import type { Tokens } from './tokens.ts';
import type { Viewer } from './viewer.ts';
import { createWhoReader } from './who.ts';

/** Turns the `Authorization` header of a request into a viewer. No header: the Public role. */
export type Authenticate = (authorization: string | undefined, origin: Origin) => Promise<Viewer>;

export interface AuthenticateOptions {
  readonly prisma: PrismaClient;
  readonly query: Query;
  readonly tokens: Tokens;
  readonly clock: Clock;
  readonly background: Background;
}

/**
 * The way of `/graphql` to tell who asks, at one SQL statement a request: user, session, role and permissions are read anew, so
 * that a block, a deletion or a change of role takes effect on tokens that live.
 *
 * @throws CredentialRefused for anything in the header that is not a valid credential.
 */
export function createAuthenticate(options: AuthenticateOptions): Authenticate {
  const { prisma, query, tokens, clock, background } = options;
  const who = createWhoReader(query);

  /** A write for each request would cost more than the request: some minutes are near enough. */
  function noteUse({ id, lastUsedAt }: { readonly id: number; readonly lastUsedAt: Date }, origin: Origin): void {
    const now = clock();
    if (now.getTime() - lastUsedAt.getTime() < NEAR_ENOUGH) return;
    background.run('use of a session', async () => {
      await prisma.session.updateMany({ where: { id, lastUsedAt }, data: usedNow(now, origin) });
    });
  }

  return async (authorization, origin) => {
    if (authorization === undefined) {
      return { kind: 'public', permissions: permissionsOf(await who.publicActions()) };
    }
    const { id, subject, version, session: documentId } = await tokens.verify(bearerOf(authorization));
    const found = await who.user(id, documentId);
    if (found?.account.documentId !== subject) throw new CredentialRefused('revoked');
    const { account, tokenVersion, session, actions } = found;
    if (account.blocked) throw new CredentialRefused('blocked');
    if (tokenVersion !== version || !session) throw new CredentialRefused('revoked');
    // Only asked for users who are not confirmed, so that it costs nobody else a statement.
    if (!account.confirmed && (await readSettings(prisma)).emailConfirmation)
      throw new CredentialRefused('unconfirmed');
    noteUse(session, origin);
    return { kind: 'user', account, session: documentId, permissions: permissionsOf(actions) };
  };
}

/** Milliseconds. */
const NEAR_ENOUGH = 5 * 60_000;

/** The token of `Bearer <token>` (RFC 6750): the scheme in any case, one token, nothing else. */
function bearerOf(authorization: string): string {
  const token = /^bearer +([A-Za-z0-9\-._~+/]+=*)$/i.exec(authorization.trim())?.[1];
  if (token === undefined) throw new CredentialRefused('invalid');
  return token;
}
