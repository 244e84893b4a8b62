import { createHash } from 'node:crypto';
import { Document, parse, YAMLError, YAMLMap, YAMLSeq } from 'yaml';
import { z } from 'zod';
import { identifierKey } from '../accounts/identifiers.ts';
import type { ActionGroup } from '../authorization/catalogue.ts';
import { type AdministrationServices, administer, type By, type Transaction } from './administration.ts';
import { allRoles, type RoleRow } from './find-role.ts';
import { isFixed, removeRole, roleTarget, told, writeRole } from './roles.ts';
import { faultsOfName, faultsOfText } from './texts.ts';

/** Roles and permissions as people review them: stable in its order, one line an action. */
export interface PermissionsFile {
  /** What the roles were when the file was written: of others nothing is applied. */
  readonly pulledFrom: string;
  readonly roles: readonly FileRole[];
}

interface FileRole {
  readonly type: string;
  readonly name: string;
  readonly description: string | null;
  readonly actions: readonly string[];
}

/** What applying a file would do. */
export interface Plan {
  /** In words. Empty when the roles are as the file says. */
  readonly changes: readonly string[];
  /** Why it cannot be applied. */
  readonly obstacles: readonly string[];
}

/** The file is not to be understood; the message says where. */
export class PermissionsFileError extends Error {}

const HEAD = ` Roles and permissions of Gatehouse. Written by: npm run gatehouse -- permissions pull
 What applying a change of it would do: npm run gatehouse -- permissions plan
 An action that this version of the schema does not have is marked: it grants nothing, and may stay.`;

/** The roles as the text of a file. */
export function permissionsFileOf(roles: readonly RoleRow[], known: readonly string[]): string {
  const document = new Document({ pulledFrom: fingerprintOf(roles), roles: new YAMLMap() });
  document.commentBefore = HEAD;
  const map = document.get('roles') as YAMLMap;
  for (const { type, name, description, actions } of sorted(roles)) {
    const list = new YAMLSeq();
    for (const action of actions) {
      const item = document.createNode(action);
      if (!known.includes(action)) item.comment = ' not in the schema';
      list.add(item);
    }
    const role = document.createNode({ name, description }) as YAMLMap;
    role.set('permissions', list);
    map.set(type, role);
  }
  return document.toString({ lineWidth: 0, indentSeq: true });
}

/** @throws PermissionsFileError for a text that is no such file, with every reason. */
export function parsePermissionsFile(text: string): PermissionsFile {
  let content: unknown;
  try {
    content = parse(text, { uniqueKeys: true, maxAliasCount: 0 });
  } catch (error) {
    if (!(error instanceof YAMLError || error instanceof ReferenceError)) throw error;
    throw new PermissionsFileError(`The file is not YAML: ${error.message.split('\n', 1)[0]}`);
  }
  const { success, data, error } = FILE.safeParse(content);
  if (!success) {
    const problems = error.issues.map(({ path, message }) => `  ${path.join('.') || 'the file'}: ${message}`);
    throw new PermissionsFileError(`The file cannot be understood:\n${problems.join('\n')}`);
  }
  const roles = Object.entries(data.roles).map(([type, { name, description, permissions }]) => ({
    type,
    name: name.trim(),
    description: description ?? null,
    actions: [...permissions].sort(),
  }));
  return { pulledFrom: data.pulledFrom, roles };
}

const FILE = z.strictObject({
  pulledFrom: z.string(),
  roles: z.record(
    z.string().regex(/^[a-z][a-z0-9_-]{0,62}$/, 'expected a type of lower-case letters, digits, _ and -'),
    z.strictObject({
      name: z.string().refine((name) => faultsOfName(name).length === 0, 'expected a name of 1 to 100 characters'),
      description: z
        .string()
        .refine((text) => faultsOfText(text, []).length === 0, 'expected at most 1000 characters')
        .nullish(),
      permissions: z
        .array(z.string())
        .refine((actions) => new Set(actions).size === actions.length, 'expected each action once'),
    }),
  ),
});

