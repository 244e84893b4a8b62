import { createAdmin, setAdminPassword } from '../administration/admins.ts';
import { type Arguments, byCommandLine, type Command, oneWord, Refused, table } from './command.ts';

const ROLES = { administrator: 'ADMINISTRATOR', 'read-only': 'READ_ONLY' } as const;

/** Administrators, for when none of them can log in. */
export const ADMINS: readonly Command[] = [
  {
    usage: 'admin create EMAIL [--name NAME] [--role administrator|read-only]',
    description: 'makes an administrator; the password is asked for, or read from standard input',
    async run(given, { gatehouse, askPassword }) {
      const email = oneWord(given);
      const role = roleOf(given);
      const password = await askPassword();
      const { name } = given.options;
      await createAdmin(gatehouse.administration, byCommandLine(), { email, name, role, password });
      return `${email} is an administrator now${role === 'READ_ONLY' ? ', who may only look' : ''}.`;
    },
  },
  {
    usage: 'admin reset-password EMAIL',
    description: 'gives an administrator another password; older tokens die',
    async run(given, { gatehouse, askPassword }) {
      const email = oneWord(given);
      await setAdminPassword(gatehouse.administration, byCommandLine(), email, await askPassword());
      return `${email} has another password now.`;
    },
  },
  {
    usage: 'admin list',
    description: 'every administrator',
    async run(_given, { database }) {
      const admins = await database.prisma.admin.findMany({
        select: { email: true, name: true, role: true },
        orderBy: { id: 'asc' },
      });
      if (admins.length === 0) return 'There is none. To make one: npm run gatehouse -- admin create EMAIL';
      return table([['e-mail', 'name', 'role'], ...admins.map(({ email, name, role }) => [email, name, role])]);
    },
  },
];

function roleOf({ options }: Arguments): (typeof ROLES)[keyof typeof ROLES] {
  const { role = 'administrator' } = options;
  if (!Object.hasOwn(ROLES, role)) throw new Refused(`--role takes ${Object.keys(ROLES).join(' or ')}`);
  return ROLES[role as keyof typeof ROLES];
}
