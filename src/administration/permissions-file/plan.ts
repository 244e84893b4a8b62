import { identifierKey } from '../../accounts/identifiers.ts';
import type { ActionGroup } from '../../authorization/catalogue.ts';
import type { Grant } from '../../authorization/grants.ts';
import type { Rules } from '../../authorization/rules.ts';
import { type LeadsIndex, warningsAbout } from '../../authorization/warnings.ts';
import type { AdministrationServices, Transaction } from '../administration.ts';
import { readLeadingColumns } from '../leading-columns.ts';
import { audienceOf, kindsOfActions, permissionChanges, typesOf, warningOfPublic } from '../permission-changes.ts';
import { allRoles, type RoleRow } from '../roles/find-role.ts';
import { holderOf, isFixed } from '../roles/fixed-roles.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { PermissionsFile } from './permissions-file.ts';
import { graphOfFile, graphOfRoles, planIncludes, reached } from './plan-includes.ts';

/** What applying a file would do. */
export interface Plan {
  /** In words. Empty when the roles are as the file says. */
  readonly changes: readonly string[];
  /** Why it cannot be applied. */
  readonly obstacles: readonly string[];
  /** What to think about before. It can be applied for all that. */
  readonly warnings: readonly string[];
}

/** What a comparison works with, beside the state of the roles. */
interface Schema {
  /** Also over what was changed in the database since the file was written. */
  readonly force: boolean;
  readonly known: readonly string[];
  readonly catalogue: readonly ActionGroup[];
  readonly rules: Rules;
}

export interface ForceOption {
  /** Also over what was changed in the database since the file was written. Default: false. */
  readonly force?: boolean | undefined;
}

/** What the file would change, in words, and what stands in its way. */
export async function planOf(
  { prisma, tokenActions, rules }: Pick<AdministrationServices, 'prisma' | 'tokenActions' | 'rules'>,
  catalogue: readonly ActionGroup[],
  file: PermissionsFile,
  { force = false }: ForceOption = {},
): Promise<Plan> {
  const state = await readState(prisma);
  return comparison(state, file, { known: tokenActions.all, catalogue, rules, force });
}

interface State {
  readonly roles: readonly RoleRow[];
  /** How many users have a role, by its id: as the main one; beside another one; or in any way, by a role that includes it too. */
  readonly users: ReadonlyMap<number, number>;
  readonly furtherUsers: ReadonlyMap<number, number>;
  readonly allUsers: ReadonlyMap<number, number>;
  readonly defaultRoleId: number;
  readonly leadsIndex: LeadsIndex;
}

export async function readState(
  database: Pick<Transaction, 'role' | 'user' | 'userRole' | 'settings' | '$queryRaw'>,
): Promise<State> {
  const roles = await allRoles(database);
  const counted = await database.user.groupBy({ by: ['roleId'], _count: { _all: true } });
  const further = await database.userRole.groupBy({ by: ['roleId'], _count: { _all: true } });
  const all = await database.$queryRaw<{ readonly role: number; readonly users: number }[]>`
    WITH RECURSIVE "ways"("role", "by") AS (
      SELECT "id", "id" FROM "roles"
      UNION
      SELECT w."role", i."roleId" FROM "ways" w JOIN "role_includes" i ON i."includedId" = w."by"
    )
    SELECT w."role", count(DISTINCT m."userId")::int4 AS "users"
    FROM "ways" w JOIN "roles_of_users" m ON m."roleId" = w."by"
    GROUP BY w."role"`;
  const { defaultRoleId } = await database.settings.findUniqueOrThrow({ where: { id: 1 } });
  const leadsIndex = await readLeadingColumns(database);
  return {
    roles,
    defaultRoleId,
    leadsIndex,
    users: new Map(counted.map(({ roleId, _count }) => [roleId, _count._all])),
    furtherUsers: new Map(further.map(({ roleId, _count }) => [roleId, _count._all])),
    allUsers: new Map(all.map(({ role, users }) => [role, users])),
  };
}

