import type { Sent } from '../audit/actor.ts';
import type { ApiError } from '../common/errors.ts';
import type { Settings } from '../database/settings.ts';
import type { Accounts } from './accounts.ts';
import type { LoginWay } from './complete-login.ts';
import type { Person } from './realms/realm.ts';

/** Why an account cannot log in now. */
export interface Closed {
  readonly reason: 'blocked' | 'unconfirmed';
  /** For somebody who has proven to be the owner. */
  readonly refusal: ApiError;
}

/** Finds out whether an account cannot log in now, and tells the hooks. Undefined if it can. */
export function closedFor<Account extends Person>(
  { realm, hooks, clock }: Accounts<Account>,
  account: Account,
  settings: Settings,
  sent: Sent,
  way: LoginWay,
): Closed | undefined {
  const refusal = realm.refusalOf(account, settings, clock());
  if (!refusal) return undefined;
  const reason = realm.isBlocked(account, clock()) ? 'blocked' : 'unconfirmed';
  hooks.onLoginRefused(reason, account, { ...sent, way });
  return { reason, refusal };
}

/**
 * Call it after the first proof of a login, whose owner may know why the account cannot log in.
 *
 * @throws ApiError for an account that is blocked or not confirmed.
 */
export function refuseClosed<Account extends Person>(
  accounts: Accounts<Account>,
  account: Account,
  settings: Settings,
  sent: Sent,
  way: LoginWay,
): void {
  const closed = closedFor(accounts, account, settings, sent, way);
  if (closed) throw closed.refusal;
}
