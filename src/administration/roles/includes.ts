import type { ReadRole } from '../../authorization/role-union.ts';
import { type Fault, refuse } from '../../common/errors.ts';
import type { DocumentKey } from '../../database/document-key.ts';
import type { AdministrationServices, By, Transaction } from '../administration.ts';
import { withIncluded } from './effective-permissions.ts';
import { findRoleNames, type RoleName, type RoleRow } from './find-role.ts';
import { roleTarget, typesOf } from './role-record.ts';

/** The roles that an input names for a role to include. @throws ApiError BAD_USER_INPUT with an error for each that does not exist. */
export async function includedRoles(
  transaction: Pick<Transaction, 'role'>,
  keys: readonly DocumentKey[],
): Promise<readonly RoleName[]> {
  return findRoleNames(transaction, keys, 'includes');
}

/** @throws ApiError BAD_USER_INPUT with an error for each of these that would make the role include itself. */
export async function refuseCircles(
  transaction: Pick<Transaction, '$queryRawUnsafe'>,
  role: Pick<RoleName, 'id' | 'type'>,
  includes: readonly Pick<RoleName, 'id'>[],
): Promise<void> {
  const reached = await withIncluded(
    transaction,
    includes.map(({ id }) => id),
  );
  const byId = new Map(reached.map((one) => [one.id, one]));
  refuse(
    includes.flatMap(({ id }, index): Fault[] => {
      const way = wayBetween(byId, id, role.id);
      if (!way) return [];
      const circle = [role.type, ...way.map(({ type }) => type)].join(' → ');
      return [{ path: ['includes', index], message: `includes would make a circle: ${circle}` }];
    }),
  );
}

/** The roles from one to another, each of which includes the next; undefined if the first does not include the last. */
function wayBetween(byId: ReadonlyMap<number, ReadRole>, from: number, to: number): readonly ReadRole[] | undefined {
  const before = new Map<number, number | undefined>([[from, undefined]]);
  // A Map is walked to its end, also when it grows meanwhile.
  for (const id of before.keys()) {
    if (id === to) break;
    for (const next of byId.get(id)?.includes ?? []) if (!before.has(next)) before.set(next, id);
  }
  if (!before.has(to)) return undefined;
  const way: ReadRole[] = [];
  for (let id: number | undefined = to; id !== undefined; id = before.get(id)) {
    const role = byId.get(id);
    if (role) way.unshift(role);
  }
  return way;
}

/** Makes a role include these and no others, and records what is different. Its caller has checked circles and the ceiling. */
export async function writeIncludes(
  { audit }: Pick<AdministrationServices, 'audit'>,
  by: By,
  transaction: Transaction,
  role: Pick<RoleRow, 'id' | 'documentId' | 'type' | 'includes'>,
  wanted: readonly RoleName[],
): Promise<void> {
  const missingIn = (list: readonly RoleName[]) => (one: RoleName) => list.every(({ id }) => id !== one.id);
  const added = wanted.filter(missingIn(role.includes));
  const removed = role.includes.filter(missingIn(wanted));
  if (added.length + removed.length === 0) return;
  if (removed.length > 0) {
    const includedId = { in: removed.map(({ id }) => id) };
    await transaction.roleInclude.deleteMany({ where: { roleId: role.id, includedId } });
  }
  if (added.length > 0) {
    await transaction.roleInclude.createMany({ data: added.map(({ id }) => ({ roleId: role.id, includedId: id })) });
  }
  await audit.record(transaction, by.actor, {
    event: 'role.setIncludes',
    target: roleTarget(role),
    before: { removed: typesOf(removed) },
    after: { added: typesOf(added) },
  });
}

/** The roles that include a role, by their names. */
export async function rolesThatInclude(
  transaction: Pick<Transaction, 'roleInclude'>,
  includedId: number,
): Promise<readonly string[]> {
  const rows = await transaction.roleInclude.findMany({
    where: { includedId },
    select: { role: { select: { name: true } } },
    orderBy: { roleId: 'asc' },
  });
  return rows.map(({ role }) => role.name);
}
