import { userTarget } from '../audit/audit.ts';
import { type AskedBy, actorOf } from '../authentication/actor-of.ts';
import { rolesOf, type UserViewer } from '../authentication/viewer.ts';
import { inTransaction } from '../database/retry.ts';
import type { UserAccounts } from './accounts.ts';
import { listSessions } from './own-sessions.ts';
import { listPasskeys } from './passkeys/manage-passkeys.ts';
import { listIdentities } from './providers/identities.ts';
import { ownFactors } from './second-factors/manage-factors.ts';

/** The newest acts of a user in their file. */
const MAX_ACTS = 1_000;

/**
 * What is stored about the viewer, as JSON: the account, identities, sessions, second factors, passkeys, the acts that the audit log has of
 * them, and what the application's hook adds. No secret, no hash, and nothing that others did.
 *
 * @throws ApiError UNAUTHENTICATED when the session was revoked since the request was authenticated.
 */
export async function exportAccount(accounts: UserAccounts, asked: AskedBy<UserViewer>): Promise<object> {
  const { prisma, realm, audit, clock, attempts, userFields, hooks } = accounts;
  const { viewer } = asked;
  const { id, documentId } = viewer.account;
  await attempts.count('exportMe', { address: asked.origin.address, account: documentId });
  const user = await inTransaction(prisma, async (transaction) => {
    const locked = await realm.lockViewer(transaction, viewer, clock());
    await audit.record(transaction, actorOf(asked), { event: 'user.export', target: userTarget(locked) });
    return locked;
  });
  const row = await prisma.user.findUniqueOrThrow({
    where: { id },
    select: { provider: true, emailVerifiedAt: true, createdAt: true, updatedAt: true },
  });
  // The index is by target; what somebody did to others is not theirs to have.
  const where = { actorKind: 'user', actorId: documentId, targetKind: 'user', targetId: documentId };
  const entries = await prisma.auditEntry.findMany({
    where,
    select: { at: true, event: true, outcome: true, address: true, userAgent: true, after: true },
    orderBy: { id: 'desc' as const },
    take: MAX_ACTS,
  });
  // Where an administrator acted as the user, address and device are the administrator's; so are those of their sessions.
  const acts = entries.flatMap(({ after, ...act }) => (isOfImpersonator(after) ? [] : [act]));
  const factors = await ownFactors(accounts, viewer);
  const sessions = (await listSessions(accounts, viewer)).filter(({ impersonatedById }) => impersonatedById === null);
  const passkeys = await listPasskeys(accounts, viewer);
  const identities = await listIdentities(accounts, viewer);
  const { username, email, confirmed } = user;
  return {
    exportedAt: clock(),
    account: { documentId, username, email, confirmed, ...row, roles: rolesOf(user).map(({ name }) => name) },
    fields: await userFields.readByOwner(prisma, id),
    identities: identities.map(({ userId: _, ...identity }) => identity),
    sessions: sessions.map(({ createdAt, lastUsedAt, expiresAt, address, userAgent, amr }) => ({
      ...{ createdAt, lastUsedAt, expiresAt, address, userAgent, amr },
    })),
    secondFactors: factors,
    passkeys: passkeys.map(({ name, createdAt, lastUsedAt, backedUp, transports, aaguid }) => ({
      ...{ name, createdAt, lastUsedAt, backedUp, transports, aaguid },
    })),
    acts,
    content: (await hooks.exportUser(user, { ...asked, way: 'exportMe' })) ?? null,
  };
}

function isOfImpersonator(after: unknown): boolean {
  return typeof after === 'object' && after !== null && 'impersonatedBy' in after;
}
