import type { ActionGroup } from '../../authorization/catalogue.ts';
import { type AdministrationServices, administer, type By, type Transaction } from '../administration.ts';
import { permissionRow } from '../permission-row.ts';
import { removeRole } from '../roles/remove-role.ts';
import { recordOf, roleTarget } from '../roles/role-record.ts';
import { writeRole } from '../roles/write-role.ts';
import type { FileRole, PermissionsFile } from './permissions-file.ts';
import { comparison, isIn, type Plan, readState } from './plan.ts';

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
    const plan = comparison(state, file, { known: services.tokenActions.all, catalogue, rules: services.rules });
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
  { type, name, description, permissions }: FileRole,
): Promise<void> {
  const role = await transaction.role.create({
    data: { type, name, description, permissions: { create: permissions.map(permissionRow) } },
    select: { documentId: true, type: true, name: true, description: true },
  });
  const after = recordOf({ ...role, permissions });
  await audit.record(transaction, by.actor, { event: 'role.create', target: roleTarget(role), after });
}
