import type { AddCommands } from './command.ts';
import { table } from './table.ts';

/** Roles, by their types. */
export const addRoleCommands: AddCommands = (program, run) => {
  const group = program.command('role').description('Roles');

  group
    .command('list')
    .description('List the roles with their versions and how many users and actions they have')
    .action(() =>
      run(async ({ database }) => {
        const { allRoles } = await import('../administration/roles/find-role.ts');
        const roles = await allRoles(database.prisma);
        const users = await database.prisma.user.groupBy({ by: ['roleId'], _count: { _all: true } });
        const usersOf = (id: number) => users.find(({ roleId }) => roleId === id)?._count._all ?? 0;
        return table([
          ['type', 'name', 'version', 'users', 'actions'],
          ...roles.map(({ id, type, name, version, actions }) =>
            [type, name, version, usersOf(id), actions.length].map(String),
          ),
        ]);
      }),
    );

  group
    .command('create')
    .description('Create a role whose users can log in and keep their own accounts, or a copy of another role')
    .argument('<name>')
    .option('--description <text>', 'what it is for')
    .option('--copy <role>', 'the type of the role that it begins as a copy of')
    .action((name, { description = null, copy }) =>
      run(async ({ gatehouse, database, by }) => {
        const { createRole } = await import('../administration/roles/create-role.ts');
        const { findRole } = await import('../administration/roles/find-role.ts');
        const { roleNamed } = await import('./role-named.ts');
        const copied = copy === undefined ? undefined : await roleNamed(database, copy);
        const id = await createRole(gatehouse.administration, by, {
          name,
          description,
          type: undefined,
          actions: [],
          copyOf: copied && { key: 'id', value: copied.id },
        });
        const role = await findRole(database.prisma, { key: 'id', value: id });
        return `The role ${name} has the type ${role?.type} and these actions: ${role?.actions.join(', ')}`;
      }),
    );
};
