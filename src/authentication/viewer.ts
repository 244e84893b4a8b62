import type { Permissions } from '../authorization/permissions.ts';
import type { AdminRole } from '../generated/prisma/client.ts';

/** A person's account, as the person may see it. */
export interface Account {
  readonly id: number;
  readonly documentId: string;
  readonly username: string;
  readonly email: string;
  readonly confirmed: boolean;
  readonly blocked: boolean;
  /** When the block ends by itself; null for one that does not. */
  readonly blockedUntil: Date | null;
  readonly role: AccountRole;
}

/** Whether an account is blocked at this time: a block may have ended by itself. */
export function isBlocked({ blocked, blockedUntil }: Pick<Account, 'blocked' | 'blockedUntil'>, now: Date): boolean {
  return blocked && (blockedUntil === null || blockedUntil > now);
}

export interface AccountRole {
  readonly id: number;
  readonly name: string;
  readonly description: string | null;
  readonly type: string;
}

/** A program's key, as far as it is known of. */
export interface TokenBearer {
  readonly id: number;
  readonly documentId: string;
  readonly name: string;
}

/** An administrator. */
export interface AdminAccount {
  readonly id: number;
  readonly documentId: string;
  readonly email: string;
  readonly name: string;
  readonly role: AdminRole;
}

/**
 * WHO asks, on `/graphql`: nobody in particular, a person, or a program with an API token; on `/admin/graphql`: a guest or
 * an administrator. Each with exactly one set of permissions.
 */
export type Viewer =
  | { readonly kind: 'public'; readonly permissions: Permissions }
  | { readonly kind: 'token'; readonly token: TokenBearer; readonly permissions: Permissions }
  | { readonly kind: 'guest'; readonly permissions: Permissions }
  | {
      readonly kind: 'admin';
      readonly admin: AdminAccount;
      /** The documentId of the session that the token belongs to. */
      readonly session: string;
      readonly permissions: Permissions;
    }
  | {
      readonly kind: 'user';
      readonly account: Account;
      /** The documentId of the session that the token belongs to. */
      readonly session: string;
      readonly permissions: Permissions;
    };

/** A user, with the session of their token. */
export type UserViewer = Extract<Viewer, { kind: 'user' }>;
/** An administrator, likewise. */
export type AdminViewer = Extract<Viewer, { kind: 'admin' }>;

/** The columns of a user that make an account, for a query's `select`. Never the password's hash. */
export const ACCOUNT = {
  id: true,
  documentId: true,
  username: true,
  email: true,
  confirmed: true,
  blocked: true,
  blockedUntil: true,
  role: { select: { id: true, name: true, description: true, type: true } },
} as const;
