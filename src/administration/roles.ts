import { identifierKey } from '../accounts/identifiers.ts';
import { type Changed, difference, type Target } from '../audit/audit.ts';
import { OWN_ACCOUNT } from '../authorization/defaults.ts';
import { ApiError, applicationError, type Fault, invalidInput, notFound, refuse } from '../common/errors.ts';
import type { DocumentKey } from '../database/document-key.ts';
import { isRelationGone, isRelationNeeded } from '../database/write-errors.ts';
import { type AdministrationServices, administer, type By, type Transaction } from './administration.ts';
import { findRole, type RoleName, type RoleRow, roleNames } from './find-role.ts';
import { faultsOfName, faultsOfText, textOrNull } from './texts.ts';

export interface NewRole {
  readonly name: string;
  readonly description: string | null;
  /** How code and settings name it; undefined: made of the name. */
  readonly type: string | undefined;
  /** What it is to hold beside what every role begins with. */
  readonly actions: readonly string[];
  /** The role that it begins as a copy of, instead of that. */
  readonly copyOf: DocumentKey | undefined;
}

/** What is absent stays as it is; the description is emptied by null. */
export interface RoleChange {
  readonly name?: string | undefined;
  readonly description?: string | null | undefined;
  readonly add?: readonly string[] | undefined;
  readonly remove?: readonly string[] | undefined;
  /** The type that the caller believes it to have. It does not change: settings and code name the role by it. */
  readonly type?: string | undefined;
  /** What it is to hold, and nothing else. */
  readonly actions?: readonly string[] | undefined;
  /** The version that the caller has seen. Of another one nothing is changed. */
  readonly version?: number | undefined;
}

export type RoleAction = 'role.create' | 'role.update' | 'role.delete';

/** Public is who sends no credential, and Authenticated whom new roles are modelled on: they always exist. */
const FIXED: readonly string[] = ['public', 'authenticated'];

/** Makes a role that can log in, change its password and so on, and tells the id. */
export async function createRole(services: AdministrationServices, by: By, input: NewRole): Promise<number> {
  const { prisma, audit } = services;
  const name = input.name.trim();
  const description = textOrNull(input.description);
  refuse([
    ...faultsOfName(name),
    ...faultsOfText(description, ['description']),
    ...(input.type === undefined ? [] : faultsOfType(input.type)),
    ...unknownActions(services, input.actions, ['permissions']),
  ]);
  return administer(prisma, by, async (transaction, ceiling) => {
    const roles = await roleNames(transaction);
    refuse(faultsOfTaken(roles, { name, type: input.type }));
    const copied = input.copyOf && (await findRole(transaction, input.copyOf));
    if (input.copyOf && !copied) {
      throw invalidInput([{ path: ['copyOf'], message: 'copyOf names a role that does not exist' }]);
    }
    const asked = [...(copied?.actions ?? []), ...input.actions];
    ceiling.covers(asked, 'role.create');
    const given = copied ? [] : ceiling.among(await ownAccountActions(transaction));
    const actions = [...new Set([...given, ...asked])].sort();
    const role = await transaction.role.create({
      data: {
        name,
        description,
        type: input.type ?? freeType(name, roles),
        permissions: { create: actions.map((action) => ({ action })) },
      },
      select: { id: true, documentId: true, name: true, description: true, type: true },
    });
    const after = told({ ...role, actions });
    await audit.record(transaction, by.actor, { event: 'role.create', target: roleTarget(role), after });
    return role.id;
  });
}

/** Changes what is given, all of it or nothing, and tells the id. What is not named stays: permissions, too. */
export async function updateRole(
  services: AdministrationServices,
  by: By,
  key: DocumentKey | { readonly key: 'type'; readonly value: string },
  change: RoleChange,
): Promise<number> {
  const { prisma } = services;
  const name = change.name?.trim();
  refuse([
    ...(name === undefined ? [] : faultsOfName(name)),
    ...faultsOfText(change.description, ['description']),
    ...faultsOfBoth(change),
  ]);
  return administer(prisma, by, async (transaction, ceiling) => {
    const role = await findRole(transaction, key);
    if (!role) throw noSuchRole();
    ceiling.covers(role.actions, 'role.update'); // whoever takes has to have it, too
    if (change.type !== undefined && change.type !== role.type) {
      throw invalidInput([{ path: ['type'], message: 'The type of a role does not change' }]);
    }
    if (change.version !== undefined && change.version !== role.version) throw changedMeanwhile(role);
    const others = name === undefined ? [] : (await roleNames(transaction)).filter(({ id }) => id !== role.id);
    const { actions, faults } = actionsAfter(services, role, change);
    refuse([...(name === undefined ? [] : faultsOfTaken(others, { name, type: undefined })), ...faults]);
    ceiling.covers(actions, 'role.update');
    await writeRole(services, by, transaction, role, {
      name: name ?? role.name,
      description: change.description === undefined ? role.description : textOrNull(change.description),
      actions,
    });
    return role.id;
  });
}

