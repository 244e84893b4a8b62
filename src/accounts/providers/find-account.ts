import { byUser, type Sent } from '../../audit/actor.ts';
import { userTarget } from '../../audit/audit.ts';
import { ApiError } from '../../common/errors.ts';
import { inTransaction } from '../../database/retry.ts';
import type { Settings } from '../../database/settings.ts';
import type { Prisma } from '../../generated/prisma/client.ts';
import { USER, type UserRow } from '../account-rows.ts';
import type { UserAccounts } from '../accounts.ts';
import { createAccount } from '../create-account.ts';
import { faultsOfEmail, normalEmail } from '../emails.ts';
import { lockUser } from '../lock-account.ts';
import { NO_PASSWORD, NO_WRITTEN_PASSWORD } from '../public-password.ts';
import { validAccount } from '../register.ts';
import { takeOver } from '../take-over.ts';
import type { Profile } from './conversation.ts';
import type { LoginProvider } from './login-provider.ts';
import { freeUsername } from './new-username.ts';
import { ProviderFailure } from './provider-failure.ts';

/** So often an account is looked for again when another request changed it meanwhile. */
const TRIES = 5;

const WAY = 'loginWithProvider';

/**
 * Finds the account of somebody who came back from a provider, or creates it. docs/decisions/073 has the rules.
 *
 * @throws ProviderFailure when there is none that they may have; ApiError as `beforeRegister` refuses it.
 */
export async function findAccount(
  accounts: UserAccounts,
  provider: LoginProvider,
  profile: Profile,
  sent: Sent,
): Promise<UserRow> {
  for (let tries = 1; ; tries++) {
    const found = await knownAccount(accounts, provider, profile);
    if (found) return found;
    try {
      return await newIdentityOf(accounts, provider, profile, sent);
    } catch (error) {
      // Somebody else took the identity, the address or the username, or changed the account: look again.
      if (!(error instanceof Meanwhile) || tries === TRIES) throw error instanceof Meanwhile ? error.cause : error;
    }
  }
}

/** Something changed between a look and the write that relied on it. */
class Meanwhile extends Error {}

/** The user whom the provider knew before by the subject. Nothing else counts: addresses change hands. */
async function knownAccount(
  { prisma, clock }: UserAccounts,
  { name: provider }: LoginProvider,
  { subject, email, emailVerified }: Profile,
): Promise<UserRow | undefined> {
  const where = { provider_subject: { provider, subject } };
  const identity = await prisma.identity.findUnique({ where, select: { user: { select: USER } } });
  if (!identity) return undefined;
  const data = { lastUsedAt: clock(), email: storable(email) ?? null, emailVerified };
  await prisma.identity.updateMany({ where: { provider, subject }, data });
  return identity.user;
}

async function newIdentityOf(
  accounts: UserAccounts,
  provider: LoginProvider,
  profile: Profile,
  sent: Sent,
): Promise<UserRow> {
  const typed = storable(profile.email);
  if (typed === undefined) throw new ProviderFailure('email_missing');
  const email = normalEmail(typed);
  const owner = await accounts.realm.findByEmail(accounts.prisma, email);
  if (!owner) return register(accounts, provider, { ...profile, email }, sent);
  if (!profile.emailVerified) throw new ProviderFailure('email_taken');
  return inTransaction(accounts.prisma, (transaction) =>
    link(accounts, transaction, owner.id, provider, { ...profile, email }, sent),
  );
}

/** The address, if an account could have it. It is looked at before its letters are folded. */
function storable(email: string | undefined): string | undefined {
  return email !== undefined && faultsOfEmail(email).length === 0 ? email : undefined;
}

interface ProfileWithEmail extends Profile {
  readonly email: string;
}

async function register(
  accounts: UserAccounts,
  provider: LoginProvider,
  profile: ProfileWithEmail,
  sent: Sent,
): Promise<UserRow> {
  const { prisma } = accounts;
  const settings = await accounts.settings();
  if (!settings.signUps) throw new ProviderFailure('sign_ups_disabled');
  const { subject, email, emailVerified } = profile;
  const username = await freeUsername(prisma, profile);
  const account = await validAccount(accounts, { username, email }, settings, { ...sent, way: WAY });
  const identity = { provider: provider.name, subject, emailVerified };
  const data = { ...account, written: NO_WRITTEN_PASSWORD, confirmed: emailVerified, identity };
  const user = await created(accounts, data, settings, sent);
  accounts.hooks.afterRegister(user, { ...sent, way: WAY });
  return user;
}

async function created(
  accounts: UserAccounts,
  account: Parameters<typeof createAccount>[1],
  settings: Settings,
  sent: Sent,
): Promise<UserRow> {
  try {
    return await createAccount(accounts, account, settings, sent);
  } catch (error) {
    if (error instanceof ApiError && error.code === 'APPLICATION_ERROR') throw new Meanwhile('', { cause: error });
    throw error;
  }
}

/** Links an identity whose address the provider has verified to the account with that address. */
async function link(
  accounts: UserAccounts,
  transaction: Prisma.TransactionClient,
  userId: number,
  { name: provider, label, linking }: LoginProvider,
  { subject, email, emailVerified }: ProfileWithEmail,
  sent: Sent,
): Promise<UserRow> {
  const { audit, outbox, clock } = accounts;
  const locked = await lockUser(transaction, userId);
  if (locked?.email !== email) throw new Meanwhile('', { cause: new ProviderFailure('email_taken') });
  let user = locked;
  if (!locked.confirmed) {
    // Somebody registered with an address that is not theirs, and waits for its owner: nothing of theirs stays.
    await takeOver(accounts, transaction, userId);
    user = await transaction.user.update({ where: { id: userId }, data: { provider }, select: USER });
  } else {
    const isVerified = { emailVerifiedAt: { not: null } };
    // Of one that was imported or invited, and that nobody has a way in to, nobody else can be the owner.
    const isUnused = { passwordHash: NO_PASSWORD, identities: { none: {} } };
    // Where accounts need no confirmation, one that counts as confirmed can be somebody else's, too.
    const isTheirs = (await transaction.user.count({ where: { id: userId, OR: [isVerified, isUnused] } })) > 0;
    if (linking !== 'verified' || !isTheirs) throw new ProviderFailure('not_linked');
  }
  const data = { provider, subject, userId, email, emailVerified, lastUsedAt: clock() };
  const { count } = await transaction.identity.createMany({ data: [data], skipDuplicates: true });
  if (count === 0) throw new Meanwhile('', { cause: new ProviderFailure('email_taken') });
  await outbox.enqueue(transaction, { purpose: 'identityLinked', to: email, account: { userId }, provider: label });
  const after = { provider, email };
  await audit.record(transaction, byUser(user, sent), { event: 'identity.link', target: userTarget(user), after });
  return user;
}
