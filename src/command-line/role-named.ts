import { allRoles, type RoleRow } from '../administration/roles/find-role.ts';
import type { Database } from '../database/open.ts';
import { CommandRefused } from './command.ts';

/** A role by its type. @throws CommandRefused when there is none, with the types that there are. */
export async function roleNamed({ prisma }: Pick<Database, 'prisma'>, type: string): Promise<RoleRow> {
  const roles = await allRoles(prisma);
  const role = roles.find((one) => one.type === type);
  if (!role) throw new CommandRefused(`There is no role ${type}. Roles: ${roles.map((one) => one.type).join(', ')}`);
  return role;
}