export function comparison(
  { roles, users, furtherUsers, allUsers, defaultRoleId, leadsIndex }: State,
  file: PermissionsFile,
  { known, catalogue, rules, force }: Schema,
): Plan {
  const changes: string[] = [];
  const obstacles: string[] = [];
  const warnings: string[] = [];
  const kindOf = kindsOfActions(known, catalogue);
  const graphs = { before: graphOfRoles(roles), after: graphOfFile(file) };
  const anonymous = new Set([...reached(graphs.before, ['public']), ...reached(graphs.after, ['public'])]);
  const nameOf = (type: string) =>
    file.roles.find((one) => one.type === type)?.name ?? roles.find((one) => one.type === type)?.name ?? type;
  for (const wanted of file.roles) {
    const role = roles.find(({ type }) => type === wanted.type);
    const audience = audienceOf(wanted.type, (role && allUsers.get(role.id)) ?? 0, anonymous.has(wanted.type));
    if (!role) changes.push(`New role ${wanted.name} (${wanted.type})`);
    else if (role.name !== wanted.name) changes.push(`${role.name} (${role.type}) is renamed to ${wanted.name}`);
    if (role && role.description !== wanted.description) changes.push(`${wanted.name} gets another description`);
    const before = role?.permissions ?? [];
    const has = new Map(wanted.permissions);
    const changed = permissionChanges({ name: wanted.name, audience }, before, wanted.permissions, { rules, kindOf });
    changes.push(...changed.map(({ text }) => text));
    for (const { action, kind } of changed) {
      if (kind === 'loses') continue;
      const grants = has.get(action);
      if (!known.includes(action)) obstacles.push(`${action} of ${wanted.type} is not an action of this schema`);
      else if (grants) obstacles.push(...faultsIn(rules, wanted.type, action, grants));
    }
    const byIncludes = planIncludes(role, wanted, graphs, nameOf);
    obstacles.push(...byIncludes.obstacles);
    for (const { text, actions } of byIncludes.changes) {
      const kinds = actions.length === 0 ? '' : `${actions.map(kindOf).includes('WRITES') ? 'WRITES' : 'reads'}, `;
      changes.push(`${text}: ${kinds}${audience}`);
    }
    const about = warningsAbout(wanted.permissions, typesOf(changed), { rules, leadsIndex });
    warnings.push(...about.map((warning) => `${wanted.name}: ${warning}`));
  }
  for (const role of roles.filter((one) => !isIn(file, one))) {
    const had = users.get(role.id) ?? 0;
    const beside = furtherUsers.get(role.id) ?? 0;
    const loses = beside === 0 ? '' : `, and ${beside} more who have it beside another role`;
    changes.push(`${role.name} (${role.type}) is deleted: ${audienceOf(role.type, had)}${loses}`);
    if (isFixed(role)) obstacles.push(`${role.type} always exists`);
    else if (role.id === defaultRoleId) obstacles.push(`${role.type} is the role of new users`);
    else if (had > 0) obstacles.push(`${role.type} has users: move them to another role first`);
  }
  const ofPublic = graphs.after.includes.get('public') ?? [];
  if (changes.length > 0 && ofPublic.length > 0) {
    warnings.push(warningOfPublic(ofPublic.map(nameOf)));
  }
  const names = file.roles.map(({ name }) => identifierKey(name));
  if (new Set(names).size < names.length) obstacles.push('two roles have the same name');
  if (!force && changes.length > 0 && fingerprintOf(roles) !== file.pulledFrom) {
    obstacles.push(
      'the roles were changed since the file was pulled or applied here: pull it again, and make your changes in the new file, or apply it with --force',
    );
  }
  return { changes, obstacles, warnings };
}

function faultsIn(rules: Rules, type: string, action: string, grants: readonly Grant[]): string[] {
  return rules
    .faultsOf(action, grants, holderOf({ type }))
    .map(({ path, message }) => `roles.${type}.permissions.${[action, ...path].join('.')}: ${message}`);
}

export function isIn(file: PermissionsFile, { type }: RoleRow): boolean {
  return file.roles.some((role) => role.type === type);
}
