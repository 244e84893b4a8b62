import type { Permission } from '../../authorization/grants.ts';
import { canonicalGrants } from '../permission-row.ts';
import type { RoleRow } from '../roles/find-role.ts';
import type { FileRole, PermissionsFile } from './permissions-file.ts';

/** Which roles include which, by their types, and what each allows by itself. */
export interface RoleGraph {
  readonly includes: ReadonlyMap<string, readonly string[]>;
  readonly permissions: ReadonlyMap<string, readonly Permission[]>;
}

export function graphOfRoles(roles: readonly RoleRow[]): RoleGraph {
  return {
    includes: new Map(roles.map(({ type, includes }) => [type, includes.map((one) => one.type)])),
    permissions: new Map(roles.map(({ type, permissions }) => [type, permissions])),
  };
}

export function graphOfFile({ roles }: PermissionsFile): RoleGraph {
  return {
    includes: new Map(roles.map(({ type, includes }) => [type, includes])),
    permissions: new Map(roles.map(({ type, permissions }) => [type, permissions])),
  };
}

/** The types of these roles and of all that they include. */
export function reached({ includes }: RoleGraph, types: Iterable<string>): ReadonlySet<string> {
  const all = new Set(types);
  // A Set is walked to its end, also when it grows meanwhile.
  for (const type of all) for (const included of includes.get(type) ?? []) all.add(included);
  return all;
}

export interface IncludesPlan {
  /** What a role gains and loses by its includes: actions, in words. */
  readonly changes: readonly { readonly text: string; readonly actions: readonly string[] }[];
  readonly obstacles: readonly string[];
}

/** What a file changes in the includes of one role. */
export function planIncludes(
  role: RoleRow | undefined,
  wanted: FileRole,
  graphs: { readonly before: RoleGraph; readonly after: RoleGraph },
  nameOf: (type: string) => string,
): IncludesPlan {
  const { before, after } = graphs;
  const { type, name, includes } = wanted;
  const had = role?.includes.map((one) => one.type) ?? [];
  const added = includes.filter((one) => !had.includes(one));
  const removed = had.filter((one) => !includes.includes(one));
  const was = role ? effective(before, [type]) : [];
  const is = effective(after, [type]);
  return {
    changes: [
      ...added.map((one) => {
        const actions = difference(effective(after, [one]), was);
        return { text: `${name} includes ${nameOf(one)} now, and gains ${listed(actions)}`, actions };
      }),
      ...removed.map((one) => {
        const actions = difference(effective(before, [one]), is);
        return { text: `${name} does not include ${nameOf(one)} any more, and loses ${listed(actions)}`, actions };
      }),
    ],
    obstacles: [
      ...includes
        .filter((one) => !after.includes.has(one))
        .map((one) => `${type} includes ${one}, which is not in the file`),
      ...(reached(after, after.includes.get(type) ?? []).has(type)
        ? [`${type} includes itself, by ${includes.filter((one) => reached(after, [one]).has(type)).join(', ')}`]
        : []),
    ],
  };
}

function effective(graph: RoleGraph, types: readonly string[]): readonly Permission[] {
  return [...reached(graph, types)].flatMap((type) => graph.permissions.get(type) ?? []);
}

/** The actions that these permissions give and the others do not, or not in the same way. */
function difference(given: readonly Permission[], others: readonly Permission[]): string[] {
  const whole = new Set(others.filter(([, grants]) => grants === null).map(([action]) => action));
  const known = new Set(others.map(([action, grants]) => `${action} ${canonicalGrants(grants)}`));
  const more = given.filter(
    ([action, grants]) => !whole.has(action) && !known.has(`${action} ${canonicalGrants(grants)}`),
  );
  return [...new Set(more.map(([action]) => action))].sort();
}

function listed(actions: readonly string[]): string {
  return actions.join(', ') || 'nothing';
}
