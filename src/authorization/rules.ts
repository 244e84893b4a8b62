import type { Fault } from '../common/errors.ts';
import type { Grant } from './grants.ts';

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
  /** `own posts; title, content`. */
  inWords(action: string, grants: readonly Grant[]): string;
  /** What a condition of each type can use. */
  readonly types: readonly RuleType[];
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
