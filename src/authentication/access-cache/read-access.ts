import type { Grant } from '../../authorization/grants.ts';
import { type Permissions, type PermissionsOf, permissionsWith } from '../../authorization/permissions.ts';
import { inOrder, permissionsIn, type ReadRole, readRoles, rolesAsJson } from '../../authorization/role-union.ts';
import type { Database } from '../../database/open.ts';
import type { ApiTokenKind } from '../../generated/prisma/client.ts';
import type { Account, AccountRole, TokenBearer } from '../viewer.ts';

/** The user of a token: the account, its session, and what its roles allow. */
export interface UserAccess {
  readonly account: Account;
  readonly tokenVersion: number;
  /** Undefined when it has ended, or is another user's. */
  readonly session: UsedSession | undefined;
  readonly hasSecondFactor: boolean;
  readonly union: RoleUnion;
}

/** What several roles allow together. */
export interface RoleUnion {
  /** The same for the same versions of the same roles, in the same order. */
  readonly key: string;
  readonly ids: ReadonlySet<number>;
  /** The types of the roles: the main one, the further ones, and those that these include. */
  readonly types: readonly string[];
  readonly permissions: Permissions;
  /** Whether one of them requires a second factor. */
  readonly requiresSecondFactor: boolean;
  /** How many permissions all of them have. */
  readonly size: number;
}

export interface UsedSession extends Used {
  /** The id of the session of the administrator who acts as the user. */
  readonly impersonatedById: number | null;
  readonly amr: readonly string[];
  readonly provenAt: Date | null;
}

/** A session or an API token: whoever writes down its use updates this object, too. */
export interface Used {
  readonly id: number;
  lastUsedAt: Date | null;
}

/** Reads access in one SQL statement of our own: many requests need it, and Prisma takes twice as long. */
export interface AccessReader {
  user(id: number, sessionId: string): Promise<UserAccess | undefined>;
  /** What requests without a credential are allowed. */
  publicUnion(): Promise<RoleUnion>;
  /** An API token, by the hash of its secret. */
  apiToken(hash: string): Promise<ApiTokenAccess | undefined>;
}

/** An API token and its permissions. */
export interface ApiTokenAccess extends TokenBearer, Used {
  readonly id: number;
  readonly kind: ApiTokenKind;
  readonly expiresAt: Date | null;
  readonly revoked: boolean;
  /** Of a token of the kind CUSTOM. Roles give it nothing. */
  readonly permissions: Permissions;
}

/** @param isValid whether a grant can still be read; others grant nothing. */
export function createAccessReader(
  { query }: Pick<Database, 'query'>,
  isValid: (action: string, grant: Grant) => boolean = () => true,
): AccessReader {
  /** Most are known already, by their key: then their permissions are not put together again. */
  function unionOf(given: readonly number[], all: readonly ReadRole[], of: PermissionsOf): RoleUnion {
    const roles = inOrder(given, all);
    let permissions: Permissions | undefined;
    return {
      key: `${of} ${roles.map(({ id, version }) => `${id}:${version}`).join()}`,
      ids: new Set(roles.map(({ id }) => id)),
      types: roles.map(({ type }) => type),
      requiresSecondFactor: roles.some(({ requiresSecondFactor }) => requiresSecondFactor),
      get permissions() {
        permissions ??= permissionsWith(permissionsIn(roles), { of, isValid });
        return permissions;
      },
      size: roles.reduce((sum, role) => sum + role.permissions.length, 0),
    };
  }

  return {
    async user(id, sessionId) {
      const [row] = await query<UserRow>(USER, [id, sessionId]);
      if (!row) return undefined;
      const { documentId, username, email, confirmed, blocked, tokenVersion, roleId } = row;
      const blockedUntil = dateOf(row.blockedUntil);
      const all = readRoles(row.roles);
      // A list of ids, as the statement makes it, or null.
      const further = JSON.parse(row.furtherRoleIds ?? '[]') as number[];
      const main = all.find((role) => role.id === roleId);
      if (!main) throw new Error('A user has a role that does not exist'); // the foreign key does not allow it
      const role = accountRole(main);
      const furtherRoles = all.filter((one) => further.includes(one.id)).map((one) => ({ role: accountRole(one) }));
      furtherRoles.sort((one, other) => one.role.id - other.role.id);
      return {
        account: { id: row.id, documentId, username, email, confirmed, blocked, blockedUntil, role, furtherRoles },
        tokenVersion,
        session: sessionIn(row),
        hasSecondFactor: row.hasSecondFactor,
        union: unionOf([roleId, ...further], all, 'user'),
      };
    },
    async publicUnion() {
      const [row] = await query<RolesRow>(PUBLIC, []);
      const all = readRoles(row?.roles ?? '[]');
      const role = all.find(({ type }) => type === 'public');
      if (!role) throw new Error('The role public is missing');
      return unionOf([role.id], all, 'public');
    },
    async apiToken(hash) {
      const [row] = await query<TokenRow>(TOKEN, [hash]);
      if (!row) return undefined;
      const { id, documentId, name, kind, revoked } = row;
      // A list of permissions, as the statement makes it.
      const given = JSON.parse(row.given) as ReadRole['permissions'];
      const permissions = permissionsWith(given, { of: 'token', isValid });
      const [expiresAt, lastUsedAt] = [dateOf(row.expiresAt), dateOf(row.lastUsedAt)];
      return { id, documentId, name, kind, revoked, expiresAt, lastUsedAt, permissions };
    },
  };
}

