import type { Logger } from 'pino';
import type { AdministrationServices } from './administration.ts';

/** Names in one line of the log. The administration lists all of them. */
const NAMED = 20;

/** Logs the usernames that can be mistaken for another user, so that an administrator changes them. */
export async function warnOfUsernames({ prisma }: Pick<AdministrationServices, 'prisma'>, log: Logger): Promise<void> {
  const where = { usernameDisputed: true };
  const select = { documentId: true, username: true, email: true };
  const users = await prisma.user.findMany({ where, select, orderBy: { id: 'asc' }, take: NAMED });
  if (users.length === 0) return;
  const count = users.length < NAMED ? users.length : await prisma.user.count({ where });
  log.warn(
    { count, users },
    'usernames with the form of an e-mail that is not their own, or of an older account: in the administration, give the users with `usernameDisputed` other ones',
  );
}
