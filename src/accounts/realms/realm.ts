import type { Actor, Sent } from '../../audit/actor.ts';
import type { Target } from '../../audit/audit.ts';
import type { Audience } from '../../authentication/tokens.ts';
import type { Viewer } from '../../authentication/viewer.ts';
import type { Clock } from '../../common/clock.ts';
import type { ApiError, Fault } from '../../common/errors.ts';
import type { Settings } from '../../database/settings.ts';
import type { MailPurpose, Prisma } from '../../generated/prisma/client.ts';
import type { MailAccount, RequestKind } from '../../mail/outbox/entries.ts';
import type { Attempt } from '../attempts.ts';
import type { Codes } from '../codes.ts';
import type { WrittenPassword } from '../public-password.ts';
import type { EndingEvent } from '../revoke-credentials.ts';

/** What an account of any realm has. */
export interface Person {
  readonly id: number;
  readonly documentId: string;
  readonly email: string;
  /** Raised when every older token has to die. */
  readonly tokenVersion: number;
}

/** What is known of the viewer's own account before it is read. */
export interface OwnAccount {
  readonly id: number;
  readonly documentId: string;
  /** What its owner goes by. */
  readonly names: readonly string[];
}

/** With what a password is compared to. */
export type WithHash<Account> = Account & { readonly passwordHash: string };

export type RealmName = 'users' | 'administrators';

/**
 * People of one kind, who log in to one endpoint: users, or administrators. Acts on accounts are written once, for both:
 * a realm says in which tables they are, and under which names things are counted and recorded.
 */
export interface Realm<Account extends Person, Me extends Viewer = never> {
  readonly name: RealmName;
  /** Of its tokens: no other realm accepts them. */
  readonly audience: Audience;
  /** What its attempts are counted as. */
  readonly attempts: Readonly<Record<'logIn' | 'forgotPassword' | 'resetPassword' | 'changePassword', Attempt>>;
  /** What its acts are called in the audit log; undefined for one that is not in it. */
  readonly events: {
    readonly refusedLogin: 'admin.login' | undefined;
    readonly changePassword: 'password.change' | 'admin.changePassword';
    readonly requestPassword: 'password.request' | 'admin.requestPassword';
    readonly resetPassword: 'password.reset' | 'admin.resetPassword';
  };

  /** What asks for a mail of which nobody learns whether it is sent. */
  readonly mails: { readonly forgotPassword: RequestKind };
  /** The codes that a password is chosen with: one of an account at a time. */
  readonly passwordCodes: PasswordCodes<Account>;

  /** The identifier of an account as attempts on it are counted: in one form, however it was typed. */
  readonly countedAs: (identifier: string) => string;
  readonly faultsOfIdentifier: (identifier: string) => Fault[];
  /** The account of the viewer, as the request found it. */
  readonly ownAccount: (viewer: Me) => OwnAccount;
  /** What its owner goes by, and may not have for a password. */
  readonly namesOf: (account: Account) => readonly string[];
  /** Characters that a new password has at least. */
  readonly minLength: (settings: Settings) => number;
  readonly isBlocked: (account: Account, now: Date) => boolean;
  /** Why an account cannot be logged in to, for who proved to be its owner; undefined where it can. */
  readonly refusalOf: (account: Account, settings: Settings, now: Date) => ApiError | undefined;

  /** The account as the outbox knows it. */
  readonly mailAccount: (id: number) => MailAccount;
  readonly target: (account: Account | undefined) => Target;
  /** Somebody who proved to be its owner in the request. */
  readonly actor: (account: Account, sent: Sent) => Actor;

  readonly find: (database: AccountTables, identifier: string) => Promise<WithHash<Account> | undefined>;
  readonly findByEmail: (database: AccountTables, email: string) => Promise<Account | undefined>;
  readonly passwordHashOf: (database: AccountTables, id: number) => Promise<string | undefined>;
  /** An account as it is now, and stays until the transaction ends; undefined when there is none any more. */
  readonly lock: (transaction: Prisma.TransactionClient, id: number) => Promise<Account | undefined>;
  /**
   * The account of the viewer, locked, if the session of the token still lives.
   *
   * @throws ApiError UNAUTHENTICATED when it was ended since the request was let in.
   */
  readonly lockViewer: (transaction: Prisma.TransactionClient, viewer: Me, now: Date) => Promise<Account>;
  /** Writes a new password, and ends what it ends (docs/decisions/027). With the row locked. */
  readonly writePassword: (
    transaction: Prisma.TransactionClient,
    id: number,
    written: WrittenPassword,
  ) => Promise<Account>;
  /** Writes the hash of the same password anew, if it is still the password. */
  readonly renewHash: (database: AccountTables, account: WithHash<Account>, renewed: WrittenPassword) => Promise<void>;
  /** Ends what an event ends (docs/decisions/027). With the row locked. */
  readonly endCredentials: (
    transaction: Prisma.TransactionClient,
    id: number,
    event: Exclude<EndingEvent, 'block'>,
  ) => Promise<void>;
}

/** What a code to choose a password is issued, found and used up with. Only its hash is kept. */
export interface PasswordCodes<Account> {
  /** A new code, and the mail that it goes into. It ends the older one. */
  readonly issue: (
    services: CodeServices,
    transaction: Prisma.TransactionClient,
    accountId: number,
  ) => Promise<{ readonly purpose: MailPurpose; readonly code: string }>;
  /** Whose code this is, without using it up; undefined for a wrong, used, replaced or expired one. */
  readonly ownerOf: (
    services: CodeServices,
    database: Prisma.TransactionClient,
    code: string,
  ) => Promise<Account | undefined>;
  /** Uses the code up, and tells whether it was good: of two uses at the same moment, one is. */
  readonly use: (services: CodeServices, transaction: Prisma.TransactionClient, code: string) => Promise<boolean>;
}

export interface CodeServices {
  readonly codes: Codes;
  readonly clock: Clock;
}

/** Whether a text can be no account's identifier: PostgreSQL takes none with this character, and fails when it is asked. */
export function cannotBeStored(identifier: string): boolean {
  return identifier.includes('\0');
}

/** The client, or a transaction of it. */
export type AccountTables = Pick<Prisma.TransactionClient, 'user' | 'identifier' | 'admin'>;
