import type { AddCommands, CommandContext } from './command.ts';
import { addPermissionsFileCommands } from './permissions-file-commands.ts';
import { table } from './table.ts';

/** What each role is allowed: read, changed, and kept as a file. */
export const addPermissionCommands: AddCommands = (program, run, print) => {
  const group = program.command('permissions').description('The actions that roles are allowed');

  group
    .command('list')
    .description('List every action and the roles that have it')
    .action(() => run(listPermissions));

  group
    .command('grant')
    .description('Give a role actions: all of them or none')
    .argument('<role>', 'the type of the role')
    .argument('<action...>')
    .action((role, actions) => run((context) => changePermissions(context, 'grant', role, actions)));

  group
    .command('revoke')
    .description('Take actions from a role: all of them or none')
    .argument('<role>', 'the type of the role')
    .argument('<action...>')
    .action((role, actions) => run((context) => changePermissions(context, 'revoke', role, actions)));

  addPermissionsFileCommands(group, run, print);
};

async function listPermissions({ gatehouse, database }: CommandContext): Promise<string> {
  const { actionsOf } = await import('../authorization/guard.ts');
  const { allRoles } = await import('../administration/roles/find-role.ts');
  const { withIncluded } = await import('../administration/roles/effective-permissions.ts');
  const { inOrder, permissionsIn } = await import('../authorization/role-union.ts');
  const grantable = actionsOf(gatehouse.schema);
  const roles = await allRoles(database.prisma);
  const actions = [...new Set([...grantable, ...roles.flatMap((role) => role.actions)])].sort();
  const label = (action: string) => (grantable.includes(action) ? action : `${action} (not in the schema)`);
  const all = await withIncluded(
    database.prisma,
    roles.map(({ id }) => id),
  );
  const effective = new Map(
    roles.map(({ id }) => [id, new Set(permissionsIn(inOrder([id], all)).map(([action]) => action))]),
  );
  const cells = (action: string) =>
    roles.map((role) => {
      if (role.actions.includes(action)) return 'yes';
      return effective.get(role.id)?.has(action) ? 'included' : '-';
    });
  return table([
    ['action', ...roles.map(({ type }) => type)],
    ...actions.map((action) => [label(action), ...cells(action)]),
  ]);
}

/** Changes the actions of a role, and says which it has now. */
async function changePermissions(
  { gatehouse, database, by }: CommandContext,
  verb: 'grant' | 'revoke',
  type: string,
  named: readonly string[],
): Promise<string> {
  const { findRole } = await import('../administration/roles/find-role.ts');
  const { updateRole } = await import('../administration/roles/update-role.ts');
  const { roleNamed } = await import('./role-named.ts');
  const { refuseUnknown } = await import('./unknown-actions.ts');
  const { tokenActions } = gatehouse.administration;
  const role = await roleNamed(database, type);
  const actions = [...new Set(named)];
  // An action whose content type was removed allows nothing today. It can be taken from a role, and not given.
  refuseUnknown(actions, verb === 'grant' ? tokenActions.all : [...tokenActions.all, ...role.actions]);
  const change = verb === 'grant' ? { add: actions } : { remove: actions };
  await updateRole(gatehouse.administration, by, { key: 'type', value: type }, change);
  const now = await findRole(database.prisma, { key: 'id', value: role.id });
  return `${role.name} has these actions now: ${now?.actions.join(', ') || 'none'}`;
}
