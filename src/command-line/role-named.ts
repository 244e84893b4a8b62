import { allRoles, type RoleRow } from '../administration/roles/find-role.ts';
import type { Database } from '../database/open.ts';
import { CommandRefused } from './command.ts';

/** A role by its type. @throws CommandRefused when there is none, with the types that there are. */
export async function roleNamed({ prisma }: Pick<Database, 'prisma'>, type: string): Promise<RoleRow> {
  return named(await allRoles(prisma), type);
}

/** Roles by their types, each of them once. @throws CommandRefused when one does not exist, with the types that there are. */
export async function rolesNamed({ prisma }: Pick<Database, 'prisma'>, types: readonly string[]): Promise<RoleRow[]> {
  const roles = await allRoles(prisma);
  return [...new Set(types)].map((type) => named(roles, type));
}

function named(roles: readonly RoleRow[], type: string): RoleRow {
  const role = roles.find((one) => one.type === type);
  if (!role) throw new CommandRefused(`There is no role ${type}. Roles: ${roles.map((one) => one.type).join(', ')}`);
  return role;
}
