import { isTaken, keepIdentifiers, newIdentity, usernameAfter, whichIsTaken } from '../accounts/claim-identifiers.ts';
import { faultsOfEmail, normalEmail } from '../accounts/emails.ts';
import { lockUser } from '../accounts/lock-account.ts';
import { faultsOfNewPassword } from '../accounts/passwords.ts';
import { NO_PASSWORD, NO_WRITTEN_PASSWORD, writtenPassword } from '../accounts/public-password.ts';
import { endCredentialsOfUser } from '../accounts/revoke-credentials.ts';
import { faultsOfForeignEmail, faultsOfUsername } from '../accounts/usernames.ts';
import { type Changed, type Deed, difference, userTarget } from '../audit/audit.ts';
import { isBlocked } from '../authentication/viewer.ts';
import { type ApiError, invalidInput, notFound, refuse } from '../common/errors.ts';
import { type DocumentKey, whereOf } from '../database/document-key.ts';
import { isUniqueViolation } from '../database/write-errors.ts';
import type { CodePurpose } from '../generated/prisma/client.ts';
import { type AdministrationServices, administer, BY_SERVER, type By, type Transaction } from './administration.ts';
import type { Ceiling } from './ceiling.ts';
import { findRole } from './find-role.ts';
import { faultsOfText, textOrNull } from './texts.ts';

/** A user that somebody makes. */
export interface NewUser {
  readonly username: string;
  readonly email: string;
  /** Undefined for one who is to choose it. */
  readonly password: string | undefined;
  /** Undefined for the default role. */
  readonly role: DocumentKey | undefined;
  readonly confirmed: boolean;
  readonly blocked?: boolean;
  /** Whether a mail asks the user to choose a password. */
  readonly invite: boolean;
}

/** What is absent stays as it is. */
export interface UserChange {
  readonly username?: string | undefined;
  readonly email?: string | undefined;
  readonly password?: string | undefined;
  readonly role?: DocumentKey | undefined;
  readonly confirmed?: boolean | undefined;
  readonly blocked?: boolean | undefined;
}

/** The action that it is asked with: it is named where it is refused. */
export type UserAction = 'user.create' | 'user.update' | 'user.delete';

const USER = {
  id: true,
  documentId: true,
  username: true,
  email: true,
  provider: true,
  confirmed: true,
  blocked: true,
  blockReason: true,
  blockedUntil: true,
  createdAt: true,
  updatedAt: true,
  role: { select: { id: true, name: true, type: true, permissions: { select: { action: true } } } },
} as const;

type UserRow = NonNullable<Awaited<ReturnType<typeof findUser>>>;

function findUser(transaction: Transaction, key: DocumentKey) {
  return transaction.user.findUnique({ where: whereOf(key), select: USER });
}

/** The user, whose own acts wait from now on until the transaction ends. */
async function findAndLock(transaction: Transaction, key: DocumentKey): Promise<UserRow> {
  const found = await transaction.user.findUnique({ where: whereOf(key), select: { id: true } });
  const locked = found && (await lockUser(transaction, found.id));
  const user = locked && (await findUser(transaction, { key: 'id', value: locked.id }));
  if (!user) throw noSuchUser();
  return user;
}

/** Makes a user, and tells the id. */
export async function createUser(services: AdministrationServices, by: By, input: NewUser): Promise<number> {
  const { prisma, passwords, audit } = services;
  const username = input.username.trim();
  const email = normalEmail(input.email);
  const { passwordMinLength, defaultRoleId } = await prisma.settings.findUniqueOrThrow({ where: { id: 1 } });
  const names = [username, email];
  refuse([
    ...faultsOfUsername(username),
    ...faultsOfEmail(input.email),
    ...faultsOfForeignEmail({ username, email }),
    ...(input.password === undefined
      ? []
      : faultsOfNewPassword(input.password, { path: ['password'], minLength: passwordMinLength, names })),
  ]);
  const identity = newIdentity({ username, email });
  const written = input.password === undefined ? NO_WRITTEN_PASSWORD : await writtenPassword(passwords, input.password);

  const { user, code } = await uniquely(services, { username, email }, undefined, () =>
    administer(prisma, by, async (transaction, ceiling) => {
      const role = await findRole(transaction, input.role ?? { key: 'id', value: defaultRoleId });
      if (!role) throw noSuchRole();
      ceiling.covers(role.actions, 'user.create');
      const user = await transaction.user.create({
        data: {
          ...identity,
          ...written,
          confirmed: input.confirmed,
          blocked: input.blocked ?? false,
          roleId: role.id,
        },
        select: USER,
      });
      const code = input.invite ? await services.codes.issue(transaction, user.id, 'invitation') : undefined;
      await audit.record(transaction, by.actor, { event: 'user.create', target: userTarget(user), after: told(user) });
      return { user, code };
    }),
  );
  if (code !== undefined) mailCode(services, user, 'invitation', code);
  return user.id;
}

