import { blockUser, unblockUser, updateUser } from '../administration/users.ts';
import { identifierKey } from '../authentication/identifiers.ts';
import type { DocumentKey } from '../database/document-key.ts';
import type { Database } from '../database/open.ts';
import { byCommandLine, type Command, Misused, oneWord, Refused } from './command.ts';
import { roleNamed } from './roles.ts';

/** Users, for when somebody has to be kept out at once. */
export const USERS: readonly Command[] = [
  {
    usage: 'user block IDENTIFIER [--reason TEXT] [--until 2027-01-31T12:00:00Z]',
    description: 'blocks a user, by e-mail or username: every token dies at once',
    async run(given, { gatehouse, database }) {
      const identifier = oneWord(given);
      const { reason, until } = given.options;
      const end = until === undefined ? null : new Date(until);
      if (end && Number.isNaN(end.getTime())) throw new Refused('--until takes a time such as 2027-01-31T12:00:00Z');
      const key = await userNamed(database, identifier);
      await blockUser(gatehouse.administration, byCommandLine(), key, { reason: reason ?? null, until: end });
      return `${identifier} is blocked${end ? ` until ${end.toISOString()}` : ''}.`;
    },
  },
  {
    usage: 'user unblock IDENTIFIER',
    description: 'lifts the block',
    async run(given, { gatehouse, database }) {
      const identifier = oneWord(given);
      await unblockUser(gatehouse.administration, byCommandLine(), await userNamed(database, identifier));
      return `${identifier} is not blocked.`;
    },
  },
  {
    usage: 'user role IDENTIFIER ROLE',
    description: 'gives a user another role',
    async run({ words: [identifier, type, ...more] }, { gatehouse, database }) {
      if (identifier === undefined || type === undefined || more.length > 0) throw new Misused();
      const key = await userNamed(database, identifier);
      const role = await roleNamed(database, type);
      const change = { role: { key: 'id', value: role.id } } as const;
      await updateUser(gatehouse.administration, byCommandLine(), key, change);
      return `${identifier} is ${role.name} now.`;
    },
  },
];

async function userNamed({ prisma }: Database, identifier: string): Promise<DocumentKey> {
  const where = { key: identifierKey(identifier) };
  const found = await prisma.identifier.findUnique({ where, select: { userId: true } });
  if (!found) throw new Refused(`There is no user ${identifier}`);
  return { key: 'id', value: found.userId };
}
