import { ADMIN, type AdminRow } from '../accounts/account-rows.ts';
import { issueAdminCode, useFirstCode } from '../accounts/admin-codes.ts';
import { faultsOfEmail, normalEmail } from '../accounts/emails.ts';
import { lockAdmin } from '../accounts/lock-account.ts';
import { faultsOfNewPassword } from '../accounts/passwords.ts';
import { NO_WRITTEN_PASSWORD, writtenPassword } from '../accounts/public-password.ts';
import { ADMINISTRATORS, adminTarget } from '../accounts/realms/administrators.ts';
import { endCredentialsOfAdmin } from '../accounts/revoke-credentials.ts';
import { difference } from '../audit/audit.ts';
import type { AuditEvent, Recorded } from '../audit/events.ts';
import { type ApiError, applicationError, type Fault, notFound, refuse } from '../common/errors.ts';
import { uniquely } from '../database/write-errors.ts';
import type { AdminRole } from '../generated/prisma/client.ts';
import { type AdministrationServices, administer, type By, type Transaction } from './administration.ts';
import { faultsOfReason } from './reason.ts';
import { endInvitationsOf } from './users/invite-user.ts';
import { hasNoFactor } from './users/reset-second-factor.ts';
import { faultsOfName } from './validate-texts.ts';

export interface NewAdmin {
  readonly email: string;
  /** Default: the e-mail. */
  readonly name: string | undefined;
  readonly role: AdminRole;
  /** Undefined to invite the administrator by mail to choose one. */
  readonly password: string | undefined;
}

/** Absent fields stay unchanged. */
export interface AdminChange {
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  readonly role?: AdminRole | undefined;
}

/** Finds an administrator by documentId or e-mail. */
function findAdmin(transaction: Pick<Transaction, 'admin'>, documentIdOrEmail: string) {
  const where = { OR: [{ documentId: documentIdOrEmail }, { email: normalEmail(documentIdOrEmail) }] };
  return transaction.admin.findFirst({ where, select: ADMIN });
}

/** Locks the administrator until the transaction ends and returns the current row. */
async function findAndLock(transaction: Transaction, documentIdOrEmail: string): Promise<AdminRow> {
  const found = await findAdmin(transaction, documentIdOrEmail);
  const admin = found && (await lockAdmin(transaction, found.id));
  if (!admin) throw noSuchAdmin();
  return admin;
}

/**
 * Creates an administrator. With `first`, only while there is none, and with a valid code if `first.code` is given. Of two
 * concurrent registrations of the first administrator, one succeeds.
 */
export async function createAdmin(
  services: AdministrationServices,
  by: By,
  input: NewAdmin,
  first?: { readonly code: string | undefined },
): Promise<AdminRow> {
  const { prisma, passwords, audit, clock } = services;
  const email = normalEmail(input.email);
  const name = input.name?.trim() || email;
  refuse([
    ...faultsOfEmail(input.email),
    ...faultsOfName(name),
    ...(input.password === undefined ? [] : await faultsOfPassword(services, input.password, [email, name])),
  ]);
  const written = input.password === undefined ? NO_WRITTEN_PASSWORD : await writtenPassword(passwords, input.password);
  return withFreeEmail(() =>
    administer(prisma, by, async (transaction) => {
      if (first) await asFirst(transaction, first.code, clock());
      const admin = await transaction.admin.create({
        data: { email, name, role: input.role, ...written },
        select: ADMIN,
      });
      await transaction.adminCode.deleteMany({ where: { adminId: null } }); // the first administrator exists now
      if (input.password === undefined) await mailCode(transaction, services, admin);
      // The first administrator registers anonymously, so the audit event names the new account as the actor.
      const actor = first ? asAdmin(by, admin) : by.actor;
      await audit.record(transaction, actor, {
        event: 'admin.create',
        target: adminTarget(admin),
        after: recorded(admin),
      });
      return admin;
    }),
  );
}

function asAdmin({ actor }: By, { documentId, email }: Pick<AdminRow, 'documentId' | 'email'>): By['actor'] {
  return actor.kind === 'anonymous' ? { ...actor, kind: 'admin', documentId, name: email } : actor;
}

async function asFirst(transaction: Transaction, code: string | undefined, now: Date): Promise<void> {
  if ((await transaction.admin.count()) > 0) throw applicationError('There is an administrator already');
  if (code !== undefined) await useFirstCode(transaction, code, now);
}

/** Changes an administrator, all fields or none. The last one with full access cannot be demoted. */
export async function updateAdmin(
  services: AdministrationServices,
  by: By,
  documentId: string,
  change: AdminChange,
): Promise<AdminRow> {
  const name = change.name?.trim();
  refuse([
    ...(name === undefined ? [] : faultsOfName(name)),
    ...(change.email === undefined ? [] : faultsOfEmail(change.email)),
  ]);
  return withFreeEmail(() =>
    changeAdmin(services, by, documentId, async (transaction, admin) => {
      if (change.role !== undefined && change.role !== 'ADMINISTRATOR') await notTheLast(transaction, admin);
      const email = change.email === undefined ? admin.email : normalEmail(change.email);
      // Pending codes were mailed to the old address.
      if (email !== admin.email) await endCredentialsOfAdmin(transaction, admin.id, 'newEmail');
      const data = { email, name: name ?? admin.name, role: change.role ?? admin.role };
      await transaction.admin.update({ where: { id: admin.id }, data, select: { id: true } });
      // Who can only read acts as nobody.
      if (data.role !== 'ADMINISTRATOR') {
        const own = await transaction.adminSession.findMany({ where: { adminId: admin.id }, select: { id: true } });
        await transaction.session.deleteMany({ where: { impersonatedById: { in: own.map(({ id }) => id) } } });
      }
      return [];
    }),
  );
}

