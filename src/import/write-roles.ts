import type { Transaction } from '../administration/administration.ts';
import { permissionRow, permissionsTo } from '../administration/permission-row.ts';
import type { ImportedRole } from './accounts.ts';
import { placesOf } from './role-places.ts';
import { moveSequenceOn } from './sequences.ts';

/**
 * Writes roles as they were in the other system: a role of the same type has the imported id, name and actions from then on, and
 * none of its own. Other roles keep their permissions and make place.
 *
 * @returns the ids of all roles, by type.
 */
export async function writeRoles(
  transaction: Transaction,
  imported: readonly ImportedRole[],
): Promise<ReadonlyMap<string, number>> {
  const present = await transaction.role.findMany({ select: { id: true, name: true, type: true } });
  const { ids, names } = placesOf(present, imported);
  await renumber(transaction, ids);
  const idOf = new Map(present.map(({ id, type }) => [type, ids.get(id) ?? id]));
  await freeNames(transaction, present, imported, idOf);
  for (const [id, name] of names) {
    await transaction.role.update({ where: { id: ids.get(id) ?? id }, data: { name }, select: { id: true } });
  }
  for (const role of imported) {
    if (role.id !== undefined) idOf.set(role.type, await writeRole(transaction, role, idOf.get(role.type)));
  }
  await moveSequenceOn(transaction, '"roles"');
  for (const role of imported) {
    if (role.id === undefined) idOf.set(role.type, await writeRole(transaction, role, idOf.get(role.type)));
  }
  return idOf;
}

/** By way of negative ids, which no role has: two roles can change places. Permissions, users and settings follow their role. */
async function renumber(transaction: Transaction, ids: ReadonlyMap<number, number>): Promise<void> {
  if (ids.size === 0) return;
  const [from, to] = [[...ids.keys()], [...ids.values()]];
  await transaction.$executeRaw`UPDATE "roles" SET "id" = -"id" WHERE "id" = ANY(${from}::int[])`;
  await transaction.$executeRaw`
    UPDATE "roles" SET "id" = place."to" FROM unnest(${from}::int[], ${to}::int[]) AS place("from", "to")
    WHERE "roles"."id" = -place."from"`;
}

/** Two roles of both systems can change names: first, each that has another one lets go of its own. */
async function freeNames(
  transaction: Transaction,
  present: readonly { readonly name: string; readonly type: string }[],
  imported: readonly ImportedRole[],
  idOf: ReadonlyMap<string, number>,
): Promise<void> {
  const nameOf = new Map(imported.map(({ type, name }) => [type, name]));
  for (const { type, name } of present) {
    const wanted = nameOf.get(type);
    const id = idOf.get(type);
    if (wanted === undefined || wanted === name || id === undefined) continue;
    await transaction.role.update({ where: { id }, data: { name: `${type} ${id} ${name}` }, select: { id: true } });
  }
}

async function writeRole(
  transaction: Transaction,
  { id, documentId, name, description, type, actions }: ImportedRole,
  present: number | undefined,
): Promise<number> {
  const data = { ...(documentId !== undefined && { documentId }), name, description };
  const permissions = { create: permissionsTo([...new Set(actions)]).map(permissionRow) };
  if (present === undefined) {
    const created = await transaction.role.create({
      data: { ...data, ...(id !== undefined && { id }), type, permissions },
      select: { id: true },
    });
    return created.id;
  }
  await transaction.permission.deleteMany({ where: { roleId: present } });
  await transaction.roleInclude.deleteMany({ where: { roleId: present } });
  await transaction.role.update({ where: { id: present }, data: { ...data, permissions }, select: { id: true } });
  return present;
}
