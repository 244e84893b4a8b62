import { type Permissions, permissionsOf } from '../../authorization/permissions.ts';
import type { Database } from '../../database/open.ts';
import type { ApiTokenKind } from '../../generated/prisma/client.ts';
import type { Account, AccountRole, TokenBearer } from '../viewer.ts';

/** The user of a token: the account, its session, and its role. */
export interface UserAccess {
  readonly account: Account;
  readonly tokenVersion: number;
  /** Undefined when it has ended, or is another user's. */
  readonly session: Used | undefined;
  readonly role: RoleAccess;
}

/** A role and its permissions. */
export interface RoleAccess extends AccountRole {
  /** Changes with each change of the role or its permissions. */
  readonly version: number;
  readonly permissions: Permissions;
}

/** A session or an API token: whoever writes down its use updates this object, too. */
export interface Used {
  readonly id: number;
  lastUsedAt: Date | null;
}

/** Reads access in one SQL statement of our own: many requests need it, and Prisma takes twice as long. */
export interface AccessReader {
  user(id: number, sessionId: string): Promise<UserAccess | undefined>;
  /** The role of requests without a credential. */
  publicRole(): Promise<RoleAccess>;
  /** An API token, by the hash of its secret. */
  apiToken(hash: string): Promise<ApiTokenAccess | undefined>;
}

/** An API token and its permissions. */
export interface ApiTokenAccess extends TokenBearer, Used {
  readonly id: number;
  readonly kind: ApiTokenKind;
  readonly expiresAt: Date | null;
  readonly revoked: boolean;
  /** Of a token of the kind CUSTOM. */
  readonly permissions: Permissions;
}

export function createAccessReader({ query }: Pick<Database, 'query'>): AccessReader {
  return {
    async user(id, sessionId) {
      const [row] = await query<UserRow>(USER, [id, sessionId]);
      if (!row) return undefined;
      const { documentId, username, email, confirmed, blocked, tokenVersion } = row;
      const blockedUntil = dateOf(row.blockedUntil);
      const known = roleOf(row);
      const { version: _version, permissions: _permissions, ...role } = known;
      return {
        account: { id: row.id, documentId, username, email, confirmed, blocked, blockedUntil, role },
        tokenVersion,
        session: row.sessionId === null ? undefined : { id: row.sessionId, lastUsedAt: dateOf(row.lastUsedAt) },
        role: known,
      };
    },
    async publicRole() {
      const [row] = await query<RoleRow>(PUBLIC, []);
      if (!row) throw new Error('The role public is missing');
      return roleOf(row);
    },
    async apiToken(hash) {
      const [row] = await query<TokenRow>(TOKEN, [hash]);
      if (!row) return undefined;
      const { id, documentId, name, kind, revoked } = row;
      // An array of texts, as the statement makes it.
      const permissions = permissionsOf(JSON.parse(row.actions) as string[]);
      const [expiresAt, lastUsedAt] = [dateOf(row.expiresAt), dateOf(row.lastUsedAt)];
      return { id, documentId, name, kind, revoked, expiresAt, lastUsedAt, permissions };
    },
  };
}

function roleOf(row: RoleRow): RoleAccess {
  const { roleId: id, roleName: name, roleDescription: description, roleType: type, roleVersion: version } = row;
  // An array of texts, as the statement makes it.
  return { id, name, description, type, version, permissions: permissionsOf(JSON.parse(row.actions) as string[]) };
}

interface TokenRow extends Omit<ApiTokenAccess, 'permissions' | 'expiresAt' | 'lastUsedAt'> {
  readonly expiresAt: Milliseconds;
  readonly lastUsedAt: Milliseconds;
  /** JSON. */
  readonly actions: string;
}

function dateOf(milliseconds: Milliseconds): Date | null {
  return milliseconds === null ? null : new Date(Number(milliseconds));
}

/** Since 1970: the drivers make dates of timestamps in ways of their own. */
type Milliseconds = number | string | null;

interface RoleRow {
  readonly roleId: number;
  readonly roleName: string;
  readonly roleDescription: string | null;
  readonly roleType: string;
  readonly roleVersion: number;
  /** JSON. */
  readonly actions: string;
}

interface UserRow extends Omit<Account, 'role' | 'blockedUntil'>, RoleRow {
  readonly blockedUntil: Milliseconds;
  readonly tokenVersion: number;
  readonly sessionId: number | null;
  readonly lastUsedAt: Milliseconds;
}

const ROLE = `r."id" AS "roleId", r."name" AS "roleName", r."description" AS "roleDescription", r."type" AS "roleType",
  r."version" AS "roleVersion",
  coalesce((SELECT json_agg(p."action") FROM "permissions" p WHERE p."roleId" = r."id"), '[]')::text AS "actions"`;

function inMilliseconds(column: string, name: string): string {
  return `floor(extract(epoch from ${column}) * 1000)::float8 AS "${name}"`;
}

const USER = `SELECT u."id", u."documentId", u."username", u."email", u."confirmed", u."blocked", u."tokenVersion",
  ${inMilliseconds('u."blockedUntil"', 'blockedUntil')},
  s."id" AS "sessionId", ${inMilliseconds('s."lastUsedAt"', 'lastUsedAt')}, ${ROLE}
FROM "users" u
JOIN "roles" r ON r."id" = u."roleId"
LEFT JOIN "sessions" s ON s."documentId" = $2 AND s."userId" = u."id"
WHERE u."id" = $1`;

const PUBLIC = `SELECT ${ROLE} FROM "roles" r WHERE r."type" = 'public'`;

const TOKEN = `SELECT t."id", t."documentId", t."name", t."kind"::text AS "kind", t."revokedAt" IS NOT NULL AS "revoked",
  ${inMilliseconds('t."expiresAt"', 'expiresAt')}, ${inMilliseconds('t."lastUsedAt"', 'lastUsedAt')},
  coalesce((SELECT json_agg(p."action") FROM "api_token_permissions" p WHERE p."tokenId" = t."id"), '[]')::text AS "actions"
FROM "api_tokens" t WHERE t."hash" = $1`;
