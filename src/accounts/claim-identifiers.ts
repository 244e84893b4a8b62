import { ApiError, applicationError, invalidInput } from '../common/errors.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import { IDENTIFIER_RULE, identifierKey, identifierKeys } from './identifiers.ts';
import { faultsOfForeignEmail, isForeignEmail } from './usernames.ts';

interface Named {
  readonly email: string;
  readonly username: string;
}

/**
 * The names and identifiers of a new account. Every account is created with these.
 *
 * @throws ApiError BAD_USER_INPUT when the username is an e-mail that is not the account's own.
 */
export function newIdentity({ username, email }: Named) {
  const faults = faultsOfForeignEmail({ username, email });
  if (faults.length > 0) throw invalidInput(faults);
  return { username, email, identifiers: { create: identifierKeys({ username, email }).map(row) } };
}

/** The username after a change of e-mail: a username that was the old e-mail becomes the new one. */
export function usernameAfter(before: Named, email: string): string {
  return identifierKey(before.username) === identifierKey(before.email) ? email : before.username;
}

/**
 * Updates the identifiers of a user to its current e-mail and username. Call it after the user's own row was written:
 * that row lock serializes changes of one user.
 *
 * @throws ApiError APPLICATION_ERROR when another user has a new identifier (the database decides, so there is no race);
 * BAD_USER_INPUT when the new username is an e-mail that is not the account's own.
 */
export async function keepIdentifiers(
  transaction: Prisma.TransactionClient,
  userId: number,
  before: Named,
  after: Named,
): Promise<void> {
  const isNew = (key: string) => !identifierKeys(before).includes(key);
  // An old account keeps a foreign e-mail as its username. But a username that was its own e-mail has to follow a change.
  const isKept = isForeignEmail(before) && !isNew(identifierKey(after.username));
  const faults = isKept ? [] : faultsOfForeignEmail(after);
  if (faults.length > 0) throw invalidInput(faults);
  const keys = identifierKeys(after);
  await transaction.identifier.deleteMany({ where: { userId, key: { notIn: keys } } });
  // Existing keys are skipped and checked below: they may be this user's own.
  await transaction.identifier.createMany({ data: keys.map((key) => ({ ...row(key), userId })), skipDuplicates: true });
  const found = await transaction.identifier.findMany({ where: { userId, key: { in: keys } }, select: { key: true } });
  const missing = keys.filter((key) => !found.some((own) => own.key === key));
  // An account from before today's rules may lack a key that it already used.
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
 * The error that names the taken identifier (the e-mail if both are), for viewers who can list users. Call it after the
 * write failed.
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

/**
 * The same error for e-mails and usernames: an identifier names one account. `fields`: what else was sent that must be unique. The
 * error does not tell which of them is taken.
 */
export function taken(fields: readonly string[] = []): ApiError {
  if (fields.length === 0) return applicationError(TAKEN);
  return applicationError(`${['Email', 'Username', ...fields].join(' or ')} are already taken`);
}

export function isTaken(error: unknown): boolean {
  return error instanceof ApiError && error.message === TAKEN;
}

const TAKEN = 'Email or Username are already taken';
