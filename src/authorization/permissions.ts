/** What a root field requires, as `<type>.<verb>`: `post.find`, `auth.login`. */
export type Action = `${string}.${string}`;

/**
 * What a permission grants. Every rule currently grants all rows and fields. A `where` limits rows: content resolvers already
 * apply it to every query.
 */
export interface Rule {
  /** A filter for rows, in the form of the `filters` argument; absent: all rows. */
  readonly where?: Readonly<Record<string, unknown>>;
}

/** What a viewer is allowed. An action without a rule is not allowed. */
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
