import type { Query } from '../database/open.ts';
import type { Account } from './viewer.ts';

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
}

export function createWhoReader(query: Query): WhoReader {
  return {
    async user(id, sessionId) {
      const [row] = (await query(USER, [id, sessionId])) as unknown as UserRow[];
      if (!row) return undefined;
      const { username, email, confirmed, blocked } = row;
      const { roleId, roleName, roleDescription, roleType } = row;
      const role = { id: roleId, name: roleName, description: roleDescription, type: roleType };
      return {
        account: { id: row.id, documentId: row.documentId, username, email, confirmed, blocked, role },
        tokenVersion: row.tokenVersion,
        session: row.sessionId === null ? undefined : { id: row.sessionId, lastUsedAt: new Date(Number(row.lastUsed)) },
        actions: JSON.parse(row.actions) as string[],
      };
    },
    async publicActions() {
      const [row] = await query(PUBLIC, []);
      if (!row) throw new Error('There is no role for the public');
      return JSON.parse(row['actions'] as string) as string[];
    },
  };
}

interface UserRow extends Omit<Account, 'role'> {
  readonly tokenVersion: number;
  readonly roleId: number;
  readonly roleName: string;
  readonly roleDescription: string | null;
  readonly roleType: string;
  readonly sessionId: number | null;
  /** Milliseconds since 1970: the drivers make dates of timestamps in ways of their own. */
  readonly lastUsed: number | string | null;
  /** JSON. */
  readonly actions: string;
}

const ACTIONS = `coalesce((SELECT json_agg(p."action") FROM "permissions" p WHERE p."roleId" = r."id"), '[]')::text AS "actions"`;

const USER = `SELECT u."id", u."documentId", u."username", u."email", u."confirmed", u."blocked", u."tokenVersion",
  r."id" AS "roleId", r."name" AS "roleName", r."description" AS "roleDescription", r."type" AS "roleType",
  s."id" AS "sessionId", floor(extract(epoch from s."lastUsedAt") * 1000)::float8 AS "lastUsed", ${ACTIONS}
FROM "users" u
JOIN "roles" r ON r."id" = u."roleId"
LEFT JOIN "sessions" s ON s."documentId" = $2 AND s."userId" = u."id"
WHERE u."id" = $1`;

const PUBLIC = `SELECT ${ACTIONS} FROM "roles" r WHERE r."type" = 'public'`;
