import type { Permissions } from '../authorization/permissions.ts';
import type { AdminRole } from '../generated/prisma/client.ts';

/** A user's account, as the user may see it. */
export interface Account {
  readonly id: number;
  readonly documentId: string;
  readonly username: string;
  readonly email: string;
  readonly confirmed: boolean;
  readonly blocked: boolean;
  /** When the block expires; null for a permanent one. */
  readonly blockedUntil: Date | null;
  /** The main role. */
  readonly role: AccountRole;
  /** In the order of their ids. The main role can be one of them. */
  readonly furtherRoles: readonly { readonly role: AccountRole }[];
}

/** The roles of an account, each of them once, the main one first. */
export function rolesOf<Role extends { readonly id: number }>({
  role,
  furtherRoles,
}: {
  readonly role: Role;
  readonly furtherRoles: readonly { readonly role: Role }[];
}): readonly Role[] {
  return [role, ...furtherRoles.map((further) => further.role).filter(({ id }) => id !== role.id)];
}

/** Whether an account is blocked at this time. A block may have expired. */
export function isBlocked({ blocked, blockedUntil }: Pick<Account, 'blocked' | 'blockedUntil'>, now: Date): boolean {
  return blocked && (blockedUntil === null || blockedUntil > now);
}

export interface AccountRole {
  readonly id: number;
  readonly name: string;
  readonly description: string | null;
  readonly type: string;
}

/** An API token, without its secret. */
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

/** An administrator who acts as a user. */
export type Impersonator = Pick<AdminAccount, 'documentId' | 'email'>;

/**
 * Who a request acts as. On `/graphql`: Public, a user or an API token; on `/admin/graphql`: a guest or an administrator. Each
 * has exactly one set of permissions. `roles` are types: `public`, `authenticated`, …
 */
export type Viewer =
  | { readonly kind: 'public'; readonly roles: readonly string[]; readonly permissions: Permissions }
  | { readonly kind: 'token'; readonly token: TokenBearer; readonly permissions: Permissions }
  | { readonly kind: 'guest'; readonly permissions: Permissions }
  | {
      readonly kind: 'admin';
      readonly admin: AdminAccount;
      /** The documentId of the session that the token belongs to. */
      readonly session: string;
      /** Whether the session has a refresh token, in a cookie. */
      readonly hasCookie: boolean;
      /** How the session was begun: see `Proofs`. */
      readonly amr: readonly string[];
      /** When somebody last proved, in this session, that they are the administrator. */
      readonly provenAt: Date;
      readonly permissions: Permissions;
    }
  | {
      readonly kind: 'user';
      readonly account: Account;
      /** The documentId of the session that the token belongs to. */
      readonly session: string;
      /** The administrator who acts as the user, if it is not the user. */
      readonly impersonator?: Impersonator | undefined;
      /** How the session was begun: see `Proofs`. */
      readonly amr: readonly string[];
      /** When somebody last proved, in this session, that they are the user; null if nobody did, as an impersonator. */
      readonly provenAt: Date | null;
      /** The types of their roles: the main one, the others, and those that these include. */
      readonly roles: readonly string[];
      readonly permissions: Permissions;
    };

/** A user, with the session of their token. */
export type UserViewer = Extract<Viewer, { kind: 'user' }>;
/** An administrator, with the session of their token. */
export type AdminViewer = Extract<Viewer, { kind: 'admin' }>;

const ACCOUNT_ROLE = { select: { id: true, name: true, description: true, type: true } } as const;

/** The columns of an account, for a query's `select`. Never the password hash. */
export const ACCOUNT = {
  id: true,
  documentId: true,
  username: true,
  email: true,
  confirmed: true,
  blocked: true,
  blockedUntil: true,
  role: ACCOUNT_ROLE,
  furtherRoles: { select: { role: ACCOUNT_ROLE }, orderBy: { roleId: 'asc' } },
} as const;
