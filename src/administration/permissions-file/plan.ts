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
  /** By the role's id. */
  readonly users: ReadonlyMap<number, number>;
  readonly defaultRoleId: number;
  readonly leadsIndex: LeadsIndex;
}

export async function readState(
  database: Pick<Transaction, 'role' | 'user' | 'settings' | '$queryRaw'>,
): Promise<State> {
  const roles = await allRoles(database);
  const counted = await database.user.groupBy({ by: ['roleId'], _count: { _all: true } });
  const { defaultRoleId } = await database.settings.findUniqueOrThrow({ where: { id: 1 } });
  const leadsIndex = await readLeadingColumns(database);
  return {
    roles,
    defaultRoleId,
    leadsIndex,
    users: new Map(counted.map(({ roleId, _count }) => [roleId, _count._all])),
  };
}

export function comparison(
  { roles, users, defaultRoleId, leadsIndex }: State,
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
  for (const wanted of file.roles) {
    const role = roles.find(({ type }) => type === wanted.type);
    const held = new Map(role?.permissions);
    const stays = new Map(wanted.permissions);
    const audience = audienceOf(wanted.type, (role && users.get(role.id)) ?? 0);
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
    const about = warningsAbout(wanted.permissions, touched, { rules, leadsIndex });
    warnings.push(...about.map((warning) => `${wanted.name}: ${warning}`));
  }
  for (const role of roles.filter((one) => !isIn(file, one))) {
    const had = users.get(role.id) ?? 0;
    changes.push(`${role.name} (${role.type}) is deleted: ${audienceOf(role.type, had)}`);
    if (isFixed(role)) obstacles.push(`${role.type} always exists`);
    else if (role.id === defaultRoleId) obstacles.push(`${role.type} is the role of new users`);
    else if (had > 0) obstacles.push(`${role.type} has users: move them to another role first`);
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

function audienceOf(type: string, users: number): string {
  if (type === 'public') return 'anonymous';
  return users === 1 ? '1 user' : `${users} users`;
}

export function isIn(file: PermissionsFile, { type }: RoleRow): boolean {
  return file.roles.some((role) => role.type === type);
}
