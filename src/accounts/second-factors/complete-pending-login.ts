import type { Sent } from '../../audit/actor.ts';
import { type ApiError, badInput, invalidInput } from '../../common/errors.ts';
import { onlyGiven } from '../../common/only-given.ts';
import { inTransaction } from '../../database/retry.ts';
import type { Accounts } from '../accounts.ts';
import { completeSteps, type LoginResult } from '../complete-login.ts';
import { PASSKEY_REFUSED } from '../passkeys/passkey-refused.ts';
import type { Person } from '../realms/realm.ts';
import type { FactorMethod } from './second-factors.ts';
import { type GivenFactor, useFactor } from './use-factor.ts';

export interface CompletePendingLoginInput extends FactorInput {
  /** The challenge of `SECOND_FACTOR_REQUIRED`. */
  readonly challenge: string;
}

/** One second factor. What is null is not given. */
export interface FactorInput {
  readonly totp?: string | null | undefined;
  readonly backupCode?: string | null | undefined;
  /** What the browser returned for the options of a login. */
  readonly passkey?: unknown;
}

/** A proof by a second factor, in `amr`. */
const AMR: Readonly<Record<FactorMethod, string>> = { totp: 'otp', backupCode: 'otp', passkey: 'hwk' };

/**
 * Completes a login with a second factor. A challenge completes one login, within five minutes and five tries.
 *
 * @throws ApiError BAD_USER_INPUT for a wrong code, and with one message for a challenge that is wrong, used, expired or tried too
 * often, and whose account was blocked or its sessions ended meanwhile.
 */
export async function completePendingLogin<Account extends Person>(
  accounts: Accounts<Account>,
  { challenge, ...input }: CompletePendingLoginInput,
  sent: Sent,
): Promise<LoginResult<Account>> {
  const { realm, prisma, attempts, challenges, factorAttempts, passkeys, clock } = accounts;
  const given = onlyGiven<FactorInput>(input, 'second factor');
  const pending = await challenges.read(challenge);
  const { address } = sent.origin;
  await attempts.count(realm.attempts.completeLogin, { address, ...(pending && { account: pending.subject }) });
  if (!pending || !(await challenges.takeTry(pending.challengeId))) throw cannotBeCompleted();
  const owner = realm.mailAccount(pending.accountId);
  await factorAttempts.count(owner);
  const factor: GivenFactor =
    given.name === 'passkey'
      ? { name: 'passkey', value: await passkeys.verify(given.value, 'login', { of: owner, handle: pending.subject }) }
      : given;
  const settings = await accounts.settings();
  const outcome = await inTransaction(prisma, async (transaction) => {
    const account = await realm.lock(transaction, pending.accountId);
    if (account?.documentId !== pending.subject || account.tokenVersion !== pending.version) return undefined;
    if (realm.refusalOf(account, settings, clock())) return undefined;
    // A wrong code is no error in here: its audit event is to stay.
    const isRight = await useFactor(accounts, transaction, {
      account,
      actor: realm.actor(account, sent),
      given: factor,
    });
    if (isRight && !(await challenges.end(transaction, pending.challengeId))) throw cannotBeCompleted();
    return { account, isRight };
  });
  if (!outcome) throw cannotBeCompleted();
  if (!outcome.isRight) throw wrongFactor(given.name);
  await factorAttempts.forget(owner);
  return completeSteps(accounts, outcome.account, sent, {
    way: pending.way,
    proofs: [...pending.proofs, AMR[given.name]],
  });
}

function wrongFactor(method: FactorMethod): ApiError {
  const message = method === 'passkey' ? PASSKEY_REFUSED : 'The code is not correct';
  return invalidInput([{ path: [method], message }]);
}

function cannotBeCompleted(): ApiError {
  return badInput('This login cannot be completed any more. Log in again.');
}
