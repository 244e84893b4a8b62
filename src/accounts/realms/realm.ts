import type { Actor, Sent } from '../../audit/actor.ts';
import type { Target } from '../../audit/audit.ts';
import type { Audience } from '../../authentication/tokens.ts';
import type { Viewer } from '../../authentication/viewer.ts';
import type { Clock } from '../../common/clock.ts';
import type { ApiError, Fault } from '../../common/errors.ts';
import type { Settings } from '../../database/settings.ts';
import type { MailPurpose, Prisma, PrismaClient } from '../../generated/prisma/client.ts';
import type { MailAccount, RequestKind } from '../../mail/outbox/entries.ts';
import type { Attempt } from '../attempts.ts';
import type { Codes } from '../codes.ts';
import type { WrittenPassword } from '../public-password.ts';
import type { EndingEvent } from '../revoke-credentials.ts';
import type { Proofs } from '../sessions/sessions.ts';

/** The common part of the accounts of all realms. */
export interface Person {
  readonly id: number;
  readonly documentId: string;
  readonly email: string;
  /** Incremented to revoke every older token. */
  readonly tokenVersion: number;
}

/** The viewer's own account, as known from authentication. */
export interface OwnAccount {
  readonly id: number;
  readonly documentId: string;
  readonly email: string;
  /** The owner's names, which the password must not be. */
  readonly names: readonly string[];
}

/** An account with its password hash. */
export type WithHash<Account> = Account & { readonly passwordHash: string };

export type RealmName = 'users' | 'administrators';

/**
 * A kind of account with its own endpoint: users or administrators. Account operations are written once for both; a realm
 * supplies the tables and the names of rate limits and audit events.
 */
export interface Realm<Account extends Person, Me extends Viewer = never> {
  readonly name: RealmName;
  /** The audience of its tokens. No other realm accepts them. */
  readonly audience: Audience;
  /** Whether a mailed code proves who somebody is who has neither a password nor a second factor. */
  readonly mailsStepUpCodes: boolean;
  /** The names of its rate limits. */
  readonly attempts: Readonly<
    Record<
      | 'logIn'
      | 'logInWithPasskey'
      | 'forgotPassword'
      | 'resetPassword'
      | 'changePassword'
      | 'stepUp'
      | 'completeLogin'
      | 'secondFactors'
      | 'passkeyOptions'
      | 'passkeys',
      Attempt
    >
  >;
  /** The names of its audit events; undefined if an operation is not audited. */
  readonly events: {
    readonly refusedLogin: 'admin.login' | undefined;
    readonly changePassword: 'password.change' | 'admin.changePassword';
    readonly requestPassword: 'password.request' | 'admin.requestPassword';
    readonly resetPassword: 'password.reset' | 'admin.resetPassword';
    readonly refusedStepUp: 'user.stepUp' | 'admin.stepUp';
    readonly refusedFactor: 'user.refuseFactor' | 'admin.refuseFactor';
    readonly addFactor: 'user.addFactor' | 'admin.addFactor';
    readonly removeFactor: 'user.removeFactor' | 'admin.removeFactor';
    readonly replaceBackupCodes: 'user.replaceBackupCodes' | 'admin.replaceBackupCodes';
    readonly addPasskey: 'user.addPasskey' | 'admin.addPasskey';
    readonly renamePasskey: 'user.renamePasskey' | 'admin.renamePasskey';
    readonly removePasskey: 'user.removePasskey' | 'admin.removePasskey';
  };

  /** The outbox requests whose outcome is not revealed. */
  readonly mails: { readonly forgotPassword: RequestKind };
  /** The codes for setting a password: one per account at a time. */
  readonly passwordCodes: PasswordCodes<Account>;

  /** The normal form of an identifier, for counting attempts. */
  readonly countedAs: (identifier: string) => string;
  readonly faultsOfIdentifier: (identifier: string) => Fault[];
  /** The viewer's account, as authenticated. */
  readonly ownAccount: (viewer: Me) => OwnAccount;
  /** How the viewer's session was begun. */
  readonly amrOf: (viewer: Me) => Proofs;
  /** The owner's names, which the password must not be. */
  readonly namesOf: (account: Account) => readonly string[];
  /** The minimum number of characters of a new password. */
  readonly minLength: (settings: Settings) => number;
  readonly isBlocked: (account: Account, now: Date) => boolean;
  /** Why an account cannot log in; undefined if it can. Reveal it only after a proof of ownership. */
  readonly refusalOf: (account: Account, settings: Settings, now: Date) => ApiError | undefined;

