import { identifierKey } from '../../accounts/identifiers.ts';
import type { ActionGroup } from '../../authorization/catalogue.ts';
import type { AdministrationServices, Transaction } from '../administration.ts';
import { allRoles, type RoleRow } from '../roles/find-role.ts';
import { isFixed } from '../roles/fixed-roles.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { PermissionsFile } from './permissions-file.ts';

/** What applying a file would do. */
export interface Plan {
  /** In words. Empty when the roles are as the file says. */
  readonly changes: readonly string[];
  /** Why it cannot be applied. */
  readonly obstacles: readonly string[];
}

/** What the file would change, in words, and what stands in its way. */
export async function planOf(
  { prisma, tokenActions }: Pick<AdministrationServices, 'prisma' | 'tokenActions'>,
  catalogue: readonly ActionGroup[],
  file: PermissionsFile,
): Promise<Plan> {
  const state = await readState(prisma);
  return comparison(state, file, { known: tokenActions.all, catalogue });
}

interface State {
  readonly roles: readonly RoleRow[];
  /** By the role's id. */
  readonly users: ReadonlyMap<number, number>;
  readonly defaultRoleId: number;
}

export async function readState(database: Pick<Transaction, 'role' | 'user' | 'settings'>): Promise<State> {
  const roles = await allRoles(database);
  const counted = await database.user.groupBy({ by: ['roleId'], _count: { _all: true } });
  const { defaultRoleId } = await database.settings.findUniqueOrThrow({ where: { id: 1 } });
  return { roles, defaultRoleId, users: new Map(counted.map(({ roleId, _count }) => [roleId, _count._all])) };
}

export function comparison(
  { roles, users, defaultRoleId }: State,
  file: PermissionsFile,
  { known, catalogue }: { readonly known: readonly string[]; readonly catalogue: readonly ActionGroup[] },
): Plan {
  const changes: string[] = [];
  const obstacles: string[] = [];
  const writing = catalogue.flatMap(({ actions }) =>
    actions.filter(({ writes }) => writes).map(({ action }) => action),
  );
  const kind = (action: string) => {
    if (!known.includes(action)) return 'not in the schema';
    return writing.includes(action) ? 'WRITES' : 'reads';
  };
  for (const wanted of file.roles) {
    const role = roles.find(({ type }) => type === wanted.type);
    const held = role?.actions ?? [];
    const audience = audienceOf(wanted.type, (role && users.get(role.id)) ?? 0);
    if (!role) changes.push(`New role ${wanted.name} (${wanted.type})`);
    else if (role.name !== wanted.name) changes.push(`${role.name} (${role.type}) is renamed to ${wanted.name}`);
    if (role && role.description !== wanted.description) changes.push(`${wanted.name} gets another description`);
    for (const action of wanted.actions.filter((one) => !held.includes(one))) {
      changes.push(`${wanted.name} gains ${action}: ${kind(action)}, ${audience}`);
      if (!known.includes(action)) obstacles.push(`${action} of ${wanted.type} is not an action of this schema`);
    }
    for (const action of held.filter((one) => !wanted.actions.includes(one))) {
      changes.push(`${wanted.name} loses ${action}: ${kind(action)}, ${audience}`);
    }
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
  return { changes, obstacles };
}

function audienceOf(type: string, users: number): string {
  if (type === 'public') return 'anonymous';
  return users === 1 ? '1 user' : `${users} users`;
}

export function isIn(file: PermissionsFile, { type }: RoleRow): boolean {
  return file.roles.some((role) => role.type === type);
}
