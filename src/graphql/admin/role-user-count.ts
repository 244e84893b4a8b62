import { countUsers } from '../../administration/roles/count-users.ts';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import { batched } from '../batched.ts';
import type { Builder } from '../builder.ts';
import { dynamic } from '../content-type/content-schema.ts';

/** How many users have a role. */
export function addRoleUserCount(typed: Builder, { prisma }: { readonly prisma: PrismaClient }): void {
  const usersOf = batched((ids: readonly number[]) => countUsers(prisma, ids));
  dynamic(typed).prismaObjectField('Role', 'userCount', (t) =>
    t.int({
      nullable: false,
      description: 'The number of users who have it, as the main role or as a further one.',
      resolve: async ({ id }, _args, context) => (await usersOf(context, id)) ?? 0,
    }),
  );
}