/** Writes what is different, and records it. The ceiling was looked at. */
export async function writeRole(
  { audit }: Pick<AdministrationServices, 'audit'>,
  by: By,
  transaction: Transaction,
  role: RoleRow,
  wanted: Pick<RoleRow, 'name' | 'description' | 'actions'>,
): Promise<void> {
  const { id } = role;
  const { name, description } = wanted;
  const added = wanted.actions.filter((action) => !role.actions.includes(action));
  const removed = role.actions.filter((action) => !wanted.actions.includes(action));
  if (name !== role.name || description !== role.description) {
    await transaction.role.update({ where: { id }, data: { name, description }, select: { id: true } });
  }
  if (removed.length > 0) await transaction.permission.deleteMany({ where: { roleId: id, action: { in: removed } } });
  if (added.length > 0) {
    await transaction.permission.createMany({ data: added.map((action) => ({ roleId: id, action })) });
  }
  const target = roleTarget(role);
  const renamed = difference({ name: role.name, description: role.description }, { name, description });
  await audit.record(
    transaction,
    by.actor,
    ...(renamed ? [{ event: 'role.update' as const, target, ...renamed }] : []),
    ...(added.length + removed.length > 0
      ? [{ event: 'role.setPermissions' as const, target, before: { removed }, after: { added } }]
      : []),
  );
}

/** Deletes a role. Its users go to the target; without one, to the default role where there are any. */
export async function deleteRole(
  services: AdministrationServices,
  by: By,
  key: DocumentKey,
  target: DocumentKey | undefined,
): Promise<{ readonly role: RoleRow; readonly movedTo: RoleRow; readonly moved: number }> {
  const { prisma } = services;
  return administer(prisma, by, async (transaction, ceiling) => {
    const role = await findRole(transaction, key);
    if (!role) throw noSuchRole();
    const { defaultRoleId } = await transaction.settings.findUniqueOrThrow({ where: { id: 1 } });
    const movedTo = await findRole(transaction, target ?? { key: 'id', value: defaultRoleId });
    if (!movedTo || movedTo.id === role.id) {
      if (role.id === defaultRoleId) throw cannotBeDeleted(role);
      throw invalidInput([{ path: ['moveUsersTo'], message: 'moveUsersTo has to name another role' }]);
    }
    ceiling.covers(role.actions, 'role.delete');
    if (FIXED.includes(role.type) || role.id === defaultRoleId) throw cannotBeDeleted(role);
    const users = await transaction.user.count({ where: { roleId: role.id } });
    if (users > 0) ceiling.covers(movedTo.actions, 'role.delete');
    if (users > 0 && movedTo.type === 'public') {
      throw invalidInput([{ path: ['moveUsersTo'], message: 'Nobody who has an account is Public' }]);
    }
    const moved = await removeRole(services, by, transaction, role, movedTo);
    return { role, movedTo, moved };
  });
}

/** Moves its users and deletes the role, and tells how many they were. Whether it may be was looked at. */
export async function removeRole(
  { audit }: Pick<AdministrationServices, 'audit'>,
  by: By,
  transaction: Transaction,
  role: RoleRow,
  movedTo: RoleRow,
): Promise<number> {
  const { count } = await transaction.user.updateMany({
    where: { roleId: role.id },
    data: { roleId: movedTo.id },
  });
  await transaction.role.delete({ where: { id: role.id }, select: { id: true } }).catch((error: unknown) => {
    // Somebody registered with it in this moment: they are not dropped, and not locked out.
    if (isRelationGone(error) || isRelationNeeded(error)) throw applicationError('The role has users: try again');
    throw error;
  });
  const after = { users: count, movedTo: count > 0 ? movedTo.type : null };
  const deed = { event: 'role.delete', target: roleTarget(role), before: told(role), after } as const;
  await audit.record(transaction, by.actor, deed);
  return count;
}