/** What the file would change, in words, and what stands in its way. */
export async function planOf(
  { prisma, tokenActions }: Pick<AdministrationServices, 'prisma' | 'tokenActions'>,
  catalogue: readonly ActionGroup[],
  file: PermissionsFile,
): Promise<Plan> {
  const state = await readState(prisma);
  return comparison(state, file, { known: tokenActions.all, catalogue });
}

/**
 * Makes the roles as the file says, all of it or nothing. Where they are so already, nothing is done and nothing said.
 *
 * @returns what was done; with obstacles, nothing was.
 */
export async function applyFile(
  services: AdministrationServices,
  catalogue: readonly ActionGroup[],
  by: By,
  file: PermissionsFile,
): Promise<Plan> {
  return administer(services.prisma, by, async (transaction) => {
    const state = await readState(transaction);
    const plan = comparison(state, file, { known: services.tokenActions.all, catalogue });
    if (plan.changes.length === 0 || plan.obstacles.length > 0) return plan;
    for (const wanted of file.roles) {
      const role = state.roles.find(({ type }) => type === wanted.type);
      if (role) await writeRole(services, by, transaction, role, wanted);
      else await addRole(services, by, transaction, wanted);
    }
    for (const role of state.roles) {
      // Nobody has it: else it would have been an obstacle.
      if (!isIn(file, role)) await removeRole(services, by, transaction, role, role);
    }
    return plan;
  });
}

async function addRole(
  { audit }: AdministrationServices,
  by: By,
  transaction: Transaction,
  { type, name, description, actions }: FileRole,
): Promise<void> {
  const role = await transaction.role.create({
    data: { type, name, description, permissions: { create: actions.map((action) => ({ action })) } },
    select: { documentId: true, type: true, name: true, description: true },
  });
  const after = told({ ...role, actions });
  await audit.record(transaction, by.actor, { event: 'role.create', target: roleTarget(role), after });
}

interface State {
  readonly roles: readonly RoleRow[];
  /** By the role's id. */
  readonly users: ReadonlyMap<number, number>;
  readonly defaultRoleId: number;
}

async function readState(database: Pick<Transaction, 'role' | 'user' | 'settings'>): Promise<State> {
  const roles = await allRoles(database);
  const counted = await database.user.groupBy({ by: ['roleId'], _count: { _all: true } });
  const { defaultRoleId } = await database.settings.findUniqueOrThrow({ where: { id: 1 } });
  return { roles, defaultRoleId, users: new Map(counted.map(({ roleId, _count }) => [roleId, _count._all])) };
}

function comparison(
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
    if (role && role.description !== wanted.description) changes.push(`${wanted.name} is described anew`);
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
    else if (role.id === defaultRoleId) obstacles.push(`${role.type} is the role of who registers`);
    else if (had > 0) obstacles.push(`${role.type} has users: move them to another role first`);
  }
  const names = file.roles.map(({ name }) => identifierKey(name));
  if (new Set(names).size < names.length) obstacles.push('two roles have the same name');
  if (changes.length > 0 && fingerprintOf(roles) !== file.pulledFrom) {
    obstacles.push(
      'the roles were changed since the file was pulled: pull again, and make your change in what that writes',
    );
  }
  return { changes, obstacles };
}

function audienceOf(type: string, users: number): string {
  if (type === 'public') return 'anonymous';
  return users === 1 ? '1 user' : `${users} users`;
}

function isIn(file: PermissionsFile, { type }: RoleRow): boolean {
  return file.roles.some((role) => role.type === type);
}

/** One text for one state of all roles and permissions. */
function fingerprintOf(roles: readonly RoleRow[]): string {
  const state = sorted(roles).map(({ type, name, description, actions }) => [type, name, description, actions]);
  return createHash('sha256').update(JSON.stringify(state)).digest('hex');
}

function sorted(roles: readonly RoleRow[]): RoleRow[] {
  return [...roles].sort((one, other) => (one.type < other.type ? -1 : 1));
}
