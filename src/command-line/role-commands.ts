import { createRole } from '../administration/roles/create-role.ts';
import { allRoles, findRole, type RoleRow } from '../administration/roles/find-role.ts';
import type { Database } from '../database/open.ts';
import { byCommandLine, type Command, Misused, oneWord, Refused, table } from './command.ts';

/** Roles, by their types. */
export const ROLES: readonly Command[] = [
  {
    usage: 'role list',
    description: 'every role: its type, name, version, users and actions',
    async run({ words }, { database }) {
      if (words.length > 0) throw new Misused();
      const roles = await allRoles(database.prisma);
      const users = await database.prisma.user.groupBy({ by: ['roleId'], _count: { _all: true } });
      const usersOf = (id: number) => users.find(({ roleId }) => roleId === id)?._count._all ?? 0;
      return table([
        ['type', 'name', 'version', 'users', 'actions'],
        ...roles.map(({ id, type, name, version, actions }) =>
          [type, name, version, usersOf(id), actions.length].map(String),
        ),
      ]);
    },
  },
  {
    usage: 'role create NAME [--description TEXT] [--copy ROLE]',
    description: 'makes a role that can log in and keep its own account, or a copy of another',
    async run(given, { gatehouse, database }) {
      const name = oneWord(given);
      const { description, copy } = given.options;
      const copied = copy === undefined ? undefined : await roleNamed(database, copy);
      const id = await createRole(gatehouse.administration, byCommandLine(), {
        name,
        description: description ?? null,
        type: undefined,
        actions: [],
        copyOf: copied && { key: 'id', value: copied.id },
      });
      const role = await findRole(database.prisma, { key: 'id', value: id });
      return `${name} is the role ${role?.type}. It may: ${role?.actions.join(', ')}`;
    },
  },
];

/** A role by its type. @throws Refused when there is none, with those that there are. */
export async function roleNamed({ prisma }: Pick<Database, 'prisma'>, type: string): Promise<RoleRow> {
  const roles = await allRoles(prisma);
  const role = roles.find((one) => one.type === type);
  if (!role) throw new Refused(`There is no role ${type}. Roles: ${roles.map((one) => one.type).join(', ')}`);
  return role;
}
