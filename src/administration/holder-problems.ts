import type { Holder } from '../authorization/rules.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import type { AdministrationServices, Transaction } from './administration.ts';
import { type Problem, problemsOf } from './invalid-grants.ts';
import { permissionsIn } from './permission-row.ts';
import { holderOf } from './roles/fixed-roles.ts';

/** What a role or an API token has that means nothing here, because a column or a content type was removed. */
export interface HolderProblems {
  /** `the role writer`, `the API token Newsletter`. */
  readonly holder: string;
  readonly kind: 'role' | 'apiToken';
  readonly documentId: string;
  readonly name: string;
  /** Its grants that cannot be read. They allow nothing. */
  readonly problems: readonly Problem[];
  /** Its actions that the schema does not have. */
  readonly unknown: readonly string[];
}

interface Row {
  readonly kind: 'role' | 'token';
  readonly documentId: string;
  readonly name: string;
  /** Of a role. */
  readonly type: string | null;
  readonly permissions: readonly { readonly action: string; readonly grants: Prisma.JsonValue | null }[];
}

/** Those that have any: roles first, the oldest first. One statement. */
export async function findHolderProblems({
  prisma,
  rules,
  tokenActions,
}: Pick<AdministrationServices, 'rules' | 'tokenActions'> & {
  readonly prisma: Pick<Transaction, '$queryRaw'>;
}): Promise<HolderProblems[]> {
  const known = new Set(tokenActions.all);
  return (await suspects(prisma, tokenActions.all))
    .map((row) => {
      const permissions = permissionsIn(row.permissions);
      return {
        holder: row.kind === 'role' ? `the role ${row.type}` : `the API token ${row.name}`,
        kind: row.kind === 'role' ? ('role' as const) : ('apiToken' as const),
        documentId: row.documentId,
        name: row.name,
        problems: permissions
          .filter(([action]) => known.has(action))
          .flatMap((permission) => problemsOf(permission, kindOf(row), rules)),
        unknown: permissions.map(([action]) => action).filter((action) => !known.has(action)),
      };
    })
    .filter(({ problems, unknown }) => problems.length + unknown.length > 0);
}

function kindOf({ kind, type }: Row): Holder {
  return kind === 'token' ? 'token' : holderOf({ type: type ?? '' });
}

/** Roles and API tokens with what could be a problem: restricted permissions, and unknown actions. */
function suspects(database: Pick<Transaction, '$queryRaw'>, known: readonly string[]): Promise<Row[]> {
  return database.$queryRaw<Row[]>`
    SELECT h."kind", h."documentId", h."name", h."type",
      json_agg(json_build_object('action', h."action", 'grants', h."grants")) AS "permissions"
    FROM (
      SELECT 'role' AS "kind", r."id", r."documentId", r."name", r."type", p."action", p."grants"
      FROM "permissions" p JOIN "roles" r ON r."id" = p."roleId"
      UNION ALL
      SELECT 'token', t."id", t."documentId", t."name", NULL, p."action", p."grants"
      FROM "api_token_permissions" p JOIN "api_tokens" t ON t."id" = p."tokenId"
    ) h
    WHERE h."grants" IS NOT NULL OR h."action" <> ALL(${[...known]}::text[])
    GROUP BY h."kind", h."id", h."documentId", h."name", h."type" ORDER BY h."kind", h."id"`;
}
