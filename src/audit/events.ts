import type { Target } from './audit.ts';

const USER = ['username', 'email', 'role', 'roles', 'confirmed', 'blocked', 'blockReason', 'blockedUntil'] as const;
const ADMINISTRATOR = ['email', 'name', 'role'] as const;
const ROLE = ['name', 'description', 'type', 'permissions', 'grants', 'includes'] as const;
const API_TOKEN = ['name', 'description', 'kind', 'prefix', 'expiresAt', 'revokedAt', 'actions', 'grants'] as const;
const LOGIN_PROVIDER = [
  'enabled',
  'label',
  'issuer',
  'clientId',
  'scopes',
  'linking',
  'redirect',
  'newSecret',
] as const;
const MAIL_TEMPLATE = ['subject', 'text', 'html'] as const;
const IMPORT = ['roles', 'users', 'apiTokens', 'mailTemplates', 'providers', 'documents', 'losses'] as const;
const SETTINGS = [
  'signUps',
  'emailConfirmation',
  'sessionMode',
  'accessTokenLifespan',
  'idleRefreshTokenLifespan',
  'maxRefreshTokenLifespan',
  'refreshTokenGrace',
  'refreshTokenInCookie',
  'resetPasswordUrl',
  'confirmEmailUrl',
  'loginCodeUrl',
  'acceptInvitationUrl',
  'emailLoginCodes',
  'passwordMinLength',
  'adminPasswordMinLength',
  'adminIdleSessionLifespan',
  'adminMaxSessionLifespan',
  'adminSecondFactor',
  'deleteGraceDays',
  'newDeviceMail',
  'defaultRole',
] as const;

interface Declaration {
  /** When it is recorded: a sentence without its subject, the actor. */
  readonly when: string;
  /** The kinds of its target. */
  readonly target: readonly Target['kind'][];
  /** The fields that may be recorded from before and after the event. A change records only those that differ. */
  readonly before?: readonly string[];
  readonly after?: readonly string[];
}

/**
 * Every event of the audit log. An event that is not here, or a field that it does not have here, does not compile;
 * docs/audit-log.md shows the list. No field may hold a secret: a password, hash, code or token.
 */