function sessionIn({ sessionId: id, lastUsedAt, impersonatedById, amr, provenAt }: UserRow): UsedSession | undefined {
  if (id === null) return undefined;
  // A list of texts, as the statement makes it.
  const begunBy = JSON.parse(amr ?? '[]') as string[];
  return { id, lastUsedAt: dateOf(lastUsedAt), impersonatedById, amr: begunBy, provenAt: dateOf(provenAt) };
}

function accountRole({ id, name, description, type }: ReadRole): AccountRole {
  return { id, name, description, type };
}

interface TokenRow extends Omit<ApiTokenAccess, 'permissions' | 'expiresAt' | 'lastUsedAt'> {
  readonly expiresAt: Milliseconds;
  readonly lastUsedAt: Milliseconds;
  /** JSON. */
  readonly given: string;
}

function dateOf(milliseconds: Milliseconds): Date | null {
  return milliseconds === null ? null : new Date(Number(milliseconds));
}

/** Since 1970: the drivers make dates of timestamps in ways of their own. */
type Milliseconds = number | string | null;

interface RolesRow {
  /** JSON. */
  readonly roles: string;
}

interface UserRow extends Omit<Account, 'role' | 'furtherRoles' | 'blockedUntil'>, RolesRow {
  readonly blockedUntil: Milliseconds;
  readonly tokenVersion: number;
  readonly sessionId: number | null;
  readonly impersonatedById: number | null;
  readonly lastUsedAt: Milliseconds;
  /** JSON. */
  readonly amr: string | null;
  readonly provenAt: Milliseconds;
  readonly hasSecondFactor: boolean;
  readonly roleId: number;
  /** JSON, in the order of the ids. */
  readonly furtherRoleIds: string | null;
}

function inMilliseconds(column: string, name: string): string {
  return `floor(extract(epoch from ${column}) * 1000)::float8 AS "${name}"`;
}

const USER = `SELECT u."id", u."documentId", u."username", u."email", u."confirmed", u."blocked", u."tokenVersion",
  ${inMilliseconds('u."blockedUntil"', 'blockedUntil')},
  s."id" AS "sessionId", s."impersonatedById", ${inMilliseconds('s."lastUsedAt"', 'lastUsedAt')},
  EXISTS (SELECT 1 FROM "totp_secrets" f WHERE f."userId" = u."id" AND f."confirmed")
    OR EXISTS (SELECT 1 FROM "passkeys" k WHERE k."userId" = u."id") AS "hasSecondFactor",
  array_to_json(s."amr")::text AS "amr", ${inMilliseconds('s."provenAt"', 'provenAt')}, u."roleId",
  (SELECT json_agg(f."roleId" ORDER BY f."roleId") FROM "user_roles" f
    WHERE f."userId" = u."id" AND f."roleId" <> u."roleId")::text AS "furtherRoleIds",
  ${rolesAsJson('SELECT m."roleId" FROM "roles_of_users" m WHERE m."userId" = u."id"')} AS "roles"
FROM "users" u
LEFT JOIN "sessions" s ON s."documentId" = $2 AND s."userId" = u."id"
WHERE u."id" = $1`;

const PUBLIC = `SELECT ${rolesAsJson(`SELECT "id" FROM "roles" WHERE "type" = 'public'`)} AS "roles"`;

const TOKEN = `SELECT t."id", t."documentId", t."name", t."kind"::text AS "kind", t."revokedAt" IS NOT NULL AS "revoked",
  ${inMilliseconds('t."expiresAt"', 'expiresAt')}, ${inMilliseconds('t."lastUsedAt"', 'lastUsedAt')},
  coalesce((
    SELECT json_agg(json_build_array(p."action", p."grants")) FROM "api_token_permissions" p WHERE p."tokenId" = t."id"
  ), '[]')::text AS "given"
FROM "api_tokens" t WHERE t."hash" = $1`;
