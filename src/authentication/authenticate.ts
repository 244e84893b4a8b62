import type { Origin } from '../audit/origin.ts';
import { permissionsOf } from '../authorization/permissions.ts';
import type { Background } from '../common/background.ts';
import type { Clock } from '../common/clock.ts';
import type { Query } from '../database/open.ts';
import type { Settings } from '../database/settings.ts';
import type { ApiTokenKind, PrismaClient } from '../generated/prisma/client.ts';
import type { AccessReader, Used } from './access-cache/read-access.ts';
import { hashOfApiToken, isApiToken } from './api-token-secret.ts';
import { bearerOf } from './bearer.ts';
import { CredentialRefused } from './credential-refused.ts';
import { LAST_USE_PRECISION, usedNow } from './session-use.ts';
import type { Tokens } from './tokens.ts';
import { isBlocked, type Viewer } from './viewer.ts';

/** Turns the `Authorization` header of a request into a viewer. No credential in it: the Public role. */
export type Authenticate = (authorization: string | undefined, origin: Origin) => Promise<Viewer>;

export interface AuthenticateOptions {
  readonly prisma: PrismaClient;
  readonly query: Query;
  readonly access: AccessReader;
  readonly settings: () => Promise<Settings>;
  readonly tokens: Tokens;
  readonly tokenActions: TokenActions;
  readonly clock: Clock;
  readonly background: Background;
}

/**
 * How `/graphql` finds the viewer of a request. User, session, role and permissions are as the database has them now, so that
 * a block, a deletion or a change of role takes effect on existing tokens.
 *
 * @throws CredentialRefused for anything in the header that is not a valid credential.
 */
export function createAuthenticate(options: AuthenticateOptions): Authenticate {
  const { prisma, query, access, settings, tokens, tokenActions, clock, background } = options;
  const kinds = { READ_ONLY: permissionsOf(tokenActions.reading), FULL_ACCESS: permissionsOf(tokenActions.all) };

  /** A write for each request would cost more than the request. So the time of last use is exact to some minutes. */
  function isDue({ lastUsedAt }: Used, now: Date): boolean {
    return !lastUsedAt || now.getTime() - lastUsedAt.getTime() >= LAST_USE_PRECISION;
  }

  function noteUse(session: Used, origin: Origin): void {
    const now = clock();
    if (!isDue(session, now)) return;
    const { id, lastUsedAt } = session;
    session.lastUsedAt = now;
    background.run('use of a session', async () => {
      const where = { id, ...(lastUsedAt && { lastUsedAt }) };
      await prisma.session.updateMany({ where, data: usedNow(now, origin) });
    });
  }

  async function program(text: string, origin: Origin): Promise<Viewer> {
    const hash = hashOfApiToken(text);
    const found = hash === undefined ? undefined : await access.apiToken(hash);
    if (!found) throw new CredentialRefused('invalid');
    if (found.revoked) throw new CredentialRefused('revoked');
    const now = clock();
    if (found.expiresAt && found.expiresAt <= now) throw new CredentialRefused('expired');
    const { id, documentId, name, kind } = found;
    if (isDue(found, now)) {
      found.lastUsedAt = now;
      background.run('use of an API token', async () => {
        // Not through Prisma, which would set `updatedAt`, too.
        const sql = 'UPDATE "api_tokens" SET "lastUsedAt" = $1, "lastUsedFrom" = $2 WHERE "id" = $3';
        await query(sql, [now, origin.address.slice(0, 64), id]);
      });
    }
    const permissions = kind === 'CUSTOM' ? found.permissions : kinds[kind];
    return { kind: 'token', token: { id, documentId, name }, permissions };
  }

  return async (authorization, origin) => {
    const bearer = bearerOf(authorization);
    if (bearer === undefined) {
      return { kind: 'public', permissions: (await access.publicRole()).permissions };
    }
    if (isApiToken(bearer)) return program(bearer, origin);
    const claims = await tokens.verify(bearer);
    const { id, subject, version, session: documentId } = claims;
    const found = await access.user(id, documentId);
    if (found?.account.documentId !== subject) throw new CredentialRefused('revoked');
    const { account, tokenVersion, session, role } = found;
    if (isBlocked(account, clock())) throw new CredentialRefused('blocked');
    if (tokenVersion < version) throw new CredentialRefused('revoked'); // no token of this database has such a version
    if (tokenVersion > version || !session) throw new CredentialRefused('revoked', claims);
    if (!account.confirmed && (await settings()).emailConfirmation) throw new CredentialRefused('unconfirmed');
    noteUse(session, origin);
    return { kind: 'user', account, session: documentId, permissions: role.permissions };
  };
}

/** The actions of the kinds of API tokens that list none. */
export interface TokenActions {
  /** READ_ONLY: every find of content. */
  readonly reading: readonly string[];
  /** FULL_ACCESS: every action of the schema. */
  readonly all: readonly string[];
}

/** The actions of an API token. A listed action that the schema does not have any more grants nothing. */
export function actionsOfToken(
  { kind, actions }: { readonly kind: ApiTokenKind; readonly actions: readonly string[] },
  { reading, all }: TokenActions,
): readonly string[] {
  return { READ_ONLY: reading, FULL_ACCESS: all, CUSTOM: actions }[kind];
}
