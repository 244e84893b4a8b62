/** What a root field needs, as `<type>.<verb>`: `post.find`, `auth.login`. */
export type Action = `${string}.${string}`;

/**
 * What a permission grants. Today every rule grants all rows and all fields; rows come to be limited by a `where`, which
 * the content resolvers put into every query already.
 */
export interface Rule {
  /** A filter that every row has to pass, in the words of the `filters` argument; absent: all rows. */
  readonly where?: Readonly<Record<string, unknown>>;
}

/** What a viewer is allowed: the rules by action. Without a rule, nothing. */
export interface Permissions {
  allows(action: string): boolean;
  rule(action: string): Rule | undefined;
}

const EVERYTHING: Rule = Object.freeze({});

/** The permissions with these actions and no others. */
export function permissionsOf(actions: Iterable<string>): Permissions {
  const rules = new Map<string, Rule>();
  for (const action of actions) rules.set(action, EVERYTHING);
  return {
    allows: (action) => rules.has(action),
    rule: (action) => rules.get(action),
  };
}
