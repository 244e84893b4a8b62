import type { Grant } from '../../src/authorization/grants.ts';
import type { Database } from '../blog/open-database.ts';

/** Restricts an action of a role, as the administration would; null is without restriction, undefined takes the action away. */
export async function restrict(
  { prisma }: Database,
  type: string,
  action: string,
  grants: readonly Grant[] | null | undefined,
): Promise<void> {
  const { id: roleId } = await prisma.role.findUniqueOrThrow({ where: { type } });
  await prisma.permission.deleteMany({ where: { roleId, action } });
  if (grants === undefined) return;
  await prisma.permission.create({
    data: { roleId, action, ...(grants && { grants: JSON.parse(JSON.stringify(grants)) }) },
  });
}