export const AUDIT_EVENTS = {
  'user.register': {
    when: 'registered',
    target: ['user'],
    after: ['username', 'email', 'role', 'confirmed', 'provider', 'invitedBy'],
  },
  'user.create': { when: 'created a user', target: ['user'], after: USER },
  'user.invite': { when: 'invited somebody', target: ['user'], after: ['email', 'role', 'expiresAt'] },
  'user.revokeInvitation': { when: 'revoked an invitation', target: ['user'], before: ['email'] },
  'user.update': { when: 'changed a user, or the own username', target: ['user'], before: USER, after: USER },
  'user.block': { when: 'blocked a user', target: ['user'], before: USER, after: USER },
  'user.unblock': { when: 'lifted a block; the server, when it expired', target: ['user'], before: USER, after: USER },
  'user.delete': {
    when: 'deleted a user, or the own account; the server, when its owner had asked for it',
    target: ['user'],
    before: USER,
  },
  'user.requestDeletion': {
    when: 'asked to delete the own account, which is kept until then',
    target: ['user'],
    after: ['deletesAt'],
  },
  'user.keep': { when: 'logged in to the own account before it was deleted', target: ['user'], before: ['deletesAt'] },
  'user.export': { when: 'got what is stored about the own account', target: ['user'] },
  'user.disownLogin': {
    when: 'said that a login to the own account was somebody else’s',
    target: ['user'],
    before: ['email', 'username', 'deletesAt', 'blocked'],
    after: ['email', 'username', 'deletesAt', 'blocked'],
  },
  'user.setPassword': { when: 'set a user’s password', target: ['user'] },
  'user.requestPassword': { when: 'had a link to choose a password mailed to a user', target: ['user'] },
  'user.endSessions': { when: 'ended every session of a user, or of the own account', target: ['user'] },
  'user.impersonate': {
    when: 'began to act as a user',
    target: ['user'],
    after: ['session', 'reason', 'expiresAt'],
  },
  'user.endImpersonation': {
    when: 'stopped an administrator from acting as a user; the server, when it ended with something else',
    target: ['user'],
    before: ['session'],
  },
  'user.confirm': {
    when: 'confirmed the e-mail of a new account',
    target: ['user'],
    before: ['username', 'email'],
    after: ['username', 'email'],
  },
  'user.requestEmail': {
    when: 'asked to change the own e-mail',
    target: ['user'],
    before: ['email'],
    after: ['email'],
  },
  'user.changeEmail': {
    when: 'confirmed a new e-mail',
    target: ['user'],
    before: ['username', 'email'],
    after: ['username', 'email'],
  },
  'user.stepUp': { when: 'sent a wrong proof when an act needed one', target: ['user'] },
  'identity.link': {
    when: 'linked a login provider to the own account, or logged in with one that was linked by its e-mail',
    target: ['user'],
    after: ['provider', 'email'],
  },
  'identity.unlink': { when: 'unlinked a login provider', target: ['user'], before: ['provider', 'email'] },
  'user.refuseFactor': { when: 'sent a wrong code of a second factor', target: ['user'] },
  'user.addFactor': { when: 'set up an app as the second factor', target: ['user'] },
  'user.removeFactor': { when: 'removed the own second factor', target: ['user'] },
  'user.replaceBackupCodes': { when: 'replaced the own backup codes', target: ['user'] },
  'user.addPasskey': { when: 'added a passkey to the own account', target: ['user'], after: ['passkey'] },
  'user.renamePasskey': {
    when: 'renamed a passkey of the own account',
    target: ['user'],
    before: ['passkey'],
    after: ['passkey'],
  },
  'user.removePasskey': { when: 'removed a passkey of the own account', target: ['user'], before: ['passkey'] },
  'user.resetFactor': {
    when: 'removed the second factor of a user who lost it',
    target: ['user'],
    after: ['reason'],
  },
  'password.change': { when: 'changed the own password', target: ['user'] },
  'password.request': { when: 'had a code to reset a password mailed', target: ['user'] },
  'password.reset': { when: 'reset a password with a code', target: ['user'] },
  'session.begin': { when: 'logged in', target: ['user'], after: ['session'] },
  'session.end': {
    when: 'logged out, or ended a session; `because` when a refresh token was used twice or too late',
    target: ['user'],
    before: ['session'],
    after: ['because'],
  },
  'role.create': { when: 'created a role', target: ['role'], after: ROLE },
  'role.update': {
    when: 'renamed or described a role, or changed whether it requires a second factor',
    target: ['role'],
    before: ['name', 'description', 'requiresSecondFactor'],
    after: ['name', 'description', 'requiresSecondFactor'],
  },
  'role.setPermissions': {
    when: 'changed the actions of a role, or the grants of some',
    target: ['role'],
    before: ['removed', 'grants'],
    after: ['added', 'grants'],
  },
  'role.setIncludes': {
    when: 'changed which roles a role includes',
    target: ['role'],
    before: ['removed'],
    after: ['added'],
  },
  'role.delete': {
    when: 'deleted a role; `users` of it were moved to another one, and `furtherUsers` had it beside another one',
    target: ['role'],
    before: ROLE,
    after: ['users', 'movedTo', 'furtherUsers'],
  },
  'apiToken.create': { when: 'created an API token', target: ['apiToken'], after: API_TOKEN },
  'apiToken.update': { when: 'changed an API token', target: ['apiToken'], before: API_TOKEN, after: API_TOKEN },
  'apiToken.regenerate': {
    when: 'gave an API token a new secret',
    target: ['apiToken'],
    before: API_TOKEN,
    after: API_TOKEN,
  },
  'apiToken.revoke': { when: 'revoked an API token', target: ['apiToken'], before: API_TOKEN, after: API_TOKEN },
  'apiToken.delete': { when: 'deleted an API token', target: ['apiToken'], before: API_TOKEN },
  'admin.create': { when: 'created an administrator', target: ['admin'], after: ADMINISTRATOR },
  'admin.update': {
    when: 'changed an administrator',
    target: ['admin'],
    before: ADMINISTRATOR,
    after: ADMINISTRATOR,
  },
  'admin.delete': { when: 'deleted an administrator', target: ['admin'], before: ADMINISTRATOR },
  'admin.setPassword': { when: 'set an administrator’s password', target: ['admin'] },
  'admin.requestPassword': { when: 'had a link to choose a password mailed to an administrator', target: ['admin'] },
  'admin.resetPassword': { when: 'reset an administrator’s password with a code', target: ['admin'] },
  'admin.changePassword': { when: 'changed the own password as an administrator', target: ['admin'] },
  'admin.endSessions': { when: 'ended every session of an administrator', target: ['admin'] },
  'admin.login': { when: 'logged in as an administrator, or was refused', target: ['admin'], after: ['session'] },
  'admin.stepUp': { when: 'sent a wrong proof when an act needed one', target: ['admin'] },
  'admin.refuseFactor': { when: 'sent a wrong code of a second factor as an administrator', target: ['admin'] },
  'admin.addFactor': { when: 'set up an app as the second factor of the own administrator', target: ['admin'] },
  'admin.removeFactor': { when: 'removed the own second factor as an administrator', target: ['admin'] },
  'admin.replaceBackupCodes': { when: 'replaced the own backup codes as an administrator', target: ['admin'] },
  'admin.addPasskey': {
    when: 'added a passkey to the own account as an administrator',
    target: ['admin'],
    after: ['passkey'],
  },
  'admin.renamePasskey': {
    when: 'renamed a passkey of the own account as an administrator',
    target: ['admin'],
    before: ['passkey'],
    after: ['passkey'],
  },
  'admin.removePasskey': {
    when: 'removed a passkey of the own account as an administrator',
    target: ['admin'],
    before: ['passkey'],
  },
  'admin.resetFactor': {
    when: 'removed the second factor of an administrator who lost it',
    target: ['admin'],
    after: ['reason'],
  },
  'admin.logout': {
    when: 'logged out as an administrator, or ended a session; `because` when a refresh token was used twice or too late',
    target: ['admin'],
    before: ['session'],
    after: ['because'],
  },
  'settings.update': { when: 'changed settings', target: ['settings'], before: SETTINGS, after: SETTINGS },
  'loginProvider.set': {
    when: 'set up a login provider; never with its secret',
    target: ['loginProvider'],
    before: LOGIN_PROVIDER,
    after: LOGIN_PROVIDER,
  },
  'loginProvider.delete': { when: 'removed a login provider', target: ['loginProvider'], before: LOGIN_PROVIDER },
  'signingKey.create': {
    when: 'published a key that signs tokens; the server, for the first one and when the next one was due',
    target: ['signingKey'],
    after: ['algorithm', 'signsFrom'],
  },
  'signingKey.revoke': { when: 'revoked a key that signs tokens', target: ['signingKey'] },
  'mailTemplate.set': {
    when: 'changed the words of a mail',
    target: ['mailTemplate'],
    before: MAIL_TEMPLATE,
    after: MAIL_TEMPLATE,
  },
  'mailTemplate.reset': {
    when: 'restored the built-in words of a mail',
    target: ['mailTemplate'],
    before: MAIL_TEMPLATE,
    after: MAIL_TEMPLATE,
  },
  'mailTemplate.test': { when: 'sent a test mail', target: ['mailTemplate'] },
  'import.strapi': {
    when: 'imported a Strapi project; the numbers of what was written, and of losses that were accepted',
    target: ['import'],
    after: IMPORT,
  },
  'import.users': {
    when: 'imported users of a file; the numbers of users, and of losses that were accepted',
    target: ['import'],
    after: ['users', 'losses'],
  },
  'mail.fail': { when: 'gave up sending a mail', target: ['user', 'admin'], after: ['mail', 'attempts'] },
  'administration.refuse': {
    when: 'tried to administer and was not allowed, or sent a bad credential to the administration',
    target: ['operation'],
    after: ['actions', 'credential'],
  },
} as const satisfies Record<`${string}.${string}`, Declaration>;

