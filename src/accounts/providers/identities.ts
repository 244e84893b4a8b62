import { userTarget } from '../../audit/audit.ts';
import { type AskedBy, actorOf } from '../../authentication/actor-of.ts';
import type { UserViewer } from '../../authentication/viewer.ts';
import { applicationError, badInput, notFound, refuse } from '../../common/errors.ts';
import { inTransaction } from '../../database/retry.ts';
import type { Identity, Prisma } from '../../generated/prisma/client.ts';
import type { UserAccounts } from '../accounts.ts';
import { isLastWayIn } from '../last-way-in.ts';
import { NO_PASSWORD } from '../public-password.ts';
import { faultsOfBlank } from '../required-texts.ts';
import { redirectFor } from './connect.ts';
import { TICKET_LIFE } from './flow.ts';
import { useLoginCode } from './login-codes.ts';

/** More identities than anybody has. */
const MOST = 100;

/** Lists the identities of the viewer, the oldest first. */
export function listIdentities({ prisma }: UserAccounts, { account }: UserViewer): Promise<Identity[]> {
  const where = { userId: account.id };
  return prisma.identity.findMany({ where, orderBy: [{ createdAt: 'asc' }, { provider: 'asc' }], take: MOST });
}

/**
 * Begins to link a provider to the viewer's account.
 *
 * @returns the address for the viewer's browser, good for some minutes. It ends at the front end's page with a code, which only
 * this session can redeem.
 * @throws ApiError NOT_FOUND for an unknown provider, BAD_USER_INPUT for a page that is not allowed.
 */
export async function beginLink(
  { attempts, providers, clock, prisma }: UserAccounts,
  { provider: name, redirect }: { readonly provider: string; readonly redirect: string | null },
  { viewer, origin }: AskedBy<UserViewer>,
): Promise<{ readonly url: string }> {
  const { account, session } = viewer;
  await attempts.count('linkProvider', { address: origin.address, account: String(account.id) });
  const provider = await providers.list.find(name);
  if (!provider) throw notFound('There is no such login provider');
  const { tokenVersion } = await prisma.user.findUniqueOrThrow({
    where: { id: account.id },
    select: { tokenVersion: true },
  });
  const ticket = providers.flows.sealTicket({
    provider: name,
    purpose: { kind: 'link', session, userId: account.id, tokenVersion },
    redirect: redirectFor(providers, provider, redirect),
    until: clock().getTime() + TICKET_LIFE,
  });
  return { url: `${providers.publicUrl}/connect/${name}?ticket=${ticket}` };
}

/**
 * Links the identity that a code stands for.
 *
 * @throws ApiError BAD_USER_INPUT, with one message for a wrong, used and expired code and for one that another session began;
 * APPLICATION_ERROR if the identity is another user's.
 */
export async function completeLink(
  { realm, prisma, audit, outbox, attempts, clock, providers }: UserAccounts,
  text: string,
  asked: AskedBy<UserViewer>,
): Promise<Identity> {
  const { account, session } = asked.viewer;
  await attempts.count('linkProvider', { address: asked.origin.address, account: String(account.id) });
  refuse(faultsOfBlank({ code: text }));
  // Outside of the transaction: a code that somebody else tried is used, too.
  const code = await useLoginCode(prisma, text, undefined, clock());
  if (code.session !== session || code.userId !== account.id || code.subject === null) throw badInput('Invalid code');
  const { provider, subject, email, emailVerified } = code;
  const label = await providers.list.labelOf(provider);
  return inTransaction(prisma, async (transaction) => {
    const user = await realm.lockViewer(transaction, asked.viewer, clock());
    if (user.tokenVersion !== code.tokenVersion) throw badInput('Invalid code');
    const data = { provider, subject, userId: user.id, email, emailVerified };
    const { count } = await transaction.identity.createMany({ data: [data], skipDuplicates: true });
    const where = { provider_subject: { provider, subject } };
    const identity = await transaction.identity.findUniqueOrThrow({ where });
    if (identity.userId !== user.id) throw applicationError('This identity is linked to another account');
    if (count === 0) return identity; // it was linked before
    const mail = { purpose: 'identityLinked', to: user.email, account: { userId: user.id }, provider: label } as const;
    await outbox.enqueue(transaction, mail);
    const after = { provider, email };
    await audit.record(transaction, actorOf(asked), { event: 'identity.link', target: userTarget(user), after });
    return identity;
  });
}

/**
 * Unlinks an identity of the viewer. Nobody can log in with it from then on.
 *
 * @throws ApiError NOT_FOUND for one that is not theirs, APPLICATION_ERROR for the last way to log in.
 */
export async function unlinkProvider(
  { prisma, audit, outbox, clock, providers, realm }: UserAccounts,
  id: string,
  asked: AskedBy<UserViewer>,
): Promise<void> {
  const key = keyOf(id);
  if (!key) throw notFound('Identity not found');
  const label = await providers.list.labelOf(key.provider);
  await inTransaction(prisma, async (transaction) => {
    // Two at once wait for each other here, so one way in stays.
    const user = await realm.lockViewer(transaction, asked.viewer, clock());
    const where = { ...key, userId: user.id };
    const identity = await transaction.identity.findFirst({ where });
    if (!identity) throw notFound('Identity not found');
    if (await isLastWayIn(transaction, user.id))
      throw applicationError('This is the only way to log in to the account: set a password first');
    await transaction.identity.deleteMany({ where });
    await keepProvider(transaction, user.id);
    const { provider, email } = identity;
    const mail = {
      purpose: 'identityUnlinked',
      to: user.email,
      account: { userId: user.id },
      provider: label,
    } as const;
    await outbox.enqueue(transaction, mail);
    const before = { provider, email };
    await audit.record(transaction, actorOf(asked), { event: 'identity.unlink', target: userTarget(user), before });
  });
}

/** `provider` of a user without a password names one that they still have. */
async function keepProvider({ user, identity }: Prisma.TransactionClient, id: number): Promise<void> {
  const first = await identity.findFirst({ where: { userId: id }, orderBy: { createdAt: 'asc' } });
  if (first) await user.updateMany({ where: { id, passwordHash: NO_PASSWORD }, data: { provider: first.provider } });
}

/** The id of an identity, opaque to clients. */
export function identityId({ provider, subject }: Pick<Identity, 'provider' | 'subject'>): string {
  return Buffer.from(JSON.stringify([provider, subject])).toString('base64url');
}

function keyOf(id: string): { readonly provider: string; readonly subject: string } | undefined {
  try {
    const [provider, subject] = JSON.parse(Buffer.from(id, 'base64url').toString()) as unknown[];
    if (typeof provider !== 'string' || typeof subject !== 'string' || subject.includes('\0')) return undefined;
    return { provider, subject };
  } catch {
    return undefined;
  }
}
