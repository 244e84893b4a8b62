import { identifierKey } from '../../accounts/identifiers.ts';
import type { ActionGroup } from '../../authorization/catalogue.ts';
import type { Grant, Permission } from '../../authorization/grants.ts';
import type { Rules } from '../../authorization/rules.ts';
import { type LeadsIndex, warningsAbout } from '../../authorization/warnings.ts';
import type { AdministrationServices, Transaction } from '../administration.ts';
import { readLeadingColumns } from '../leading-columns.ts';
import { sameGrants } from '../permission-row.ts';
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
  readonly known: readonly string[];
  readonly catalogue: readonly ActionGroup[];
  readonly rules: Rules;
}

/** What the file would change, in words, and what stands in its way. */
export async function planOf(
  { prisma, tokenActions, rules }: Pick<AdministrationServices, 'prisma' | 'tokenActions' | 'rules'>,
  catalogue: readonly ActionGroup[],
  file: PermissionsFile,
): Promise<Plan> {
  const state = await readState(prisma);
  return comparison(state, file, { known: tokenActions.all, catalogue, rules });
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
  { known, catalogue, rules }: Schema,
): Plan {
  const changes: string[] = [];
  const obstacles: string[] = [];
  const warnings: string[] = [];
  const writing = catalogue.flatMap(({ actions }) =>
    actions.filter(({ writes }) => writes).map(({ action }) => action),
  );
  const kind = (action: string) => {
    if (!known.includes(action)) return 'not in the schema';
    return writing.includes(action) ? 'WRITES' : 'reads';
  };
  const restriction = (action: string, grants: Permission[1]) => (grants ? ` ${rules.inWords(action, grants)}` : '');
  const graphs = { before: graphOfRoles(roles), after: graphOfFile(file) };
  const anonymous = new Set([...reached(graphs.before, ['public']), ...reached(graphs.after, ['public'])]);
  const nameOf = (type: string) =>
    file.roles.find((one) => one.type === type)?.name ?? roles.find((one) => one.type === type)?.name ?? type;
  for (const wanted of file.roles) {
    const role = roles.find(({ type }) => type === wanted.type);
    const held = new Map(role?.permissions);
    const stays = new Map(wanted.permissions);
    const audience = audienceOf(wanted.type, (role && allUsers.get(role.id)) ?? 0, anonymous);
    if (!role) changes.push(`New role ${wanted.name} (${wanted.type})`);
    else if (role.name !== wanted.name) changes.push(`${role.name} (${role.type}) is renamed to ${wanted.name}`);
    if (role && role.description !== wanted.description) changes.push(`${wanted.name} gets another description`);
    const touched = new Set<string>();
    const change = (action: string, what: string) => {
      changes.push(`${wanted.name} ${what}: ${kind(action)}, ${audience}`);
      touched.add(action.split('.', 1)[0] ?? '');
    };
    for (const [action, grants] of wanted.permissions) {
      const before = held.get(action);
      if (before !== undefined && sameGrants(before, grants)) continue;
      if (before === undefined) change(action, `gains ${action}${restriction(action, grants)}`);
      else
        change(action, `changes ${action} from ${wordsOf(rules, action, before)} to ${wordsOf(rules, action, grants)}`);
      if (!known.includes(action)) obstacles.push(`${action} of ${wanted.type} is not an action of this schema`);
      else if (grants) obstacles.push(...faultsIn(rules, wanted.type, action, grants));
    }
    for (const [action, grants] of held) {
      if (!stays.has(action)) change(action, `loses ${action}${restriction(action, grants)}`);
    }
    const byIncludes = planIncludes(role, wanted, graphs, nameOf);
    obstacles.push(...byIncludes.obstacles);
    for (const { text, actions } of byIncludes.changes) {
      const kinds = actions.length === 0 ? '' : `${actions.map(kind).includes('WRITES') ? 'WRITES' : 'reads'}, `;
      changes.push(`${text}: ${kinds}${audience}`);
    }
    const about = warningsAbout(wanted.permissions, touched, { rules, leadsIndex });
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
    const which = ofPublic.map(nameOf).join(', ');
    warnings.push(`Public includes ${which}: what it allows needs no login`);
  }
  const names = file.roles.map(({ name }) => identifierKey(name));
  if (new Set(names).size < names.length) obstacles.push('two roles have the same name');
  if (changes.length > 0 && fingerprintOf(roles) !== file.pulledFrom) {
    obstacles.push(
      'the roles were changed since the file was pulled: pull it again, and make your changes in the new file',
    );
  }
  return { changes, obstacles, warnings };
}

function wordsOf(rules: Rules, action: string, grants: Permission[1]): string {
  return grants ? rules.inWords(action, grants) : 'all rows and fields';
}

function faultsIn(rules: Rules, type: string, action: string, grants: readonly Grant[]): string[] {
  return rules
    .faultsOf(action, grants, holderOf({ type }))
    .map(({ path, message }) => `roles.${type}.permissions.${[action, ...path].join('.')}: ${message}`);
}

/** `anonymous`: the roles that requests without a credential have. */
function audienceOf(type: string, users: number, anonymous: ReadonlySet<string> = new Set(['public'])): string {
  if (type === 'public') return 'anonymous';
  const counted = users === 1 ? '1 user' : `${users} users`;
  return anonymous.has(type) ? `anonymous and ${counted}` : counted;
}

export function isIn(file: PermissionsFile, { type }: RoleRow): boolean {
  return file.roles.some((role) => role.type === type);
}
