import type { Sent } from '../audit/actor.ts';
import { ApiError } from '../common/errors.ts';
import type { Settings } from '../database/settings.ts';
import type { Accounts } from './accounts.ts';
import type { AccountWay } from './hooks/account-hooks.ts';
import type { Person, RealmName } from './realms/realm.ts';
import type { IssuedTokens, Proofs, SentFor } from './sessions/sessions.ts';

/** The outcome of a login after its first proof. */
export type LoginResult<Account extends Person> =
  | { readonly kind: 'loggedIn'; readonly account: Account; readonly tokens: GivenTokens }
  /** A further step is needed. There is no session yet. */
  | ({ readonly kind: 'pending'; readonly account: Account } & PendingStep)
  /** The account cannot log in now: it is blocked, unconfirmed, or refused by a hook. */
  | { readonly kind: 'closed'; readonly account: Account };

export interface GivenTokens extends IssuedTokens {
  /** Whether to send the refresh token as an HttpOnly cookie. */
  readonly inCookie: boolean;
}

export interface PendingStep {
  /** Identifies the pending login when the client sends the second factor. */
  readonly challenge: string;
  /** The accepted methods, for example `totp`. */
  readonly methods: readonly string[];
}

/** Decides whether a login needs a further step after its proofs; undefined if not. */
export type NextStep = (
  realm: RealmName,
  account: Person,
  login: { readonly proofs: Proofs; readonly way: LoginWay },
) => Promise<PendingStep | undefined>;

/**
 * Completes a login after its first proof: a password, a mailed code or a registration. Every login ends here, so none
 * can bypass the hook and the next step.
 *
 * @param proofs made so far; the session keeps them.
 * @throws ApiError as `beforeLogin` refuses a login. After something else that stays done, such as a registration, the result
 * is `closed` instead: an error would say that it failed.
 */
export async function completeLogin<Account extends Person>(
  accounts: Accounts<Account>,
  account: Account,
  settings: Settings,
  sent: Sent,
  way: LoginWay,
  proofs: Proofs,
): Promise<LoginResult<Account>> {
  if (accounts.realm.refusalOf(account, settings, accounts.clock())) return { kind: 'closed', account };
  try {
    await accounts.hooks.beforeLogin(account, { ...sent, way });
  } catch (error) {
    const isRefusal = error instanceof ApiError && error.code !== 'TIMEOUT';
    if (isRefusal) accounts.hooks.onLoginRefused('hook', account, { ...sent, way });
    if (LOGINS.includes(way)) throw error;
    if (!isRefusal) accounts.log.error({ err: error, requestId: sent.requestId }, 'a hook failed');
    return { kind: 'closed', account };
  }
  const step = await accounts.nextStep(accounts.realm.name, account, { proofs, way });
  if (step) return { kind: 'pending', account, ...step };
  return beginSession(accounts, account, settings, { ...sent, way, amr: proofs });
}

/** Completes a login after its last step. @param proofs all that were made. */
export async function completeSteps<Account extends Person>(
  accounts: Accounts<Account>,
  account: Account,
  sent: Sent,
  { way, proofs }: { readonly way: LoginWay; readonly proofs: Proofs },
): Promise<LoginResult<Account>> {
  const settings = await accounts.settings();
  if (accounts.realm.refusalOf(account, settings, accounts.clock())) return { kind: 'closed', account };
  return beginSession(accounts, account, settings, { ...sent, way, amr: [...new Set(proofs)] });
}

/** What ends in a login. */
export type LoginWay = Extract<
  AccountWay,
  | 'login'
  | 'exchangeStrapiToken'
  | 'loginWithProvider'
  | 'loginWithCode'
  | 'loginWithPasskey'
  | 'register'
  | 'emailConfirmation'
  | 'resetPassword'
  | 'acceptInvitation'
>;

/** What does nothing else. */
const LOGINS: readonly LoginWay[] = [
  'login',
  'exchangeStrapiToken',
  'loginWithProvider',
  'loginWithCode',
  'loginWithPasskey',
];

/**
 * Begins a new session for a viewer whose sessions were just revoked. They have already passed every step.
 *
 * @param proofs of the session before, and that of now.
 */
export async function renewSession<Account extends Person>(
  accounts: Accounts<Account>,
  account: Account,
  settings: Settings,
  sent: Sent,
  proofs: Proofs,
): Promise<LoginResult<Account>> {
  if (accounts.realm.refusalOf(account, settings, accounts.clock())) return { kind: 'closed', account };
  const amr = [...new Set(proofs)];
  return beginSession(accounts, account, settings, { ...sent, way: 'changePassword', amr });
}

async function beginSession<Account extends Person>(
  { sessions }: Accounts<Account>,
  account: Account,
  settings: Settings,
  sent: SentFor,
): Promise<LoginResult<Account>> {
  const tokens = await sessions.begin(account, sent, settings);
  return { kind: 'loggedIn', account, tokens: given(tokens, settings) };
}

/** Adds how the settings deliver the refresh token. */
export function given(tokens: IssuedTokens, { refreshTokenInCookie }: Settings): GivenTokens {
  return { ...tokens, inCookie: tokens.refreshToken !== null && refreshTokenInCookie };
}
