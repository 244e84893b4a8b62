import type { Sent } from '../audit/actor.ts';
import type { Settings } from '../database/settings.ts';
import type { Accounts } from './accounts.ts';
import type { Person, RealmName } from './realms/realm.ts';
import type { IssuedTokens } from './sessions/sessions.ts';

/** What comes of a proof that somebody owns an account. */
export type LoginResult<Account extends Person> =
  | { readonly kind: 'loggedIn'; readonly account: Account; readonly tokens: GivenTokens }
  /** One more step is needed first: then there is no session yet. */
  | ({ readonly kind: 'pending'; readonly account: Account } & PendingStep)
  /** The account cannot be logged in to now: it is blocked, or its address has to be confirmed first. */
  | { readonly kind: 'closed'; readonly account: Account };

export interface GivenTokens extends IssuedTokens {
  /** Whether a browser keeps the refresh token as a cookie, which no script reads. */
  readonly inCookie: boolean;
}

export interface PendingStep {
  /** What the answer to it is sent with. */
  readonly challenge: string;
  /** By what it can be done: `totp`, say. */
  readonly methods: readonly string[];
}

/** Decides for each login, after its first proof, whether a further one is needed; undefined where it is not. */
export type NextStep = (realm: RealmName, account: Person) => Promise<PendingStep | undefined>;

/**
 * Lets in who proved to be the owner of an account, by whatever way: a password, a mailed code, a new registration. Every
 * way in ends here, so that none of them goes around a further step.
 */
export async function letIn<Account extends Person>(
  accounts: Accounts<Account>,
  account: Account,
  settings: Settings,
  sent: Sent,
): Promise<LoginResult<Account>> {
  if (accounts.realm.refusalOf(account, settings, accounts.clock())) return { kind: 'closed', account };
  const step = await accounts.nextStep(accounts.realm.name, account);
  if (step) return { kind: 'pending', account, ...step };
  return beginSession(accounts, account, settings, sent);
}

/** A new session for the viewer, whose older one ends: it took every step already. */
export async function renewSession<Account extends Person>(
  accounts: Accounts<Account>,
  account: Account,
  settings: Settings,
  sent: Sent,
): Promise<LoginResult<Account>> {
  if (accounts.realm.refusalOf(account, settings, accounts.clock())) return { kind: 'closed', account };
  return beginSession(accounts, account, settings, sent);
}

async function beginSession<Account extends Person>(
  { sessions }: Accounts<Account>,
  account: Account,
  settings: Settings,
  sent: Sent,
): Promise<LoginResult<Account>> {
  const tokens = await sessions.begin(account, sent, settings);
  return { kind: 'loggedIn', account, tokens: given(tokens, settings) };
}

/** Tokens as the settings want them to be given. */
export function given(tokens: IssuedTokens, { refreshTokenInCookie }: Settings): GivenTokens {
  return { ...tokens, inCookie: tokens.refreshToken !== null && refreshTokenInCookie };
}
