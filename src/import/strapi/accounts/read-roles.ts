import type { StrapiRole } from '../project.ts';
import { ImportRefused, type StrapiData } from '../source.ts';
import { Distinct } from './distinct.ts';
import { PERMISSION, RoleLinks } from './role-links.ts';
import { dates, documentIdOf, optionalText, text } from './row.ts';

/** Somebody who has more has generated them. */
const MAXIMUM_ROLES = 10_000;
/** A role has about five for each content type. */
const MAXIMUM_PERMISSIONS = 1_000_000;

/** Collects roles and what they allow. */
export class RoleReader {
  readonly #roles = new Distinct<Omit<StrapiRole, 'actions'>>('role', MAXIMUM_ROLES);
  readonly #permissions = new Distinct<{ readonly id: number; readonly action: string }>(
    'permission',
    MAXIMUM_PERMISSIONS,
  );
  /** A million permissions have a few hundred actions. */
  readonly #actions = new Map<string, string>();
  readonly #links = new RoleLinks(PERMISSION, 'permission', MAXIMUM_PERMISSIONS);

  addRole(id: number, data: StrapiData): void {
    const row = { name: `role ${id}`, data };
    this.#roles.add({
      id,
      documentId: documentIdOf(row),
      name: text(row, 'name'),
      description: optionalText(row, 'description'),
      type: text(row, 'type'),
      ...dates(row),
    });
  }

  addPermission(id: number, data: StrapiData): void {
    const action = text({ name: `permission ${id}`, data }, 'action');
    const known = this.#actions.get(action);
    if (known === undefined) this.#actions.set(action, action);
    this.#permissions.add({ id, action: known ?? action });
  }

  addLink(link: Parameters<RoleLinks['add']>[0]): void {
    this.#links.add(link);
  }

  has(id: number): boolean {
    return this.#roles.get(id) !== undefined;
  }

  /** All roles with their actions, each once. */
  all(): readonly StrapiRole[] {
    this.#links.check(
      (id) => this.#permissions.get(id) !== undefined,
      (id) => this.has(id),
    );
    const actions = new Map<number, Set<string>>();
    for (const { id, action } of this.#permissions.all()) {
      const role = this.#links.of(id);
      if (role === undefined) throw new ImportRefused(`permission ${id}: it has no role. Delete it in Strapi.`);
      const ofRole = actions.get(role) ?? new Set();
      actions.set(role, ofRole.add(action));
    }
    const roles = this.#roles.all();
    checkTypes(roles);
    return roles.map((role) => ({ ...role, actions: [...(actions.get(role.id) ?? [])] }));
  }
}

/** Settings refer to a role by its type. */
function checkTypes(roles: readonly Omit<StrapiRole, 'actions'>[]): void {
  const byType = new Map<string, number>();
  for (const { id, type } of roles) {
    const before = byType.get(type);
    if (before !== undefined)
      throw new ImportRefused(`role ${id}: role ${before} has the same type. Delete one of them in Strapi.`);
    byType.set(type, id);
  }
}
