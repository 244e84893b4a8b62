import { DbNull } from '@prisma/client/runtime/client';
import type { Permission } from '../authorization/grants.ts';
import type { Holder, Rules } from '../authorization/rules.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import { PERMISSION, permissionsIn } from './permission-row.ts';
import { holderOf } from './roles/fixed-roles.ts';

/** A grant that cannot be read any more: its column was removed, or somebody wrote it into the database by hand. */
export interface InvalidGrant {
  /** `the role writer`, `the API token Newsletter`. */
  readonly holder: string;
  readonly action: string;
  /** Where and what, without a value: `post.find.0.where.premium: …`. */
  readonly problem: string;
}

/** The grants in the database that cannot be read. They grant nothing. */
export async function findInvalidGrants(
  prisma: Pick<PrismaClient, 'role' | 'apiToken'>,
  rules: Pick<Rules, 'faultsOf' | 'isValid'>,
): Promise<InvalidGrant[]> {
  const permissions = { select: PERMISSION } as const;
  const restricted = { permissions: { some: { NOT: { grants: { equals: DbNull } } } } };
  const [roles, tokens] = [
    await prisma.role.findMany({ where: restricted, select: { type: true, permissions }, orderBy: { id: 'asc' } }),
    await prisma.apiToken.findMany({ where: restricted, select: { name: true, permissions }, orderBy: { id: 'asc' } }),
  ];
  const of = (holder: string, kind: Holder, rows: Parameters<typeof permissionsIn>[0]) =>
    permissionsIn(rows).flatMap((permission) =>
      problemsOf(permission, kind, rules).map((problem) => ({ holder, action: permission[0], problem })),
    );
  return [
    ...roles.flatMap((role) => of(`the role ${role.type}`, holderOf(role), role.permissions)),
    ...tokens.flatMap((token) => of(`the API token ${token.name}`, 'token', token.permissions)),
  ];
}

/** What is wrong with the grants of a permission that cannot be read: `post.find.0.where.premium: …`. */
export function problemsOf(
  [action, grants]: Permission,
  holder: Holder,
  rules: Pick<Rules, 'faultsOf' | 'isValid'>,
): string[] {
  if (grants === null || grants.every((grant) => rules.isValid(action, grant))) return [];
  return rules
    .faultsOf(action, grants, holder)
    .map(({ path, message }) => `${[action, ...path].join('.')}: ${message}`);
}
