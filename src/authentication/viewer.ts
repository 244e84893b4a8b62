import type { Permissions } from '../authorization/permissions.ts';

/** A person's account, as the person may see it. */
export interface Account {
  readonly id: number;
  readonly documentId: string;
  readonly username: string;
  readonly email: string;
  readonly confirmed: boolean;
  readonly blocked: boolean;
  readonly role: AccountRole;
}

export interface AccountRole {
  readonly id: number;
  readonly name: string;
  readonly description: string | null;
  readonly type: string;
}

/** WHO asks: nobody in particular, or a person. Either way with exactly one set of permissions. */
export type Viewer =
  | { readonly kind: 'public'; readonly permissions: Permissions }
  | {
      readonly kind: 'user';
      readonly account: Account;
      /** The documentId of the session that the token belongs to. */
      readonly session: string;
      readonly permissions: Permissions;
    };

/** The columns of a user that make an account, for a query's `select`. Never the password's hash. */
export const ACCOUNT = {
  id: true,
  documentId: true,
  username: true,
  email: true,
  confirmed: true,
  blocked: true,
  role: { select: { id: true, name: true, description: true, type: true } },
} as const;
