import type { Fault } from '../common/errors.ts';
import type { Grant, Grants } from './grants.ts';

/** Who holds a permission. Public and API tokens are no users: `$user` has no value for them. */
export type Holder = 'role' | 'public' | 'token';

/**
 * What grants mean for the content types of `/graphql`. The administration and the access cache are given it: they know grants
 * only as JSON.
 */
export interface Rules {
  /**
   * Everything that is wrong with the grants of an action, at its path: `[0, 'where', 'owner', 'name']`.
   * An empty list, an action that takes no grants, an unknown column, an unknown variable, …
   */
  faultsOf(action: string, grants: readonly Grant[], holder: Holder): readonly Fault[];
  /** False for a grant that does not read, because its column was removed, for example. It grants nothing. */
  isValid(action: string, grant: Grant): boolean;
  /** `where owner is the user, fields content, title`; `all rows and fields`. Several are joined by `; or `. */
  inWords(action: string, grants: readonly Grant[]): string;
  /** The columns that the conditions of grants compare, or follow a relation by. Those of grants that do not read are left out. */
  columnsOf(action: string, grants: readonly Grant[]): readonly RuleColumn[];
  /** What a condition of each type can use. */
  readonly types: readonly RuleType[];
}

/** How many rows grants let through, of how many. Undefined where that cannot be said: of a create, or without a value. */
export type CountRows = (action: string, grants: Grants, as: CountedAs) => Promise<RowCount | undefined>;

/** The first rows that grants let through, so that people see what a condition means. Undefined where `CountRows` is. */
export type ListRows = (
  action: string,
  grants: Grants,
  as: CountedAs,
  limit: number,
) => Promise<readonly ListedRow[] | undefined>;

export interface ListedRow {
  readonly documentId: string;
  /** What people know it by. */
  readonly title: string | null;
}

/** Whose variables count. A condition that names one without a value here is not counted. */
export interface CountedAs {
  readonly user: CountedUser | undefined;
  /** The types of the roles. */
  readonly roles: readonly string[] | undefined;
}

/** A user, as `$user` is one. */
export interface CountedUser {
  readonly id: number;
  readonly documentId: string;
  readonly username: string;
  readonly email: string;
  readonly confirmed: boolean;
}

export interface RowCount {
  readonly rows: number;
  readonly of: number;
}

/** A column in the database, and what people call it: `Post.owner`. */
export interface RuleColumn {
  readonly name: string;
  /** The schema of PostgreSQL; null: the default one. */
  readonly schema: string | null;
  readonly table: string;
  readonly column: string;
}

/** A type whose rows and fields permissions can restrict, or that conditions can reach. */
export interface RuleType {
  /** The model: `Post`. */
  readonly name: string;
  /** The prefix of its actions, where it is a content type: `post`. */
  readonly actions: string | undefined;
  readonly fields: readonly RuleField[];
}

export interface RuleField {
  readonly name: string;
  readonly kind: 'column' | 'relation';
  /** `String`, `Int`, `Float`, `Boolean`, `DateTime`, an enum, or the model that a relation leads to. */
  readonly type: string;
  readonly values: readonly string[] | undefined;
  readonly many: boolean;
  /** Whether clients can read it, so that `fields` of a grant can name it. */
  readonly readable: boolean;
  readonly writable: boolean;
  readonly operators: readonly string[];
  /** The variables that fit: `$user`, `$now`. */
  readonly variables: readonly string[];
}
