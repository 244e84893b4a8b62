import { DbNull } from '@prisma/client/runtime/client';
import type { Logger } from 'pino';
import type { Permission } from '../authorization/grants.ts';
import type { Holder, Rules } from '../authorization/rules.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { AdministrationServices } from './administration.ts';
import { PERMISSION, permissionsIn } from './permission-row.ts';
import { holderOf } from './roles/fixed-roles.ts';

/** A grant that cannot be read any more: its column was removed, or somebody wrote it into the database by hand. */
export interface InvalidGrant {
  /** `the role writer`, `the API token Newsletter`. */
  readonly holder: string;
  readonly problem: Problem;
}

export interface Problem {
  /** `post.find.0.where.premium`. */
  readonly path: string;
  readonly message: string;
}

/** The grants in the database that cannot be read. They grant nothing. */
export async function findInvalidGrants(
  prisma: Pick<PrismaClient, 'role' | 'apiToken'>,
  rules: Pick<Rules, 'faultsOf'>,
): Promise<InvalidGrant[]> {
  const permissions = { select: PERMISSION } as const;
  const restricted = { permissions: { some: { NOT: { grants: { equals: DbNull } } } } };
  const [roles, tokens] = [
    await prisma.role.findMany({ where: restricted, select: { type: true, permissions }, orderBy: { id: 'asc' } }),
    await prisma.apiToken.findMany({ where: restricted, select: { name: true, permissions }, orderBy: { id: 'asc' } }),
  ];
  const of = (holder: string, kind: Holder, rows: Parameters<typeof permissionsIn>[0]) =>
    permissionsIn(rows).flatMap((permission) =>
      problemsOf(permission, kind, rules).map((problem) => ({ holder, problem })),
    );
  return [
    ...roles.flatMap((role) => of(`the role ${role.type}`, holderOf(role), role.permissions)),
    ...tokens.flatMap((token) => of(`the API token ${token.name}`, 'token', token.permissions)),
  ];
}

/** Writes a line for each of them into the log: without it, nobody would know why somebody is refused. */
export async function warnOfInvalidGrants(
  { prisma, rules }: Pick<AdministrationServices, 'prisma' | 'rules'>,
  log: Pick<Logger, 'warn'>,
): Promise<void> {
  for (const { holder, problem } of await findInvalidGrants(prisma, rules)) {
    // The path and not the message, which can have a value.
    log.warn(
      { holder, grant: problem.path },
      'a grant can no longer be read, and allows nothing: permissions check says why',
    );
  }
}

/** What is wrong with each grant of a permission, as it is kept: a column may be gone, or a variable have no value. */
export function problemsOf([action, grants]: Permission, holder: Holder, rules: Pick<Rules, 'faultsOf'>): Problem[] {
  const faults = grants?.flatMap((grant, index) =>
    // One by one: what several mean together is no reason not to read them.
    rules
      .faultsOf(action, [grant], holder)
      .map(({ path: [_only, ...path], message }) => ({ path: [action, index, ...path].join('.'), message })),
  );
  return faults ?? [];
}
