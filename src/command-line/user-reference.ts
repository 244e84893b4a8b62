import { isEmail, normalEmail } from '../accounts/emails.ts';
import { identifierKey } from '../accounts/identifiers.ts';
import { isForeignEmail } from '../accounts/usernames.ts';
import { documentKey, whereOf } from '../database/document-key.ts';
import type { Database } from '../database/open.ts';
import { CommandRefused } from './command.ts';

export interface FoundUser {
  readonly id: number;
  readonly documentId: string;
  readonly username: string;
  readonly email: string;
}

/** How a reference to a user is read. */
export type Reading = 'email' | 'username' | 'id';

const USER = { id: true, documentId: true, username: true, email: true } as const;

export function isReading(text: string): text is Reading {
  return ['email', 'username', 'id'].includes(text);
}

/**
 * The user that a reference means: read as `reading` says, or without that as an e-mail where it looks like one, and else as
 * a username. What looks like an e-mail is never taken for the username of another user.
 *
 * @throws CommandRefused when there is none.
 */
export async function findUser(database: Database, reference: string, by: Reading | undefined): Promise<FoundUser> {
  if (by === 'id') return (await withId(database, reference)) ?? none(`There is no user with the id ${reference}`);
  const named = await withIdentifier(database, reference);
  const isTheirs = named !== undefined && named.email === normalEmail(reference);
  if (by === 'username' && (!named || identifierKey(named.username) !== identifierKey(reference))) {
    none(`There is no user with the username ${reference}`);
  }
  if (named && !isTheirs && isForeignEmail({ username: reference, email: named.email })) {
    none(
      `There is no user with the e-mail ${reference}. It is the username of another one, with the e-mail ${named.email}: if you mean that one, --by id ${named.documentId}`,
    );
  }
  if (named && !isTheirs && by !== 'email') {
    const others = await sameToTheEye(database, named);
    if (others.length > 0) {
      const all = [named, ...others].map(({ email, documentId }) => `${email}, --by id ${documentId}`);
      none(`Several users have the username ${reference}:\n${all.join('\n')}`);
    }
  }
  if (named && (isTheirs || by !== 'email')) return named;
  return none(
    by === 'email' || isEmail(reference)
      ? `There is no user with the e-mail ${reference}`
      : `There is no user ${reference}`,
  );
}

async function withIdentifier({ prisma }: Database, identifier: string): Promise<FoundUser | undefined> {
  const where = { key: identifierKey(identifier) };
  return (await prisma.identifier.findUnique({ where, select: { user: { select: USER } } }))?.user;
}

/** Those whose username would be the same today, and who had it before that was refused. */
async function sameToTheEye({ prisma }: Database, { id, username }: FoundUser): Promise<FoundUser[]> {
  const disputed = await prisma.user.findMany({ where: { usernameDisputed: true, id: { not: id } }, select: USER });
  return disputed.filter((other) => identifierKey(other.username) === identifierKey(username));
}

async function withId({ prisma }: Database, id: string): Promise<FoundUser | undefined> {
  return (await prisma.user.findUnique({ where: whereOf(documentKey(id)), select: USER })) ?? undefined;
}

function none(message: string): never {
  throw new CommandRefused(message);
}