export async function deleteAdmin(services: AdministrationServices, by: By, documentId: string): Promise<AdminRow> {
  const { prisma, audit } = services;
  return administer(prisma, by, async (transaction) => {
    const admin = await findAndLock(transaction, documentId);
    await notTheLast(transaction, admin);
    await transaction.admin.delete({ where: { id: admin.id }, select: { id: true } });
    await endInvitationsOf(transaction, admin.documentId);
    const before = recorded(admin);
    await audit.record(transaction, by.actor, { event: 'admin.delete', target: adminTarget(admin), before });
    return admin;
  });
}

/** Sets an administrator's password and revokes their tokens and codes. */
export async function setAdminPassword(
  services: AdministrationServices,
  by: By,
  documentIdOrEmail: string,
  password: string,
): Promise<AdminRow> {
  const admin = await findAdmin(services.prisma, documentIdOrEmail);
  if (!admin) throw noSuchAdmin();
  refuse(await faultsOfPassword(services, password, [admin.email, admin.name]));
  const written = await writtenPassword(services.passwords, password);
  return changeAdmin(services, by, admin.documentId, async (transaction, { id, email, documentId }) => {
    await ADMINISTRATORS.writePassword(transaction, id, written);
    await services.outbox.enqueue(transaction, { purpose: 'passwordChanged', to: email, account: { adminId: id } });
    return [{ event: 'admin.setPassword', target: adminTarget({ documentId, email }) }];
  });
}

/** Mails a link to choose a password: an invitation if the administrator has never had one. */
export async function requestAdminPassword(
  services: AdministrationServices,
  by: By,
  documentIdOrEmail: string,
): Promise<AdminRow> {
  return changeAdmin(services, by, documentIdOrEmail, async (transaction, admin) => {
    await mailCode(transaction, services, admin);
    return [{ event: 'admin.requestPassword', target: adminTarget(admin) }];
  });
}

/** Ends every session of an administrator and revokes their codes. */
export async function endAdminSessions(
  services: AdministrationServices,
  by: By,
  documentId: string,
): Promise<AdminRow> {
  return changeAdmin(services, by, documentId, async (transaction, { id, ...row }) => {
    await endCredentialsOfAdmin(transaction, id, 'endSessions');
    return [{ event: 'admin.endSessions', target: adminTarget(row) }];
  });
}

/**
 * Removes the second factor of an administrator who lost it, ends every session, and mails a notice.
 *
 * @throws ApiError APPLICATION_ERROR if there is none.
 */
export async function resetSecondFactorOfAdmin(
  services: AdministrationServices,
  by: By,
  documentIdOrEmail: string,
  reason: string,
): Promise<AdminRow> {
  refuse(faultsOfReason(reason));
  const { secondFactors, outbox } = services;
  return changeAdmin(services, by, documentIdOrEmail, async (transaction, { id, email, documentId }) => {
    if (!(await secondFactors.removeAll(transaction, { adminId: id }))) throw hasNoFactor();
    await endCredentialsOfAdmin(transaction, id, 'endSessions');
    await outbox.enqueue(transaction, { purpose: 'secondFactorReset', to: email, account: { adminId: id } });
    const after = { reason: reason.trim() };
    return [{ event: 'admin.resetFactor', target: adminTarget({ documentId, email }), after }];
  });
}

/** Validates a new password of an administrator. */
async function faultsOfPassword(
  { prisma }: Pick<AdministrationServices, 'prisma'>,
  password: string,
  names: readonly string[],
): Promise<Fault[]> {
  const { adminPasswordMinLength: minLength } = await prisma.settings.findUniqueOrThrow({
    where: { id: 1 },
    select: { adminPasswordMinLength: true },
  });
  return faultsOfNewPassword(password, { path: ['password'], minLength, names });
}

async function changeAdmin(
  { prisma, audit }: AdministrationServices,
  by: By,
  documentIdOrEmail: string,
  change: (transaction: Transaction, admin: AdminRow) => Promise<readonly AuditEvent[]>,
): Promise<AdminRow> {
  return administer(prisma, by, async (transaction) => {
    const before = await findAndLock(transaction, documentIdOrEmail);
    const events = await change(transaction, before);
    const after = await transaction.admin.findUniqueOrThrow({ where: { id: before.id }, select: ADMIN });
    const changed = difference(recorded(before), recorded(after));
    const update = changed ? [{ event: 'admin.update' as const, target: adminTarget(after), ...changed }] : [];
    await audit.record(transaction, by.actor, ...update, ...events);
    return after;
  });
}

/** @throws ApiError APPLICATION_ERROR when no other administrator has full access. */
async function notTheLast(transaction: Transaction, { id, role }: AdminRow): Promise<void> {
  if (role !== 'ADMINISTRATOR') return;
  const others = await transaction.admin.count({ where: { role: 'ADMINISTRATOR', id: { not: id } } });
  if (others === 0) throw applicationError('The last administrator with full access cannot be removed or demoted');
}

/** Mails a code to choose a password and revokes the previous one. */
async function mailCode(
  transaction: Transaction,
  { outbox, clock }: AdministrationServices,
  { id: adminId, email: to }: Pick<AdminRow, 'id' | 'email'>,
): Promise<void> {
  const coded = await issueAdminCode(transaction, adminId, clock());
  await outbox.enqueue(transaction, { ...coded, to, account: { adminId } });
}

function recorded({ email, name, role }: AdminRow): Recorded<'admin.create'> {
  return { email, name, role };
}

function withFreeEmail<T>(write: () => Promise<T>): Promise<T> {
  return uniquely(write, () => applicationError('Email is already taken'));
}

function noSuchAdmin(): ApiError {
  return notFound('Administrator not found');
}
