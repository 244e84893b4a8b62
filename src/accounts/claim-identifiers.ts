import { ApiError, applicationError, invalidInput } from '../common/errors.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import { IDENTIFIER_RULE, identifierKey, identifierKeys } from './identifiers.ts';
import { faultsOfForeignEmail, isForeignEmail } from './usernames.ts';

interface Named {
  readonly email: string;
  readonly username: string;
}

/**
 * The columns that name a new account, and its identifiers. Whoever makes one makes it of these.
 *
 * @throws ApiError BAD_USER_INPUT when the username is an e-mail that is not the account's own.
 */
export function newIdentity({ username, email }: Named) {
  const faults = faultsOfForeignEmail({ username, email });
  if (faults.length > 0) throw invalidInput(faults);
  return { username, email, identifiers: { create: identifierKeys({ username, email }).map(row) } };
}

/** The username of an account whose e-mail changes: what was the one for the other stays so. */
export function usernameAfter(before: Named, email: string): string {
  return identifierKey(before.username) === identifierKey(before.email) ? email : before.username;
}

/**
 * Makes the identifiers of a user those of its e-mail and username of now. To be called after the user's own row was
 * written, so that two changes of one user wait for each other.
 *
 * @throws ApiError APPLICATION_ERROR when a new one is another user's: the database decides, at the same moment too;
 * BAD_USER_INPUT when the username comes to be an e-mail that is not the account's own.
 */
export async function keepIdentifiers(
  transaction: Prisma.TransactionClient,
  userId: number,
  before: Named,
  after: Named,
): Promise<void> {
  const isNew = (key: string) => !identifierKeys(before).includes(key);
  // An older account may keep one. A username that was the account's own e-mail may not stay behind when that changes.
  const isKept = isForeignEmail(before) && !isNew(identifierKey(after.username));
  const faults = isKept ? [] : faultsOfForeignEmail(after);
  if (faults.length > 0) throw invalidInput(faults);
  const keys = identifierKeys(after);
  await transaction.identifier.deleteMany({ where: { userId, key: { notIn: keys } } });
  // What is there already is left alone, and then looked at: it may be this user's own.
  await transaction.identifier.createMany({ data: keys.map((key) => ({ ...row(key), userId })), skipDuplicates: true });
  const found = await transaction.identifier.findMany({ where: { userId, key: { in: keys } }, select: { key: true } });
  const missing = keys.filter((key) => !found.some((own) => own.key === key));
  // What an older account had before, under the rules of that time, need not be there.
  if (missing.some(isNew)) throw taken();
  const usernameDisputed = missing.length > 0 || isForeignEmail(after);
  await transaction.user.updateMany({
    where: { id: userId, usernameDisputed: !usernameDisputed },
    data: { usernameDisputed },
  });
}

function row(key: string) {
  return { key, rule: IDENTIFIER_RULE };
}

/**
 * Which of the two is another user's, for who may see them all. Told after the write was refused: the e-mail, if both are.
 */
export async function whichIsTaken(
  { identifier }: Pick<Prisma.TransactionClient, 'identifier'>,
  account: { readonly email?: string | undefined; readonly username?: string | undefined },
  userId: number | undefined,
): Promise<ApiError> {
  for (const [name, text] of [
    ['Email', account.email],
    ['Username', account.username],
  ] as const) {
    if (text === undefined) continue;
    const holder = await identifier.findUnique({ where: { key: identifierKey(text) }, select: { userId: true } });
    if (holder && holder.userId !== userId) return applicationError(`${name} already taken`);
  }
  return taken();
}

/** Of whatever kind the other one is: an identifier names one account. */
export function taken(): ApiError {
  return applicationError(TAKEN);
}

export function isTaken(error: unknown): boolean {
  return error instanceof ApiError && error.message === TAKEN;
}

const TAKEN = 'Email or Username are already taken';
