import { type Held, type Holding, heldIn, holdingOf } from './held.ts';

/** A role, as far as it matters for who holds what. */
export interface HoldingRole {
  readonly documentId: string;
  readonly name: string;
  readonly type: string;
  readonly userCount: number;
  readonly includes: readonly { readonly documentId: string }[];
  readonly own: Holding;
}

export interface HoldingToken {
  readonly documentId: string;
  readonly name: string;
  readonly kind: 'READ_ONLY' | 'FULL_ACCESS' | 'CUSTOM';
  readonly own: Holding;
}

export interface Inherited {
  readonly held: Exclude<Held, 'none'>;
  /** The names of the roles that it comes from. */
  readonly from: readonly string[];
}

/** What is known of all roles and tokens. */
export interface Directory {
  readonly roles: readonly HoldingRole[];
  readonly tokens: readonly HoldingToken[];
}

type Answer = Parameters<typeof holdingOf>[1];

export function directoryOf(
  roles: readonly (Omit<HoldingRole, 'own'> & { readonly permissions: readonly string[]; readonly grants: Answer })[],
  tokens: readonly (Omit<HoldingToken, 'own'> & { readonly actions: readonly string[]; readonly grants: Answer })[],
): Directory {
  return {
    roles: roles.map((role) => ({ ...role, own: holdingOf(role.permissions, role.grants) })),
    tokens: tokens.map((token) => ({ ...token, own: holdingOf(token.actions, token.grants) })),
  };
}

/** The roles that some roles include, at whatever depth, without these themselves. */
export function includedIn(roles: readonly HoldingRole[], ids: readonly string[]): HoldingRole[] {
  const byId = new Map(roles.map((role) => [role.documentId, role]));
  const seen = new Set<string>();
  const visit = (id: string) => {
    if (seen.has(id)) return;
    seen.add(id);
    for (const { documentId } of byId.get(id)?.includes ?? []) visit(documentId);
  };
  for (const id of ids) visit(id);
  return [...seen].flatMap((id) => byId.get(id) ?? []);
}

/** What a role has of an action through those that it includes. One without restriction wins. */
export function inheritedOf(included: readonly HoldingRole[], action: string): Inherited | undefined {
  const having = included.filter(({ own }) => own.has(action));
  if (having.length === 0) return undefined;
  const all = having.filter(({ own }) => heldIn(own, action) === 'all');
  const from = (all.length > 0 ? all : having).map(({ name }) => name);
  if (all.length > 0) return { held: 'all', from };
  return { held: having.flatMap(({ own }) => heldIn(own, action) as Exclude<Held, 'none' | 'all'>), from };
}

/** The same for every action at once: a matrix asks for a thousand of them. */
export function inheritedBy(included: readonly HoldingRole[]): ReadonlyMap<string, Inherited> {
  const known = new Map<string, { held: Exclude<Held, 'none'>; from: string[] }>();
  for (const { own, name } of included) {
    for (const [action, held] of own) {
      if (held === 'none') continue;
      const before = known.get(action);
      if (!before || (held === 'all' && before.held !== 'all')) known.set(action, { held, from: [name] });
      else if (held === 'all') before.from.push(name);
      else if (before.held !== 'all') {
        known.set(action, { held: [...before.held, ...held], from: [...before.from, name] });
      }
    }
  }
  return known;
}

export interface Holders {
  readonly roles: readonly { readonly name: string; readonly documentId: string; readonly restricted: boolean }[];
  readonly tokens: readonly { readonly name: string; readonly documentId: string }[];
  /** Of the roles: somebody with two of them counts twice. */
  readonly users: number;
}

/** Who has an action, beside one role or token. */
export function holdersOf({ roles, tokens }: Directory, action: string, writes: boolean, except?: string): Holders {
  const having = roles.flatMap((role) => {
    if (role.documentId === except) return [];
    const own = heldIn(role.own, action);
    const held = own === 'all' ? own : (inheritedOf(includedIn(roles, includesOf(role)), action)?.held ?? own);
    return held === 'none' ? [] : [{ role, restricted: held !== 'all' }];
  });
  return {
    roles: having.map(({ role: { name, documentId }, restricted }) => ({ name, documentId, restricted })),
    tokens: tokens.filter(
      ({ kind, own, documentId }) =>
        documentId !== except && (kind === 'FULL_ACCESS' || (kind === 'READ_ONLY' ? !writes : own.has(action))),
    ),
    users: having.reduce((sum, { role }) => sum + role.userCount, 0),
  };
}

function includesOf({ includes }: HoldingRole): string[] {
  return includes.map(({ documentId }) => documentId);
}
