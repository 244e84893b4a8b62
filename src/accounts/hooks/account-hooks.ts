import type { HookTools } from '../../common/hook-runner.ts';
import type { ClientOfApp } from '../../register.ts';
import type { OwnUserFields } from '../user-columns.ts';

/**
 * Functions that take part in what happens to the accounts of users.
 *
 * Those before something can refuse it: an ApiError is for the client, anything else is masked and logged. Those after it run
 * in the background. None of them sees a password, a hash or a token. There are none for administrators.
 */
export interface AccountHooks {
  /**
   * Before an account is created, when its data is valid, and before anybody looks whether its names are taken. Assign to
   * `data.username` to change it, and to `data.fields` for fields of your own.
   */
  beforeRegister?(data: RegisterHookData, context: AccountHookContext): void | Promise<void>;
  /** When the account is there, and its confirmation mail, if it needs one, was sent. */
  afterRegister?(user: HookUser, context: AccountHookContext): void | Promise<void>;
  /** When the credential is right, and the user is neither blocked nor unconfirmed. */
  beforeLogin?(user: HookUser, context: AccountHookContext): void | Promise<void>;
  /** When somebody was not logged in. Under a flood of refusals, some are left out. */
  onLoginRefused?(refusal: LoginRefusal, context: AccountHookContext): void | Promise<void>;
  /**
   * Claims for each token of the user, of at most 1 KiB as JSON. Everybody who has the token can read them. None of
   * `RESERVED_CLAIMS`.
   */
  tokenClaims?(user: HookUser, context: AccountHookContext): Claims | undefined | Promise<Claims | undefined>;
  /** What the application keeps about a user, for `exportMe`: JSON of at most a megabyte. */
  exportUser?(user: HookUser, context: AccountHookContext): unknown;
  /** With the user as it was. */
  afterDelete?(user: HookUser, context: AccountHookContext): void | Promise<void>;
}

export interface RegisterHookData {
  username: string;
  readonly email: string;
  /**
   * The application's own fields. A hook can set every column of the model `UserFields`, also one that nobody else writes. What is
   * required need not be there yet.
   */
  readonly fields: OwnUserFields;
}

/** A user as hooks see it. */
export interface HookUser {
  readonly id: number;
  readonly documentId: string;
  readonly username: string;
  readonly email: string;
  readonly confirmed: boolean;
  /** The types of their roles, the main one first, without those that these include. */
  readonly roles: readonly string[];
  /** The application's own fields, also those that no client reads. */
  readonly fields: Readonly<OwnUserFields>;
}

export type Claims = Readonly<Record<string, unknown>>;

/** What a user does, or what is done with their account. */
export type AccountWay =
  | 'login'
  | 'register'
  | 'emailConfirmation'
  | 'resetPassword'
  /** Somebody who was invited makes their account. */
  | 'acceptInvitation'
  | 'changePassword'
  | 'exchangeStrapiToken'
  /** With a login provider; also a registration. */
  | 'loginWithProvider'
  | 'loginWithCode'
  | 'loginWithPasskey'
  | 'refreshToken'
  /** An administrator, or a client with the action `user.create`, creates a user. */
  | 'createUser'
  | 'deleteUser'
  /** A user deletes the own account, or the server does when the days of grace are over. */
  | 'deleteMe'
  | 'exportMe'
  /** An administrator begins to act as a user. */
  | 'impersonateUser';

export interface LoginRefusal {
  /** `credential`: an unknown identifier, a wrong password, or a wrong token. `hook`: `beforeLogin` refused it. */
  readonly reason: 'credential' | 'blocked' | 'unconfirmed' | 'hook';
  /** Undefined for an unknown identifier. What was typed is not told: it may be a password. */
  readonly user: HookUser | undefined;
}

/** What hooks of accounts work with. */
export interface AccountHookContext extends HookTools {
  readonly way: AccountWay;
  readonly prisma: ClientOfApp;
  readonly requestId: string | null;
  /** The address of the client; undefined where there is none. */
  readonly address: string | undefined;
}
