import type { Origin } from '../audit/origin.ts';
import { permissionsOf } from '../authorization/permissions.ts';
import type { Background } from '../common/background.ts';
import type { Clock } from '../common/clock.ts';
import type { Query } from '../database/open.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { AccessReader, Used } from './access-cache/read-access.ts';
import { hashOfApiToken, isApiToken } from './api-token-secret.ts';
import type { AuthenticateUser } from './authenticate-user.ts';
import { bearerOf } from './bearer.ts';
import { CredentialRefused } from './credential-refused.ts';
import { LAST_USE_PRECISION, usedNow } from './session-use.ts';
import { hashOfStrapiApiToken, isStrapiApiToken } from './strapi-api-token.ts';
import type { Viewer } from './viewer.ts';

/** Finds the viewer of a request from its `Authorization` header. */
export type Authenticate = (authorization: string | undefined, origin: Origin) => Promise<Viewer>;

export interface AuthenticateOptions {
  readonly prisma: PrismaClient;
  readonly query: Query;
  readonly access: AccessReader;
  readonly authenticateUser: AuthenticateUser;
  readonly tokenActions: TokenActions;
  /** Strapi's `API_TOKEN_SALT`: imported API tokens are accepted with the secrets of Strapi. */
  readonly strapiApiTokenSalt: string | undefined;
  readonly clock: Clock;
  readonly background: Background;
}

/**
 * Authenticates requests to `/graphql`. Without a credential the viewer is Public. User, session, role and permissions are
 * current, so that a block, a deletion or a change of role affects existing tokens at once.
 *
 * @throws CredentialRefused for an invalid credential.
 */
export function createAuthenticate(options: AuthenticateOptions): Authenticate {
  const { prisma, query, access, authenticateUser, tokenActions, strapiApiTokenSalt, clock, background } = options;
  const kinds = { READ_ONLY: permissionsOf(tokenActions.reading), FULL_ACCESS: permissionsOf(tokenActions.all) };

  /** A write for each request would cost more than the request, so the time of last use is precise to minutes. */
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

  async function apiTokenViewer(hash: string | undefined, origin: Origin): Promise<Viewer> {
    const found = hash === undefined ? undefined : await access.apiToken(hash);
    if (!found) throw new CredentialRefused('invalid');
    if (found.revoked) throw new CredentialRefused('revoked');
    const now = clock();
    if (found.expiresAt && found.expiresAt <= now) throw new CredentialRefused('expired');
    const { id, documentId, name, kind } = found;
    if (isDue(found, now)) {
      found.lastUsedAt = now;
      background.run('use of an API token', async () => {
        // Prisma would also set `updatedAt`.
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
      const { types, permissions } = await access.publicUnion();
      return { kind: 'public', roles: types, permissions };
    }
    if (isApiToken(bearer)) return apiTokenViewer(hashOfApiToken(bearer), origin);
    if (strapiApiTokenSalt !== undefined && isStrapiApiToken(bearer)) {
      return apiTokenViewer(hashOfStrapiApiToken(bearer, strapiApiTokenSalt), origin);
    }
    const { viewer, session } = await authenticateUser(bearer);
    noteUse(session, origin);
    return viewer;
  };
}

/** The actions of the kinds of API tokens that do not list actions. */
export interface TokenActions {
  /** READ_ONLY: every find of content. */
  readonly reading: readonly string[];
  /** FULL_ACCESS: every action of the schema. */
  readonly all: readonly string[];
}
