import type { Logger } from 'pino';
import type { Audit } from '../audit/audit.ts';
import type { AuthenticateUser } from '../authentication/authenticate-user.ts';
import type { AdminViewer, UserViewer, Viewer } from '../authentication/viewer.ts';
import type { Clock } from '../common/clock.ts';
import type { Settings } from '../database/settings.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { AccountMails } from '../mail/account-mails.ts';
import type { Outbox } from '../mail/outbox/outbox.ts';
import type { SendNow } from '../mail/send-now.ts';
import type { AdminRow, UserRow } from './account-rows.ts';
import type { Attempts } from './attempts.ts';
import type { Codes } from './codes.ts';
import type { NextStep } from './complete-login.ts';
import type { StrapiTokens } from './exchange-strapi-token.ts';
import type { LoginHooks, UserHooks } from './hooks/user-hooks.ts';
import type { LoginRefusals } from './login-refusals.ts';
import type { Passkeys } from './passkeys/passkeys.ts';
import type { Passwords } from './passwords.ts';
import type { ProviderServices } from './providers/provider-services.ts';
import type { Person, Realm } from './realms/realm.ts';
import type { Challenges } from './second-factors/challenges.ts';
import type { FactorAttempts } from './second-factors/factor-attempts.ts';
import type { SecondFactors } from './second-factors/second-factors.ts';
import type { AdminSessions } from './sessions/admin-sessions.ts';
import type { RefreshableSessions, Sessions } from './sessions/sessions.ts';
import type { ShortCodes } from './short-codes.ts';
import type { UserFields } from './user-fields.ts';

/** The dependencies of the account operations of one realm, shared by GraphQL, REST and the administration. */
export interface Accounts<Account extends Person, Me extends Viewer = never> {
  readonly realm: Realm<Account, Me>;
  readonly prisma: PrismaClient;
  readonly passwords: Passwords;
  readonly sessions: Sessions<Account>;
  readonly codes: Codes;
  readonly attempts: Attempts;
  readonly mails: AccountMails;
  readonly outbox: Outbox;
  readonly sendNow: SendNow;
  readonly audit: Audit;
  readonly clock: Clock;
  /** Reads the current settings. */
  readonly settings: () => Promise<Settings>;
  /** Decides whether a login needs a further step, such as a second factor. */
  readonly nextStep: NextStep;
  readonly shortCodes: ShortCodes;
  readonly secondFactors: SecondFactors;
  readonly factorAttempts: FactorAttempts;
  readonly passkeys: Passkeys;
  readonly challenges: Challenges;
  /** This server, as apps that show codes name it. */
  readonly issuer: string;
  /** Called after each password check of a login. */
  readonly onLogin: (outcome: 'accepted' | 'refused') => void;
  /** Counts refused logins, where they are no audit events. */
  readonly loginRefusals: LoginRefusals | undefined;
  readonly hooks: LoginHooks<Account>;
  readonly log: Logger;
}

/** The same, with sessions that can have a refresh token. */
export interface RefreshableAccounts<Account extends Person, Me extends Viewer = never> extends Accounts<Account, Me> {
  readonly sessions: RefreshableSessions<Account>;
}

export interface UserAccounts extends RefreshableAccounts<UserRow, UserViewer> {
  readonly hooks: UserHooks;
  /** The fields of users that are the application's own. */
  readonly userFields: UserFields;
  /** Undefined: no token of Strapi is exchanged. */
  readonly strapiTokens: StrapiTokens | undefined;
  readonly providers: ProviderServices;
  /** Finds the user of a token. */
  readonly authenticateUser: AuthenticateUser;
}

export interface AdminAccounts extends RefreshableAccounts<AdminRow, AdminViewer> {
  readonly sessions: AdminSessions;
}