  /** Whether the account is to have a second factor: a role of it, or the administration, requires one. */
  readonly requiresFactor: (database: PrismaClient, id: number) => Promise<boolean>;

  /** Whether the account has one way to log in that lasts. Needs the row locked. */
  readonly isLastWayIn: (transaction: Prisma.TransactionClient, id: number) => Promise<boolean>;

  /** The account as the outbox knows it. */
  readonly mailAccount: (id: number) => MailAccount;
  readonly target: (account: Account | undefined) => Target;
  /** The actor for an owner who authenticates in this request. */
  readonly actor: (account: Account, sent: Sent) => Actor;

  readonly find: (database: AccountTables, identifier: string) => Promise<WithHash<Account> | undefined>;
  readonly findById: (database: AccountTables, id: number) => Promise<Account | undefined>;
  readonly findByEmail: (database: AccountTables, email: string) => Promise<Account | undefined>;
  readonly passwordHashOf: (database: AccountTables, id: number) => Promise<string | undefined>;
  /** Locks an account until the transaction ends and returns its current row; undefined if it no longer exists. */
  readonly lock: (transaction: Prisma.TransactionClient, id: number) => Promise<Account | undefined>;
  /**
   * Locks the viewer's account and checks that their session still exists.
   *
   * @throws ApiError UNAUTHENTICATED when the session was revoked since the request was authenticated.
   */
  readonly lockViewer: (transaction: Prisma.TransactionClient, viewer: Me, now: Date) => Promise<Account>;
  /** Writes that the viewer proved in their session who they are. */
  readonly proveSession: (transaction: Prisma.TransactionClient, viewer: Me, provenAt: Date) => Promise<void>;
  /** Writes a new password and revokes credentials (docs/decisions/027). Needs the row locked. */
  readonly writePassword: (
    transaction: Prisma.TransactionClient,
    id: number,
    written: WrittenPassword,
  ) => Promise<Account>;
  /** Replaces the hash of an unchanged password. Does nothing if the password was changed meanwhile. */
  readonly renewHash: (database: AccountTables, account: WithHash<Account>, renewed: WrittenPassword) => Promise<void>;
  /** Revokes the credentials that an event revokes (docs/decisions/027). Needs the row locked. */
  readonly endCredentials: (
    transaction: Prisma.TransactionClient,
    id: number,
    event: Exclude<EndingEvent, 'block'>,
  ) => Promise<void>;
}

/** Issues, finds and uses the codes for setting a password. Only hashes are stored. */
export interface PasswordCodes<Account> {
  /** Issues a code, with the purpose of its mail, and revokes the previous one. */
  readonly issue: (
    services: CodeServices,
    transaction: Prisma.TransactionClient,
    accountId: number,
  ) => Promise<{ readonly purpose: MailPurpose; readonly code: string }>;
  /** Finds the owner of a code without using it; undefined if it is wrong, used, replaced or expired. */
  readonly ownerOf: (
    services: CodeServices,
    database: Prisma.TransactionClient,
    code: string,
  ) => Promise<Account | undefined>;
  /** Uses a code and returns whether it was valid. Of two concurrent uses exactly one succeeds. */
  readonly use: (services: CodeServices, transaction: Prisma.TransactionClient, code: string) => Promise<boolean>;
}

export interface CodeServices {
  readonly codes: Codes;
  readonly clock: Clock;
}

/** Whether a text cannot be an identifier because it has a NUL, which PostgreSQL rejects with an error. */
export function cannotBeStored(identifier: string): boolean {
  return identifier.includes('\0');
}

/** The client, or a transaction of it. */
export type AccountTables = Pick<Prisma.TransactionClient, 'user' | 'identifier' | 'admin'>;
