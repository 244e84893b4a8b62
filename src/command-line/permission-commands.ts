import type { AdministrationServices } from '../administration/administration.ts';
import { allRoles } from '../administration/roles/find-role.ts';
import { updateRole } from '../administration/roles/update-role.ts';
import { actionsOf } from '../authorization/guard.ts';
import { byCommandLine, type Command, Misused, Refused, table } from './command.ts';
import { roleNamed } from './role-commands.ts';

/** What each role may do, read and changed: the roles by their types. */
export const PERMISSIONS: readonly Command[] = [
  {
    usage: 'permissions list',
    description: 'every action, and the roles that hold it',
    async run({ words }, { gatehouse, database }) {
      if (words.length > 0) throw new Misused();
      const grantable = actionsOf(gatehouse.schema);
      const roles = await allRoles(database.prisma);
      const actions = [...new Set([...grantable, ...roles.flatMap((role) => role.actions)])].sort();
      const label = (action: string) => (grantable.includes(action) ? action : `${action} (not in the schema)`);
      const may = (action: string) => roles.map((role) => (role.actions.includes(action) ? 'yes' : '-'));
      return table([
        ['action', ...roles.map(({ type }) => type)],
        ...actions.map((action) => [label(action), ...may(action)]),
      ]);
    },
  },
  {
    usage: 'permissions grant ROLE ACTION…',
    description: 'gives a role actions: all of them or none',
    run: ({ words }, { gatehouse }) => change(gatehouse.administration, 'grant', words),
  },
  {
    usage: 'permissions revoke ROLE ACTION…',
    description: 'takes them from it',
    run: ({ words }, { gatehouse }) => change(gatehouse.administration, 'revoke', words),
  },
];

/** Changes what a role holds, and tells what it holds now. */
async function change(
  services: AdministrationServices,
  verb: 'grant' | 'revoke',
  [type, ...named]: readonly string[],
): Promise<string> {
  if (type === undefined || named.length === 0) throw new Misused();
  const { prisma, tokenActions } = services;
  const role = await roleNamed({ prisma }, type);
  const actions = [...new Set(named)];
  // What was granted before its content type was taken away grants nothing today, and can only be taken back.
  const known = verb === 'grant' ? tokenActions.all : [...tokenActions.all, ...role.actions];
  const unknown = actions.filter((action) => !known.includes(action));
  if (unknown.length > 0) {
    const what = unknown.length === 1 ? 'is not an action' : 'are not actions';
    throw new Refused(`${unknown.join(', ')} ${what} of this schema. See: npm run gatehouse -- permissions list`);
  }
  await updateRole(
    services,
    byCommandLine(),
    { key: 'type', value: type },
    verb === 'grant' ? { add: actions } : { remove: actions },
  );
  const now = (await allRoles(prisma)).find(({ id }) => id === role.id);
  return `${role.name} may now: ${now?.actions.join(', ') || 'nothing'}`;
}
