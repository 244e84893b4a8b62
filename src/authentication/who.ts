import type { Query } from '../database/open.ts';
import type { ApiTokenKind } from '../generated/prisma/client.ts';
import type { Account, TokenBearer } from './viewer.ts';

/** What is known of a token's user: the account, its session, and the actions of its role. */
export interface Who {
  readonly account: Account;
  readonly tokenVersion: number;
  /** Undefined when it has ended, or is another user's. */
  readonly session: { readonly id: number; readonly lastUsedAt: Date } | undefined;
  readonly actions: readonly string[];
}

/** Reads who asks, in one statement of our own: it is part of every request, and Prisma takes twice as long for it. */
export interface WhoReader {
  user(id: number, sessionId: string): Promise<Who | undefined>;
  /** The actions of everybody who sends no credential. */
  publicActions(): Promise<readonly string[]>;
  /** An API token, by the hash of its secret. */
  apiToken(hash: string): Promise<KnownToken | undefined>;
}

/** What is known of an API token. */
export interface KnownToken extends TokenBearer {
  readonly kind: ApiTokenKind;
  readonly expiresAt: Date | null;
  readonly revoked: boolean;
  readonly lastUsedAt: Date | null;
  /** What a token of the kind CUSTOM holds. */
  readonly actions: readonly string[];
}

export function createWhoReader(query: Query): WhoReader {
  return {
    async user(id, sessionId) {
      const [row] = (await query(USER, [id, sessionId])) as unknown as UserRow[];
      if (!row) return undefined;
      const { username, email, confirmed, blocked } = row;
      const blockedUntil = dateOf(row.blockedUntil);
      const { roleId, roleName, roleDescription, roleType } = row;
      const role = { id: roleId, name: roleName, description: roleDescription, type: roleType };
      return {
        account: { id: row.id, documentId: row.documentId, username, email, confirmed, blocked, blockedUntil, role },
        tokenVersion: row.tokenVersion,
        session:
          row.sessionId === null ? undefined : { id: row.sessionId, lastUsedAt: new Date(Number(row.lastUsedAt)) },
        actions: JSON.parse(row.actions) as string[],
      };
    },
    async publicActions() {
      const [row] = await query(PUBLIC, []);
      if (!row) throw new Error('There is no role for the public');
      return JSON.parse(row['actions'] as string) as string[];
    },
    async apiToken(hash) {
      const [row] = (await query(TOKEN, [hash])) as unknown as TokenRow[];
      if (!row) return undefined;
      const { id, documentId, name, kind, revoked } = row;
      const actions = JSON.parse(row.actions) as string[];
      const [expiresAt, lastUsedAt] = [dateOf(row.expiresAt), dateOf(row.lastUsedAt)];
      return { id, documentId, name, kind, revoked, expiresAt, lastUsedAt, actions };
    },
  };
}

interface TokenRow extends Omit<KnownToken, 'actions' | 'expiresAt' | 'lastUsedAt'> {
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

interface UserRow extends Omit<Account, 'role' | 'blockedUntil'> {
  readonly blockedUntil: Milliseconds;
  readonly tokenVersion: number;
  readonly roleId: number;
  readonly roleName: string;
  readonly roleDescription: string | null;
  readonly roleType: string;
  readonly sessionId: number | null;
  readonly lastUsedAt: Milliseconds;
  /** JSON. */
  readonly actions: string;
}

const ACTIONS = `coalesce((SELECT json_agg(p."action") FROM "permissions" p WHERE p."roleId" = r."id"), '[]')::text AS "actions"`;

function inMilliseconds(column: string, name: string): string {
  return `floor(extract(epoch from ${column}) * 1000)::float8 AS "${name}"`;
}

const USER = `SELECT u."id", u."documentId", u."username", u."email", u."confirmed", u."blocked", u."tokenVersion",
  ${inMilliseconds('u."blockedUntil"', 'blockedUntil')},
  r."id" AS "roleId", r."name" AS "roleName", r."description" AS "roleDescription", r."type" AS "roleType",
  s."id" AS "sessionId", ${inMilliseconds('s."lastUsedAt"', 'lastUsedAt')}, ${ACTIONS}
FROM "users" u
JOIN "roles" r ON r."id" = u."roleId"
LEFT JOIN "sessions" s ON s."documentId" = $2 AND s."userId" = u."id"
WHERE u."id" = $1`;

const PUBLIC = `SELECT ${ACTIONS} FROM "roles" r WHERE r."type" = 'public'`;

const TOKEN = `SELECT t."id", t."documentId", t."name", t."kind"::text AS "kind", t."revokedAt" IS NOT NULL AS "revoked",
  ${inMilliseconds('t."expiresAt"', 'expiresAt')}, ${inMilliseconds('t."lastUsedAt"', 'lastUsedAt')},
  coalesce((SELECT json_agg(p."action") FROM "api_token_permissions" p WHERE p."tokenId" = t."id"), '[]')::text AS "actions"
FROM "api_tokens" t WHERE t."hash" = $1`;