/** Changes what is given, all of it or nothing, and tells the id. */
export async function updateUser(
  services: AdministrationServices,
  by: By,
  key: DocumentKey,
  change: UserChange,
): Promise<number> {
  const { prisma, passwords, delivery, mails, clock } = services;
  const username = change.username?.trim();
  const email = change.email === undefined ? undefined : normalEmail(change.email);
  const { passwordMinLength } = await prisma.settings.findUniqueOrThrow({ where: { id: 1 } });
  const given = [username, email].filter((name) => name !== undefined);
  const faultsOfPassword = (names: readonly string[]) =>
    change.password === undefined
      ? []
      : faultsOfNewPassword(change.password, { path: ['password'], minLength: passwordMinLength, names });
  refuse([
    ...(username === undefined ? [] : faultsOfUsername(username)),
    ...(change.email === undefined ? [] : faultsOfEmail(change.email)),
    ...faultsOfPassword(given),
  ]);
  const written = change.password === undefined ? undefined : await writtenPassword(passwords, change.password);

  const { before, after } = await uniquely(services, { username, email }, key, () =>
    changeUser(services, by, key, 'user.update', async (transaction, user, ceiling) => {
      const role = change.role && (await findRole(transaction, change.role));
      if (change.role && !role) throw noSuchRole();
      if (role) ceiling.covers(role.actions, 'user.update');
      const changed = await transaction.user.update({
        where: { id: user.id },
        data: {
          username: username ?? (email === undefined ? user.username : usernameAfter(user, email)),
          ...(email !== undefined && { email }),
          ...(role && { roleId: role.id }),
          ...(change.confirmed !== undefined && { confirmed: change.confirmed }),
          // Until it is lifted; and whoever is not blocked has neither a reason nor an end of it.
          ...(change.blocked !== undefined &&
            change.blocked !== isBlocked(user, clock()) && {
              blocked: change.blocked,
              blockedUntil: null,
              blockReason: null,
            }),
          ...written,
        },
        select: USER,
      });
      // Only now it is known that the caller may know them.
      refuse(faultsOfPassword([changed.username, changed.email]));
      if (username !== undefined || email !== undefined) await keepIdentifiers(transaction, user.id, user, changed);
      const deeds: Deed[] = [];
      if (changed.email !== user.email) await endCredentialsOfUser(transaction, user.id, 'newEmail');
      if (isBlocked(changed, clock()) && !isBlocked(user, clock())) {
        await endCredentialsOfUser(transaction, user.id, 'block');
      }
      if (written) {
        await endCredentialsOfUser(transaction, user.id, 'newPassword');
        deeds.push({ event: 'user.setPassword', target: userTarget(changed) });
      }
      return deeds;
    }),
  );
  if (written) {
    delivery.later('passwordChanged', async () => ({ mail: await mails.passwordChanged(after) }));
  }
  if (before.email !== after.email) {
    delivery.later('emailChanged', async () => ({ mail: await mails.emailChanged(before, after.email) }));
  }
  return after.id;
}

/** Nobody logs in to it any more, and every token dies. The reason is for administrators; `until` null: until it is lifted. */
export async function blockUser(
  services: AdministrationServices,
  by: By,
  key: DocumentKey,
  { reason, until }: { readonly reason: string | null; readonly until: Date | null },
): Promise<number> {
  refuse([
    ...faultsOfText(reason, ['reason']),
    ...(until && until <= services.clock() ? [{ path: ['until'], message: 'until must be in the future' }] : []),
  ]);
  const { after } = await changeUser(services, by, key, 'user.update', async (transaction, user) => {
    const data = { blocked: true, blockReason: reason && textOrNull(reason), blockedUntil: until };
    await transaction.user.update({ where: { id: user.id }, data, select: { id: true } });
    await endCredentialsOfUser(transaction, user.id, 'block');
    return [];
  });
  return after.id;
}

export async function unblockUser(services: AdministrationServices, by: By, key: DocumentKey): Promise<number> {
  return updateUser(services, by, key, { blocked: false });
}

/** As many as are lifted at once: the rest an hour later. Until then they are shown as blocked, and are not. */
const LIFTED_AT_ONCE = 1_000;

/** Lifts the blocks that have ended by themselves. */
export async function liftEndedBlocks(services: AdministrationServices): Promise<void> {
  const { prisma, audit, clock } = services;
  const where = { blocked: true, blockedUntil: { lte: clock() } };
  const ended = await prisma.user.findMany({ where, select: USER, take: LIFTED_AT_ONCE });
  for (const user of ended) {
    await administer(prisma, BY_SERVER, async (transaction) => {
      const data = { blocked: false, blockedUntil: null, blockReason: null };
      const { count } = await transaction.user.updateMany({ where: { ...where, id: user.id }, data });
      if (count === 0) return; // somebody was faster
      const changed = difference(told(user), told({ ...user, ...data }));
      await audit.record(transaction, BY_SERVER.actor, { event: 'user.unblock', target: userTarget(user), ...changed });
    });
  }
}

