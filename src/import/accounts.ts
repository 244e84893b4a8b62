import type { Settings } from '../database/settings.ts';
import type { ApiTokenKind, MailPurpose } from '../generated/prisma/client.ts';

/** Accounts of another system, ready to be written: every name is valid, every hash is one that a login can compare. */
export interface ImportedAccounts {
  readonly roles: readonly ImportedRole[];
  /** Read once for each write, so that not all of them have to be in memory. Those with an id come first. */
  readonly users: Iterable<ImportedUser>;
  /** Settings that are not here stay as they are. */
  readonly settings: ImportedSettings;
  /** The type of the default role; undefined: as it is. */
  readonly defaultRole: string | undefined;
  readonly mailTemplates: readonly ImportedMailTemplate[];
  readonly providers: readonly ImportedProvider[];
  readonly apiTokens: readonly ImportedApiToken[];
}

export type ImportedSettings = {
  readonly [Name in 'signUps' | 'emailConfirmation' | 'resetPasswordUrl' | 'confirmEmailUrl']?: Settings[Name];
};

export interface ImportedRole {
  /** Undefined: the one of the role with this type, or the next one. Another role with this id gets the next one. */
  readonly id: number | undefined;
  /** Undefined: the one of the role with this type, or a new one. */
  readonly documentId: string | undefined;
  readonly name: string;
  readonly description: string | null;
  readonly type: string;
  /** Actions of our schema. They replace those of a role of that type. */
  readonly actions: readonly string[];
}

export interface ImportedUser {
  /** Undefined: the next one. */
  readonly id: number | undefined;
  /** Undefined: a new one. */
  readonly documentId: string | undefined;
  readonly username: string;
  readonly email: string;
  readonly provider: string;
  /** As `users.passwordHash` keeps it: bcrypt, a foreign form (src/accounts/foreign-hashes.ts), or NO_PASSWORD. */
  readonly passwordHash: string;
  readonly confirmed: boolean;
  readonly blocked: boolean;
  readonly blockReason: string | null;
  /** Types of roles, the main one first; empty: the default role. */
  readonly roles: readonly string[];
  readonly identities: readonly ImportedIdentity[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface ImportedIdentity {
  readonly provider: string;
  readonly subject: string;
  readonly email: string | null;
  readonly emailVerified: boolean;
}

export interface ImportedMailTemplate {
  readonly purpose: MailPurpose;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export interface ImportedProvider {
  readonly name: string;
  readonly clientId: string | null;
  /** In plain; what is written is sealed. */
  readonly clientSecret: string | null;
  readonly redirect: string | null;
  readonly details: Readonly<Record<string, unknown>>;
}

export interface ImportedApiToken {
  readonly documentId: string | undefined;
  readonly name: string;
  readonly description: string | null;
  readonly kind: ApiTokenKind;
  readonly actions: readonly string[];
  /** `strapi:` and the hexadecimal HMAC: what is looked up (src/authentication/strapi-api-token.ts). */
  readonly hash: string;
  /** In days. */
  readonly lifespan: number | null;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly createdAt: Date;
}

/** What was written, in numbers. */
export interface WrittenAccounts {
  readonly roles: number;
  readonly users: number;
  readonly apiTokens: number;
  readonly mailTemplates: number;
  readonly providers: number;
}

/** Something that does not come over as it was, in one line, and how often. A loss stops the import unless it is accepted. */
export interface Loss {
  readonly what: string;
  readonly count: number;
}

/** What an import would do, in words. */
export interface ImportPlan {
  /** What comes, with numbers; what comes changed. */
  readonly lines: readonly string[];
  readonly losses: readonly Loss[];
  /** Why nothing can be imported at all. */
  readonly obstacles: readonly string[];
}
