import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { type AddCommands, type CommandContext, CommandRefused } from './command.ts';
import type { FoundUser, Reading } from './user-reference.ts';

/** Users, for when one of them has to be kept out at once. */
export const addUserCommands: AddCommands = (program, run) => {
  const group = program.command('user').description('Users');
  const by = () =>
    new Option('--by <what>', 'how <user> is read (default: as an e-mail or a username, after a question)').choices([
      'email',
      'username',
      'id',
    ] as const);

  group
    .command('block')
    .description('Block a user: all sessions and tokens of theirs are revoked at once')
    .argument('<user>', USER)
    .addOption(by())
    .option('--reason <text>', 'for administrators')
    .option(
      '--until <time>',
      'the end of the block, such as 2027-01-31T12:00:00Z (default: until it is lifted)',
      timeIn,
    )
    .action((reference, { by: reading, reason = null, until = null }) =>
      run(async (context) => {
        const { blockUser } = await import('../administration/users/block-user.ts');
        const user = await userMeant(reference, reading, context);
        await blockUser(context.gatehouse.administration, context.by, keyOf(user), { reason, until });
        return `${inWords(user)} is blocked${until ? ` until ${until.toISOString()}` : ''}.`;
      }),
    );

  group
    .command('unblock')
    .description('Lift the block of a user')
    .argument('<user>', USER)
    .addOption(by())
    .action((reference, { by: reading }) =>
      run(async (context) => {
        const { unblockUser } = await import('../administration/users/block-user.ts');
        const user = await userMeant(reference, reading, context);
        await unblockUser(context.gatehouse.administration, context.by, keyOf(user));
        return `${inWords(user)} is not blocked.`;
      }),
    );

  group
    .command('role')
    .description('Give a user another main role; the further roles stay')
    .argument('<user>', USER)
    .argument('<role>', 'the type of the role')
    .addOption(by())
    .action((reference, type, { by: reading }) =>
      run(async (context) => {
        const { updateUser } = await import('../administration/users/update-user.ts');
        const { roleNamed } = await import('./role-named.ts');
        const role = await roleNamed(context.database, type);
        const user = await userMeant(reference, reading, context);
        const change = { role: { key: 'id', value: role.id } } as const;
        await updateUser(context.gatehouse.administration, context.by, keyOf(user), change);
        return `${inWords(user)} has the role ${role.name} now.`;
      }),
    );

  group
    .command('roles')
    .description('Give a user these roles and no others')
    .argument('<user>', USER)
    .argument('<role...>', 'the types of the roles, the main one first')
    .addOption(by())
    .action((reference, types, { by: reading }) =>
      run(async (context) => {
        const { updateUser } = await import('../administration/users/update-user.ts');
        const { rolesNamed } = await import('./role-named.ts');
        const roles = await rolesNamed(context.database, types);
        const user = await userMeant(reference, reading, context);
        const change = { roles: roles.map(({ id }) => ({ key: 'id', value: id }) as const) };
        await updateUser(context.gatehouse.administration, context.by, keyOf(user), change);
        return `${inWords(user)} has these roles now, the main one first: ${roles.map(({ name }) => name).join(', ')}`;
      }),
    );
};

const USER = 'an e-mail or a username';

function timeIn(text: string): Date {
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) throw new InvalidArgumentError('Expected a time such as 2027-01-31T12:00:00Z.');
  return time;
}

/** @throws CommandRefused when there is no such user, and when the person at the terminal says that it is another one. */
async function userMeant(
  reference: string,
  reading: Reading | undefined,
  { database, confirm }: CommandContext,
): Promise<FoundUser> {
  const { findUser } = await import('./user-reference.ts');
  const user = await findUser(database, reference, reading);
  // With --by there is no doubt. In a script there is nobody to ask, and no reference is taken for two people.
  if (reading === undefined && confirm && !(await confirm(`Found ${inWords(user)}. Is this the user?`))) {
    throw new CommandRefused('Nothing was changed.');
  }
  return user;
}

/** Everything that tells one user from another. */
function inWords({ username, email, documentId }: FoundUser): string {
  return `${printable(username)} (${email}, ${documentId})`;
}

/** Invisible characters as their numbers: a terminal would not show them. */
function printable(text: string): string {
  return text.replaceAll(
    /[\p{Default_Ignorable_Code_Point}\p{C}]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}

function keyOf({ id }: FoundUser) {
  return { key: 'id', value: id } as const;
}