/** Ends every session: every token dies at once. */
export async function endSessionsOfUser(services: AdministrationServices, by: By, key: DocumentKey): Promise<number> {
  const { after } = await changeUser(services, by, key, 'user.update', async (transaction, { id, ...user }) => {
    await endCredentialsOfUser(transaction, id, 'endSessions');
    return [{ event: 'user.endSessions', target: userTarget(user) }];
  });
  return after.id;
}

/** Mails the user a link to choose a password: an invitation, to who never had one. */
export async function requestPasswordOfUser(
  services: AdministrationServices,
  by: By,
  key: DocumentKey,
): Promise<number> {
  const { prisma, codes } = services;
  let mail: { readonly purpose: 'resetPassword' | 'invitation'; readonly code: string } | undefined;
  const { after } = await changeUser(services, by, key, 'user.update', async (transaction, user) => {
    const { passwordHash } = await transaction.user.findUniqueOrThrow({
      where: { id: user.id },
      select: { passwordHash: true },
    });
    const purpose = passwordHash === NO_PASSWORD ? 'invitation' : 'resetPassword';
    mail = { purpose, code: await codes.issue(transaction, user.id, purpose) };
    return [{ event: 'user.requestPassword', target: userTarget(user) }];
  });
  if (mail) mailCode({ ...services, prisma }, after, mail.purpose, mail.code);
  return after.id;
}

export async function deleteUser(services: AdministrationServices, by: By, key: DocumentKey): Promise<UserRow> {
  const { prisma, audit } = services;
  return administer(prisma, by, async (transaction, ceiling) => {
    const user = await findAndLock(transaction, key);
    ceiling.covers(actionsOf(user), 'user.delete');
    await transaction.user.delete({ where: { id: user.id }, select: { id: true } });
    await audit.record(transaction, by.actor, { event: 'user.delete', target: userTarget(user), before: told(user) });
    return user;
  });
}

/** What was changed is recorded as `user.update`, or by its own name, with what was before and what is after. */
async function changeUser(
  { prisma, audit }: AdministrationServices,
  by: By,
  key: DocumentKey,
  using: UserAction,
  change: (transaction: Transaction, user: UserRow, ceiling: Ceiling) => Promise<readonly Deed[]>,
): Promise<{ readonly before: UserRow; readonly after: UserRow }> {
  return administer(prisma, by, async (transaction, ceiling) => {
    const before = await findAndLock(transaction, key);
    // Whoever has more than the caller is not touched: with another's password the caller would have it, too.
    ceiling.covers(actionsOf(before), using);
    const deeds = await change(transaction, before, ceiling);
    const after = await transaction.user.findUniqueOrThrow({ where: { id: before.id }, select: USER });
    const changed = difference(told(before), told(after));
    await audit.record(
      transaction,
      by.actor,
      ...(changed ? [{ ...eventOf(before, after), ...changed }] : []),
      ...deeds,
    );
    return { before, after };
  });
}

function eventOf(before: UserRow, after: UserRow): Pick<Deed, 'event' | 'target'> {
  const target = userTarget(after);
  if (after.blocked && !before.blocked) return { event: 'user.block', target };
  if (before.blocked && !after.blocked) return { event: 'user.unblock', target };
  return { event: 'user.update', target };
}

/** What the log is told of a user. */
function told({ username, email, confirmed, blocked, blockReason, blockedUntil, role }: UserRow): Changed {
  return { username, email, role: role.type, confirmed, blocked, blockReason, blockedUntil };
}

function actionsOf({ role }: UserRow): string[] {
  return role.permissions.map(({ action }) => action);
}

/** The code is as good as a password: it goes out by mail, and nowhere else. */
function mailCode(
  { prisma, codes, mails, delivery }: AdministrationServices,
  user: { readonly email: string },
  purpose: Extract<CodePurpose, 'resetPassword' | 'invitation'>,
  code: string,
): void {
  const wanted = async () => (await codes.find(prisma, code, purpose)) !== undefined;
  delivery.later(purpose, async () => ({ mail: await mails[purpose](user, code), wanted }));
}

async function uniquely<T>(
  { prisma }: Pick<AdministrationServices, 'prisma'>,
  names: { readonly username: string | undefined; readonly email: string | undefined },
  key: DocumentKey | undefined,
  write: () => Promise<T>,
): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!isUniqueViolation(error) && !isTaken(error)) throw error;
    const own = key && (await prisma.user.findUnique({ where: whereOf(key), select: { id: true } }));
    throw await whichIsTaken(prisma, names, own?.id);
  }
}

export function noSuchUser(): ApiError {
  return notFound('User not found');
}

function noSuchRole(): ApiError {
  return invalidInput([{ path: ['role'], message: 'role names a role that does not exist' }]);
}
