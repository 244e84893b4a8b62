/** One grant, as the server keeps it. What this panel does not know of it stays in it. */
export interface Grant {
  readonly where?: unknown;
  readonly fields?: readonly string[];
  readonly check?: unknown;
  readonly set?: unknown;
  readonly [other: string]: unknown;
}

/** What somebody holds of an action: nothing, all rows and fields, or those of the grants. */
export type Held = 'none' | 'all' | readonly Grant[];

/** What is held of each action. An action that is absent is not held. */
export type Holding = ReadonlyMap<string, Held>;

/** The verbs of a type, in the order of the columns of a matrix. */
export const VERBS = ['find', 'findOne', 'create', 'update', 'delete'] as const;
export type Verb = (typeof VERBS)[number];

export function heldIn(holding: Holding, action: string): Held {
  return holding.get(action) ?? 'none';
}

/** `post.find` is `['post', 'find']`. */
export function partsOf(action: string): readonly [type: string, verb: string] {
  const [type = '', verb = ''] = action.split('.', 2);
  return [type, verb];
}

export function verbOf(action: string): Verb | undefined {
  const [, verb] = partsOf(action);
  return VERBS.find((one) => one === verb);
}

interface Answered {
  readonly action: string;
  readonly grants: readonly {
    readonly where?: unknown;
    readonly fields?: readonly string[] | null | undefined;
    readonly check?: unknown;
    readonly set?: unknown;
  }[];
}

/** What a role or a token holds, from the answer of the server. */
export function holdingOf(permissions: readonly string[], restricted: readonly Answered[]): Holding {
  const holding = new Map<string, Held>(permissions.map((action) => [action, 'all']));
  for (const { action, grants } of restricted) holding.set(action, grants.map(withoutNulls));
  return holding;
}

/** The server answers null for what a grant does not say. */
function withoutNulls(grant: Answered['grants'][number]): Grant {
  const { where, fields, check, set } = grant;
  return {
    ...(where != null && { where }),
    ...(fields != null && { fields }),
    ...(check != null && { check }),
    ...(set != null && { set }),
  };
}

/** Whether two hold the same, whatever the order of the keys. */
export function isSameHeld(one: Held, other: Held): boolean {
  return canonical(one) === canonical(other);
}

/** JSON with sorted keys. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );
}
