import type { Permission } from './grants.ts';

/** A role as it is read together with those that it includes. */
export interface ReadRole {
  readonly id: number;
  readonly name: string;
  readonly description: string | null;
  /** How code and settings name the role: `public`, `authenticated`, … */
  readonly type: string;
  /** Whether its users need a second factor. */
  readonly requiresSecondFactor: boolean;
  /** Changes with each change of the role, its permissions or its includes. */
  readonly version: number;
  /** Its own. */
  readonly permissions: readonly Permission[];
  /** The ids of the roles that it includes itself. */
  readonly includes: readonly number[];
}

/**
 * SQL that reads the roles of a query, and all that they include, as JSON: a list of `ReadRole`.
 *
 * @param given a query of ids of roles.
 * @returns a subquery of one text, to be used as a column.
 */
export function rolesAsJson(given: string): string {
  // UNION ends at a role that was reached before, also in a circle: none can be written, and a request would not end.
  return `(WITH RECURSIVE "held"("id") AS (
    ${given}
    UNION
    SELECT i."includedId" FROM "held" h JOIN "role_includes" i ON i."roleId" = h."id"
  )
  SELECT coalesce(json_agg(json_build_object(
    'id', r."id", 'name', r."name", 'description', r."description", 'type', r."type", 'version', r."version",
    'requiresSecondFactor', r."requiresSecondFactor",
    'permissions', coalesce((
      SELECT json_agg(json_build_array(p."action", p."grants")) FROM "permissions" p WHERE p."roleId" = r."id"
    ), '[]'),
    'includes', coalesce((
      SELECT json_agg(i."includedId" ORDER BY i."includedId") FROM "role_includes" i WHERE i."roleId" = r."id"
    ), '[]')
  )), '[]')::text
  FROM "held" h JOIN "roles" r ON r."id" = h."id")`;
}

/** Reads what `rolesAsJson` selects. */
export function readRoles(json: string): readonly ReadRole[] {
  return JSON.parse(json) as ReadRole[]; // the statement makes them so
}

/**
 * The roles in the order in which their grants count: first those that were given, in their order, then those that these
 * include, and then what those include. Each of them once.
 */
export function inOrder<Role extends Pick<ReadRole, 'id' | 'includes'>>(
  given: readonly number[],
  roles: readonly Role[],
): readonly Role[] {
  const byId = new Map(roles.map((role) => [role.id, role]));
  const ids = new Set(given);
  // A Set is walked to its end, also when it grows meanwhile.
  for (const id of ids) for (const included of byId.get(id)?.includes ?? []) ids.add(included);
  return [...ids].flatMap((id) => byId.get(id) ?? []);
}

/** The permissions of all roles together. Roles only add: none takes away what another one gives. */
export function permissionsIn(roles: readonly Pick<ReadRole, 'permissions'>[]): readonly Permission[] {
  return roles.flatMap(({ permissions }) => permissions);
}