/** What a new role begins with, so that nobody is locked out of their own password: what Authenticated has of it. */
async function ownAccountActions(transaction: Transaction): Promise<string[]> {
  const authenticated = await findRole(transaction, { key: 'type', value: 'authenticated' });
  return OWN_ACCOUNT.filter((action) => authenticated?.actions.includes(action));
}

export function roleTarget({ documentId, type }: Pick<RoleRow, 'documentId' | 'type'>): Target {
  return { kind: 'role', documentId, name: type };
}

/** What the log is told of a role. */
export function told({
  name,
  description,
  type,
  actions,
}: Pick<RoleRow, 'name' | 'description' | 'type' | 'actions'>): Changed {
  return { name, description, type, permissions: actions };
}

export function isFixed({ type }: Pick<RoleRow, 'type'>): boolean {
  return FIXED.includes(type);
}

/** More than these nobody reads, and a list of ten thousand names would be answered with as many. */
const MAX_ERRORS = 20;

/** A fault for each action that the schema does not have. */
export function unknownActions(
  { tokenActions }: Pick<AdministrationServices, 'tokenActions'>,
  actions: readonly string[],
  path: readonly string[],
): Fault[] {
  const known = new Set(tokenActions.all);
  return actions
    .flatMap((action, index) =>
      known.has(action) ? [] : [{ path: [...path, index], message: `${path.at(-1)} has a name that is no action` }],
    )
    .slice(0, MAX_ERRORS);
}

function actionsAfter(
  services: AdministrationServices,
  role: RoleRow,
  { add = [], remove = [], actions }: RoleChange,
): { readonly actions: string[]; readonly faults: Fault[] } {
  // What a role was given before its content type went away may stay, or be taken; it is not given anew.
  const isNew = (action: string) => !role.actions.includes(action);
  const faults = [
    ...unknownActions(services, add, ['add']),
    ...unknownActions(services, remove.filter(isNew), ['remove']),
    ...unknownActions(services, (actions ?? []).filter(isNew), ['permissions']),
  ];
  const wanted = actions ?? [...role.actions.filter((action) => !remove.includes(action)), ...add];
  return { actions: [...new Set(wanted)].sort(), faults };
}

function faultsOfBoth({ add = [], remove = [] }: RoleChange): Fault[] {
  const taken = new Set(remove);
  const both = add.some((action) => taken.has(action));
  return both ? [{ path: ['add'], message: 'add and remove name the same action' }] : [];
}

function faultsOfType(type: string): Fault[] {
  if (/^[a-z][a-z0-9_-]{0,62}$/.test(type)) return [];
  const message = 'type must begin with a letter, and have lower-case letters, digits, _ and - only';
  return [{ path: ['type'], message }];
}

function faultsOfTaken(
  roles: readonly RoleName[],
  { name, type }: { readonly name: string; readonly type: string | undefined },
): Fault[] {
  const message = 'This attribute must be unique';
  return [
    ...(roles.some((role) => identifierKey(role.name) === identifierKey(name)) ? [{ path: ['name'], message }] : []),
    ...(type !== undefined && roles.some((role) => role.type === type) ? [{ path: ['type'], message }] : []),
  ];
}

/** `Guest writers` → `guest_writers`, or with a number behind it, where that is there. */
function freeType(name: string, roles: readonly RoleName[]): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^[_\d]+|_+$/g, '')
    .slice(0, 50);
  const base = plain === '' ? 'role' : plain;
  const taken = (type: string) => roles.some((role) => role.type === type);
  let type = base;
  for (let number = 2; taken(type); number++) type = `${base}_${number}`;
  return type;
}

function noSuchRole(): ApiError {
  return notFound('Role not found');
}

function cannotBeDeleted({ type }: RoleRow): ApiError {
  return applicationError(
    isFixed({ type })
      ? `Cannot delete ${type} role`
      : 'This is the default role for sign-ups. Choose another default first.',
  );
}

function changedMeanwhile({ version }: RoleRow): ApiError {
  const message = 'The role was changed meanwhile: look at it again';
  return new ApiError('APPLICATION_ERROR', message, { version });
}
