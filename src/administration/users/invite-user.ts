import { randomBytes } from 'node:crypto';
import { faultsOfEmail, normalEmail } from '../../accounts/emails.ts';
import { identifierKey } from '../../accounts/identifiers.ts';
import { type ApiError, invalidInput, notFound, refuse } from '../../common/errors.ts';
import { hashOf } from '../../common/hash.ts';
import type { DocumentKey } from '../../database/document-key.ts';
import { type AdministrationServices, administer, type By, type Transaction } from '../administration.ts';
import { effectivePermissions } from '../roles/effective-permissions.ts';
import { givenRoles } from './given-roles.ts';

export interface InvitationInput {
  readonly email: string;
  /** Without one: the default role. */
  readonly role: DocumentKey | undefined;
  /** Seconds. */
  readonly expiresIn: number;
}

/** An invitation that waits for its answer. */
export interface InvitationRow {
  readonly documentId: string;
  readonly email: string;
  readonly roleId: number;
  /** The name of somebody who may be gone. */
  readonly invitedBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

const INVITATION = {
  documentId: true,
  email: true,
  roleId: true,
  invitedBy: true,
  createdAt: true,
  expiresAt: true,
} as const;

const DAY = 86_400;
export const DEFAULT_EXPIRY = 7 * DAY;
const [SHORTEST, LONGEST] = [600, 30 * DAY];
/** More than anybody looks through. */
const MAX_LISTED = 1_000;

/**
 * Mails an invitation to somebody without an account. One that the same inviter has sent to the address before is replaced.
 *
 * @param options.tells whether an address with an account is an error. If not, it gets no mail, and nothing says so.
 * @throws ApiError FORBIDDEN for a role with more permissions than the inviter; BAD_USER_INPUT.
 */
export async function inviteUser(
  { prisma, audit, outbox, clock }: AdministrationServices,
  by: By,
  { email: typed, role, expiresIn }: InvitationInput,
  { tells }: { readonly tells: boolean },
): Promise<InvitationRow> {
  const email = normalEmail(typed);
  const isLifespan = expiresIn >= SHORTEST && expiresIn <= LONGEST;
  const ofLifespan = { path: ['expiresIn'], message: `expiresIn must be from ${SHORTEST} to ${LONGEST}` };
  refuse([...faultsOfEmail(typed), ...(isLifespan ? [] : [ofLifespan])]);
  const code = randomBytes(32).toString('base64url');
  return administer(prisma, by, async (transaction, ceiling) => {
    const { main } = await givenRoles(transaction, { role });
    const { defaultRoleId } = await transaction.settings.findUniqueOrThrow({ where: { id: 1 } });
    const roleId = main?.id ?? defaultRoleId;
    if (main?.type === 'public') throw publicRole();
    ceiling.covers(await effectivePermissions(transaction, [{ id: roleId }]), 'user.invite');

    const holders = await transaction.identifier.count({ where: { key: identifierKey(email) } });
    if (tells && holders > 0) throw hasAccount();
    const invitedBy = by.actor.name ?? 'the server';
    const inviter = await inviterOf(transaction, by);
    await transaction.invitation.deleteMany({ where: { email, ...inviter, invitedBy } });
    const expiresAt = new Date(clock().getTime() + expiresIn * 1_000);
    const data = { email, roleId, hash: hashOf(code), invitedBy, ...inviter, createdAt: clock(), expiresAt };
    const invitation = await transaction.invitation.create({ data, select: INVITATION });
    await outbox.enqueueWithoutAccount(transaction, { purpose: 'userInvitation', to: email, code });
    const target = { kind: 'user', documentId: null, name: email } as const;
    const { type } = await transaction.role.findUniqueOrThrow({ where: { id: roleId }, select: { type: true } });
    const after = { email, role: type, expiresAt: expiresAt.toISOString() };
    await audit.record(transaction, by.actor, { event: 'user.invite', target, after });
    return invitation;
  });
}

/** Whose end ends an invitation. */
async function inviterOf(
  { user }: Transaction,
  { actor: { kind, documentId } }: By,
): Promise<{ readonly inviterId: number | null; readonly actorId: string | null }> {
  if (kind !== 'user' || documentId === null) return { inviterId: null, actorId: documentId };
  const { id } = await user.findUniqueOrThrow({ where: { documentId }, select: { id: true } });
  return { inviterId: id, actorId: null };
}

/**
 * Ends what an administrator or an API token has invited. Call it in the transaction that deletes or revokes them: whoever had their
 * credential could have invited themselves.
 */
export async function endInvitationsOf({ invitation }: Transaction, actorId: string): Promise<void> {
  await invitation.deleteMany({ where: { actorId } });
}

/** The invitations that wait, the newest first. */
export function listInvitations({ prisma, clock }: AdministrationServices): Promise<InvitationRow[]> {
  const where = { expiresAt: { gt: clock() } };
  return prisma.invitation.findMany({ where, select: INVITATION, orderBy: { id: 'desc' }, take: MAX_LISTED });
}

/** Revokes an invitation. @throws ApiError NOT_FOUND for one that was accepted, has expired or never was. */
export async function revokeInvitation(
  { prisma, audit }: AdministrationServices,
  by: By,
  documentId: string,
): Promise<void> {
  await administer(prisma, by, async (transaction) => {
    const found = await transaction.invitation.findUnique({ where: { documentId }, select: INVITATION });
    if (!found) throw notFound('Invitation not found');
    await transaction.invitation.deleteMany({ where: { documentId } });
    const target = { kind: 'user', documentId: null, name: found.email } as const;
    const before = { email: found.email };
    await audit.record(transaction, by.actor, { event: 'user.revokeInvitation', target, before });
  });
}

function hasAccount(): ApiError {
  return invalidInput([{ path: ['email'], message: 'There is an account with this e-mail' }]);
}

function publicRole(): ApiError {
  return invalidInput([{ path: ['role'], message: 'Public is the role of requests without an account' }]);
}
