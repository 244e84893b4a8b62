import type { ActionGroup } from '../../authorization/catalogue.ts';
import { type AdministrationServices, administer, type By, type Transaction } from '../administration.ts';
import { permissionRow } from '../permission-row.ts';
import { allRoles } from '../roles/find-role.ts';
import { writeIncludes } from '../roles/includes.ts';
import { removeRole } from '../roles/remove-role.ts';
import { recordOf, roleTarget } from '../roles/role-record.ts';
import { writeRole } from '../roles/write-role.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { FileRole, PermissionsFile } from './permissions-file.ts';
import { comparison, type ForceOption, isIn, type Plan, readState } from './plan.ts';

export interface Applied extends Plan {
  /** What a file that was pulled now would have; undefined when nothing could be done. */
  readonly pulledFrom?: string;
}

/**
 * Makes the roles as the file says, all of it or nothing. Where they are so already, nothing is done and nothing said.
 *
 * @returns what was done, and the new `pulledFrom` of the file; with obstacles, nothing was.
 */
export async function applyFile(
  services: AdministrationServices,
  catalogue: readonly ActionGroup[],
  by: By,
  file: PermissionsFile,
  { force = false }: ForceOption = {},
): Promise<Applied> {
  return administer(services.prisma, by, async (transaction) => {
    const state = await readState(transaction);
    const { rules, tokenActions } = services;
    const plan = comparison(state, file, { known: tokenActions.all, catalogue, rules, force });
    if (plan.obstacles.length > 0) return plan;
    if (plan.changes.length === 0) return { ...plan, pulledFrom: fingerprintOf(state.roles) };
    for (const wanted of file.roles) {
      const role = state.roles.find(({ type }) => type === wanted.type);
      if (role)
        await writeRole(services, by, transaction, role, {
          ...wanted,
          requiresSecondFactor: role.requiresSecondFactor,
        });
      else await addRole(services, by, transaction, wanted);
    }
    await applyIncludes(services, by, transaction, file);
    for (const role of state.roles) {
      // Nobody has it: else it would have been an obstacle.
      if (!isIn(file, role)) await removeRole(services, by, transaction, role, role);
    }
    return { ...plan, pulledFrom: fingerprintOf(await allRoles(transaction)) };
  });
}

/** When all roles of the file exist. Those that are deleted include nothing any more, so that none keeps another one. */
async function applyIncludes(
  services: AdministrationServices,
  by: By,
  transaction: Transaction,
  file: PermissionsFile,
): Promise<void> {
  const roles = await allRoles(transaction);
  await transaction.roleInclude.deleteMany({
    where: { role: { type: { notIn: file.roles.map(({ type }) => type) } } },
  });
  const changed = roles.flatMap((role) => {
    const wanted = file.roles.find(({ type }) => type === role.type)?.includes;
    return wanted ? [{ role, includes: roles.filter(({ type }) => wanted.includes(type)) }] : [];
  });
  const kept = ({ role, includes }: (typeof changed)[number]) =>
    role.includes.filter(({ id }) => includes.some((one) => one.id === id));
  // First what goes, of all roles: a new include of one may lead to an old one of another, and back.
  for (const one of changed) await writeIncludes(services, by, transaction, one.role, kept(one));
  for (const one of changed) {
    await writeIncludes(services, by, transaction, { ...one.role, includes: kept(one) }, one.includes);
  }
}

async function addRole(
  { audit }: AdministrationServices,
  by: By,
  transaction: Transaction,
  { type, name, description, permissions }: FileRole,
): Promise<void> {
  const role = await transaction.role.create({
    data: { type, name, description, permissions: { create: permissions.map(permissionRow) } },
    select: { documentId: true, type: true, name: true, description: true },
  });
  const after = recordOf({ ...role, permissions, includes: [] });
  await audit.record(transaction, by.actor, { event: 'role.create', target: roleTarget(role), after });
}
