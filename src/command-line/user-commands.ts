import { blockUser, unblockUser } from '../administration/users/block-user.ts';
import { updateUser } from '../administration/users/update-user.ts';
import {
  type Arguments,
  byCommandLine,
  type Command,
  type CommandContext,
  Misused,
  oneWord,
  Refused,
} from './command.ts';
import { roleNamed } from './role-commands.ts';
import { type FoundUser, findUser, isReading } from './user-reference.ts';

/** Users, for when somebody has to be kept out at once. */
export const USERS: readonly Command[] = [
  {
    usage: 'user block USER [--by email|username|id] [--reason TEXT] [--until 2027-01-31T12:00:00Z]',
    description: 'blocks a user, by e-mail or username: every token dies at once',
    async run(given, context) {
      const reference = oneWord(given);
      const { reason, until } = given.options;
      const end = until === undefined ? null : new Date(until);
      if (end && Number.isNaN(end.getTime())) throw new Refused('--until takes a time such as 2027-01-31T12:00:00Z');
      const user = await userMeant(reference, given, context);
      const why = { reason: reason ?? null, until: end };
      await blockUser(context.gatehouse.administration, byCommandLine(), keyOf(user), why);
      return `${inWords(user)} is blocked${end ? ` until ${end.toISOString()}` : ''}.`;
    },
  },
  {
    usage: 'user unblock USER [--by email|username|id]',
    description: 'lifts the block',
    async run(given, context) {
      const user = await userMeant(oneWord(given), given, context);
      await unblockUser(context.gatehouse.administration, byCommandLine(), keyOf(user));
      return `${inWords(user)} is not blocked.`;
    },
  },
  {
    usage: 'user role USER ROLE [--by email|username|id]',
    description: 'gives a user another role',
    async run(given, context) {
      const [reference, type, ...more] = given.words;
      if (reference === undefined || type === undefined || more.length > 0) throw new Misused();
      const role = await roleNamed(context.database, type);
      const user = await userMeant(reference, given, context);
      const change = { role: { key: 'id', value: role.id } } as const;
      await updateUser(context.gatehouse.administration, byCommandLine(), keyOf(user), change);
      return `${inWords(user)} is ${role.name} now.`;
    },
  },
];

/** @throws Refused when there is no such user, and when whoever sits at the terminal says that it is another one. */
async function userMeant(
  reference: string,
  { options: { by } }: Arguments,
  { database, confirm }: CommandContext,
): Promise<FoundUser> {
  if (by !== undefined && !isReading(by)) throw new Refused('--by takes email, username or id');
  const user = await findUser(database, reference, by);
  // Whoever wrote --by said which one. A script has nobody to ask, and one reference is never taken for two people.
  if (by === undefined && confirm && !(await confirm(`Found ${inWords(user)}. Is this the user?`))) {
    throw new Refused('Nothing was changed.');
  }
  return user;
}

/** Everything that tells one user from another. */
function inWords({ username, email, documentId }: FoundUser): string {
  return `${printable(username)} (${email}, ${documentId})`;
}

/** A username may have characters that nobody sees, which a terminal would not show either. */
function printable(text: string): string {
  return text.replaceAll(
    /[\p{Default_Ignorable_Code_Point}\p{C}]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}

function keyOf({ id }: FoundUser) {
  return { key: 'id', value: id } as const;
}
