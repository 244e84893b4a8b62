import { withIncluded } from '../../administration/roles/effective-permissions.ts';
import { inOrder, permissionsIn } from '../../authorization/role-union.ts';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import { batched } from '../batched.ts';
import type { Builder } from '../builder.ts';
import { dynamic } from '../content-type/content-schema.ts';

/** What a role includes, what includes it, and what it allows with all of that. */
export function addRoleIncludes(typed: Builder, { prisma }: { readonly prisma: PrismaClient }): void {
  const builder = dynamic(typed);
  const related = (name: 'includes' | 'includedBy', other: 'includedId' | 'roleId', description: string) =>
    builder.prismaObjectField('Role', name, (t) =>
      t.field({
        type: ['Role'],
        nullable: false,
        description,
        select: { [name]: { select: { [other]: true }, orderBy: { [other]: 'asc' } } },
        // Selected above.
        resolve: (role) => (role as unknown as Selected)[name].map((row) => ({ id: row[other] })),
      }),
    );
  related('includes', 'includedId', 'The roles whose permissions it has beside its own.');
  related('includedBy', 'roleId', 'The roles that include it. It cannot be deleted while there is one.');

  const readEffective = createEffectiveReader(prisma);
  builder.prismaObjectField('Role', 'effectivePermissions', (t) =>
    t.stringList({
      nullable: false,
      description: 'The actions that it allows, by itself or by the roles that it includes, in alphabetical order.',
      resolve: async ({ id }, _args, context) => (await readEffective(context, id)) ?? [],
    }),
  );
}

type Selected = Readonly<
  Record<'includes' | 'includedBy', readonly Readonly<Record<'includedId' | 'roleId', number>>[]>
>;

/** Reads what all roles of a list allow in one statement. */
function createEffectiveReader(prisma: PrismaClient) {
  return batched(async (ids: readonly number[]) => {
    const roles = await withIncluded(prisma, ids);
    const actionsOf = (role: number) => permissionsIn(inOrder([role], roles)).map(([action]) => action);
    return new Map(ids.map((role) => [role, [...new Set(actionsOf(role))].sort()]));
  });
}