export type AuditEventName = keyof typeof AUDIT_EVENTS;

type Declared = typeof AUDIT_EVENTS;

/** The fields of one side of an event. */
type FieldsOf<Name extends AuditEventName, Side extends 'before' | 'after'> = Declared[Name] extends {
  readonly [_ in Side]: readonly (infer Field extends string)[];
}
  ? Field
  : never;

type AnyField = { [Name in AuditEventName]: FieldsOf<Name, 'before'> | FieldsOf<Name, 'after'> }[AuditEventName];

/** Some of these fields, and none that only other events have. */
type Values<Field extends string> = { readonly [_ in Field]?: unknown } & {
  readonly [_ in Exclude<AnyField, Field>]?: never;
};

/** An event for the audit log: something that was done, or refused. */
export type AuditEvent<Name extends AuditEventName = AuditEventName> = {
  [Each in Name]: {
    readonly event: Each;
    /** `done` by default. */
    readonly outcome?: 'done' | 'refused';
    readonly target: Target;
    readonly before?: Values<FieldsOf<Each, 'before'>>;
    readonly after?: Values<FieldsOf<Each, 'after'>>;
  };
}[Name];

/** Every field that an event records of its target after it. */
export type Recorded<Name extends AuditEventName> = { readonly [_ in FieldsOf<Name, 'after'>]: unknown };
