import { Option } from '@commander-js/extra-typings';
import type { AddCommands } from './command.ts';
import { table } from './table.ts';

const ROLES = { administrator: 'ADMINISTRATOR', 'read-only': 'READ_ONLY' } as const;

/** Administrators, for when none of them can log in. */
export const addAdministratorCommands: AddCommands = (program, run) => {
  const group = program.command('admin').description('Administrators');

  group
    .command('create')
    .description('Create an administrator; the password is asked for, or read from standard input')
    .argument('<email>')
    .option('--name <name>', 'the name in the administration (default: the e-mail)')
    .addOption(
      new Option('--role <role>', 'full access, or reading only')
        .choices(['administrator', 'read-only'] as const)
        .default('administrator' as const),
    )
    .action((email, { name, role }) =>
      run(async ({ gatehouse, by, askPassword }) => {
        const { createAdmin } = await import('../administration/admins.ts');
        const password = await askPassword();
        await createAdmin(gatehouse.administration, by, { email, name, role: ROLES[role], password });
        return `${email} is an administrator now${role === 'read-only' ? ', with read-only access' : ''}.`;
      }),
    );

  group
    .command('reset-password')
    .description('Set an administrator’s password and end all sessions of theirs, which is asked for as by create')
    .argument('<email>')
    .action((email) =>
      run(async ({ gatehouse, by, askPassword }) => {
        const { setAdminPassword } = await import('../administration/admins.ts');
        await setAdminPassword(gatehouse.administration, by, email, await askPassword());
        return `The password of ${email} is set. All older tokens are revoked.`;
      }),
    );

  group
    .command('remove-second-factor')
    .description('Remove the second factor of an administrator who lost it, and end all sessions of theirs')
    .argument('<email>')
    .action((email) =>
      run(async ({ gatehouse, by }) => {
        const { resetSecondFactorOfAdmin } = await import('../administration/admins.ts');
        await resetSecondFactorOfAdmin(gatehouse.administration, by, email, 'asked for on the command line');
        return `${email} has no second factor any more. All older tokens are revoked.`;
      }),
    );

  group
    .command('list')
    .description('List the administrators')
    .action(() =>
      run(async ({ database }) => {
        const admins = await database.prisma.admin.findMany({
          select: { email: true, name: true, role: true },
          orderBy: { id: 'asc' },
        });
        if (admins.length === 0) return 'There are no administrators. To create one: admin create EMAIL';
        return table([['e-mail', 'name', 'role'], ...admins.map(({ email, name, role }) => [email, name, role])]);
      }),
    );
};
