import { identifierKey } from '../accounts/identifiers.ts';
import type { ImportedRole } from './accounts.ts';

/** A role that is in the database before an import. */
export interface PresentRole {
  readonly id: number;
  readonly name: string;
  readonly type: string;
}

/** Where the roles of the database go to make place for imported ones. */
export interface RolePlaces {
  /** The new ids of roles that change it, by the id that they have. */
  readonly ids: ReadonlyMap<number, number>;
  /** The new names of roles that the import does not have, by the id that they have. */
  readonly names: ReadonlyMap<number, string>;
}

/**
 * Makes place for the ids and the names of imported roles: a role of the same type gets the imported id, and another one that
 * has an imported id or name gets the next id, or a name with a number behind it.
 */
export function placesOf(present: readonly PresentRole[], imported: readonly ImportedRole[]): RolePlaces {
  const importedOf = new Map(imported.map((role) => [role.type, role]));
  const takenIds = new Set(imported.flatMap(({ id }) => id ?? []));
  const takenNames = new Set(imported.map(({ name }) => identifierKey(name)));
  let next = Math.max(0, ...takenIds, ...present.map(({ id }) => id)) + 1;
  const ids = new Map<number, number>();
  const names = new Map<number, string>();
  for (const { id, type, name } of present) {
    const role = importedOf.get(type);
    const target = role?.id ?? (takenIds.has(id) ? next++ : id);
    if (target !== id) ids.set(id, target);
    if (role) continue;
    const free = freeName(name, takenNames);
    if (free !== name) names.set(id, free);
    takenNames.add(identifierKey(free));
  }
  return { ids, names };
}

/** `Editor`, or `Editor 2` where another role has that name. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  let free = name;
  for (let number = 2; taken.has(identifierKey(free)); number++) free = `${name} ${number}`;
  return free;
}
