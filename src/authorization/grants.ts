/** What a filter of rows looks like in JSON: the `filters` of the type, any column of its model, and variables. */
export type Condition = Readonly<Record<string, unknown>>;

/**
 * One way in which a role or an API token can use an action on content. Conditions and fields of different grants are never
 * mixed: what is done must be allowed by one of them as a whole.
 */
export interface Grant {
  /** The rows: for `find`, `findOne`, `update` and `delete`. Absent: all. */
  readonly where?: Condition;
  /** The columns and relations: those that can be read, or those that a create or an update can send. Absent: all. */
  readonly fields?: readonly string[];
  /** What a created or updated row must match afterwards. Absent: `where`. */
  readonly check?: Condition;
  /** What the server sets in a created or updated row, whatever was sent. */
  readonly set?: Readonly<Record<string, unknown>>;
}

/** A permission: without restriction, or a list of at least one grant. */
export type Grants = 'all' | readonly Grant[];

/** A permission as it is stored: an action and its grants; null is without restriction. */
export type Permission = readonly [action: string, grants: readonly Grant[] | null];

/** Grants of one permission. The database has the same limit. */
export const MAX_GRANTS = 10;

/**
 * One text for equal grants: the names in alphabetical order, and `fields`, which is a set, too. What is no grant, as somebody may
 * have written into the database, has one, too.
 */
export function canonicalGrant(grant: Grant): string {
  const fields: unknown = grant?.fields;
  const names = Array.isArray(fields) && fields.every((name) => typeof name === 'string') ? fields : undefined;
  return canonical(names ? { ...grant, fields: [...new Set(names)].sort() } : grant);
}

/** JSON with the names of each object in alphabetical order. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  const texts = entries.sort(byName).map(([name, inner]) => `${JSON.stringify(name)}:${canonical(inner)}`);
  return `{${texts.join(',')}}`;
}

function byName([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1;
}

/** The grants of both, without repeats. Without restriction wins. */
export function unionOf(one: Grants, other: Grants): Grants {
  if (one === 'all' || other === 'all') return 'all';
  const known = new Set(one.map(canonicalGrant));
  return [...one, ...other.filter((grant) => !known.has(canonicalGrant(grant)))];
}

/** Whether a grant names a variable of the user: who is none has no value for it. */
export function namesUser(grant: Grant): boolean {
  return variablesIn(grant).some((variable) => variable === '$user' || variable.startsWith('$user.'));
}

/** Whether a grant names the viewer's roles: an API token has none. */
export function namesRoles(grant: Grant): boolean {
  return variablesIn(grant).includes('$roles');
}

/** Every text in a grant's conditions and values that stands for a value: `$user`, `$now-7d`. `$$` begins an ordinary text. */
export function variablesIn({ where, check, set }: Grant): string[] {
  const found: string[] = [];
  const visit = (value: unknown): void => {
    if (typeof value === 'string' && /^\$(?!\$)/.test(value)) found.push(value);
    else if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) visit(inner);
  };
  for (const part of [where, check, set]) visit(part);
  return found;
}
