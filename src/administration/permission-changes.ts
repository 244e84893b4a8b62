import type { ActionGroup } from '../authorization/catalogue.ts';
import type { Permission } from '../authorization/grants.ts';
import type { Rules } from '../authorization/rules.ts';
import { sameGrants } from './permission-row.ts';

/** What a change of the permissions of a role does to one action, in words. */
export interface PermissionChange {
  /** `Reader gains post.create where owner is the user: WRITES, 12 users` */
  readonly text: string;
  readonly action: string;
  readonly kind: 'gains' | 'loses' | 'changes';
  /** Whether the action is one of a mutation. */
  readonly writes: boolean;
}

/** What the schema says of an action: `WRITES`, `reads`, or that it has none of this name. */
export type KindOfAction = (action: string) => string;

export function kindsOfActions(known: readonly string[], catalogue: readonly ActionGroup[]): KindOfAction {
  const names = new Set(known);
  const writing = new Set(
    catalogue.flatMap(({ actions }) => actions.filter(({ writes }) => writes).map(({ action }) => action)),
  );
  return (action) => {
    if (!names.has(action)) return 'not in the schema';
    return writing.has(action) ? 'WRITES' : 'reads';
  };
}

/**
 * What a role gains, changes and loses, in this order.
 *
 * @param name the name of the role
 * @param audience who has the role, in words: see `audienceOf`
 */
export function permissionChanges(
  { name, audience }: { readonly name: string; readonly audience: string },
  before: readonly Permission[],
  after: readonly Permission[],
  { rules, kindOf }: { readonly rules: Pick<Rules, 'inWords'>; readonly kindOf: KindOfAction },
): PermissionChange[] {
  const held = new Map(before);
  const stays = new Map(after);
  const restriction = (action: string, grants: Permission[1]) => (grants ? ` ${rules.inWords(action, grants)}` : '');
  const change = (action: string, kind: PermissionChange['kind'], what: string): PermissionChange => ({
    text: `${name} ${what}: ${kindOf(action)}, ${audience}`,
    action,
    kind,
    writes: kindOf(action) === 'WRITES',
  });
  return [
    ...after.flatMap(([action, grants]) => {
      const had = held.get(action);
      if (had === undefined) return [change(action, 'gains', `gains ${action}${restriction(action, grants)}`)];
      if (sameGrants(had, grants)) return [];
      const [from, to] = [wordsOf(rules, action, had), wordsOf(rules, action, grants)];
      return [change(action, 'changes', `changes ${action} from ${from} to ${to}`)];
    }),
    ...before
      .filter(([action]) => !stays.has(action))
      .map(([action, grants]) => change(action, 'loses', `loses ${action}${restriction(action, grants)}`)),
  ];
}

function wordsOf(rules: Pick<Rules, 'inWords'>, action: string, grants: Permission[1]): string {
  return grants ? rules.inWords(action, grants) : 'all rows and fields';
}

/** The types of an action: `post`. */
export function typesOf(changes: readonly Pick<PermissionChange, 'action'>[]): ReadonlySet<string> {
  return new Set(changes.map(({ action }) => action.split('.', 1)[0] ?? ''));
}

/** Who has a role, in words. `isAnonymous`: requests without a credential have it, too. */
export function audienceOf(type: string, users: number, isAnonymous = false): string {
  if (type === 'public') return 'anonymous';
  const counted = users === 1 ? '1 user' : `${users} users`;
  return isAnonymous ? `anonymous and ${counted}` : counted;
}

/** What Public includes is open to everybody. */
export function warningOfPublic(names: readonly string[]): string {
  return `Public includes ${names.join(', ')}: what it allows needs no login`;
}
