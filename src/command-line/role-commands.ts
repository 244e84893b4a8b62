import type { AddCommands, CommandContext } from './command.ts';
import { table } from './table.ts';

/** Roles, by their types. */
export const addRoleCommands: AddCommands = (program, run) => {
  const group = program.command('role').description('Roles');

  group
    .command('list')
    .description('List the roles with their versions, what they include, and how many users and actions they have')
    .action(() =>
      run(async ({ database }) => {
        const { allRoles } = await import('../administration/roles/find-role.ts');
        const { typesOf } = await import('../administration/roles/role-record.ts');
        const roles = await allRoles(database.prisma);
        const users = await database.query<{ role: number; users: number }>(
          'SELECT "roleId" AS "role", count(*)::int4 AS "users" FROM "roles_of_users" GROUP BY "roleId"',
          [],
        );
        const usersOf = (id: number) => users.find(({ role }) => role === id)?.users ?? 0;
        return table([
          ['type', 'name', 'version', 'users', 'actions', 'includes'],
          ...roles.map(({ id, type, name, version, actions, includes }) =>
            [type, name, version, usersOf(id), actions.length, typesOf(includes).join(', ') || '-'].map(String),
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

  group
    .command('include')
    .description('Let a role have the permissions of others beside its own')
    .argument('<role>', 'the type of the role')
    .argument(
      '<included...>',
      'the types of the roles that it includes from now on, beside those that it includes already',
    )
    .action((type, types) => run((context) => changeIncludes(context, type, types, 'include')));

  group
    .command('exclude')
    .description('Let a role not have the permissions of others any more')
    .argument('<role>', 'the type of the role')
    .argument('<included...>', 'the types of the roles that it includes no more')
    .action((type, types) => run((context) => changeIncludes(context, type, types, 'exclude')));
};

/** Changes what a role includes, and says what it includes now. */
async function changeIncludes(
  { gatehouse, database, by }: CommandContext,
  type: string,
  types: readonly string[],
  verb: 'include' | 'exclude',
): Promise<string> {
  const { updateRole } = await import('../administration/roles/update-role.ts');
  const { typesOf } = await import('../administration/roles/role-record.ts');
  const { roleNamed, rolesNamed } = await import('./role-named.ts');
  const role = await roleNamed(database, type);
  const named = await rolesNamed(database, types);
  const kept = role.includes.filter(({ id }) => named.every((one) => one.id !== id));
  const includes = verb === 'include' ? [...kept, ...named] : kept;
  await updateRole(
    gatehouse.administration,
    by,
    { key: 'id', value: role.id },
    {
      includes: includes.map(({ id }) => ({ key: 'id', value: id }) as const),
      version: role.version,
    },
  );
  return `${role.name} includes: ${typesOf(includes).join(', ') || 'nothing'}`;
}
