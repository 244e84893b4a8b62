import type { ActionGroup } from '../authorization/catalogue.ts';
import type { Permission } from '../authorization/grants.ts';
import { warningsAbout } from '../authorization/warnings.ts';
import { ApiError, type Fault, faultsIn } from '../common/errors.ts';
import type { DocumentKey } from '../database/document-key.ts';
import type { AdministrationServices } from './administration.ts';
import { readLeadingColumns } from './leading-columns.ts';
import {
  audienceOf,
  kindsOfActions,
  type PermissionChange,
  permissionChanges,
  typesOf,
  warningOfPublic,
} from './permission-changes.ts';
import { canonicalGrants } from './permission-row.ts';
import { readAudience } from './roles/audience.ts';
import { effectivePermissions } from './roles/effective-permissions.ts';
import { findRole, noSuchRole, type RoleName, type RoleRow } from './roles/find-role.ts';
import { includedRoles, refuseCircles } from './roles/includes.ts';
import { type PermissionsChange, permissionsAfter } from './roles/permissions-after.ts';

/** What a change of the permissions of a role would do, before it is made. */
export interface PermissionsPreview {
  readonly lines: readonly PreviewLine[];
  /** The same as in the plan of a permissions file. */
  readonly warnings: readonly string[];
  /** How many users have the role, by itself or by one that includes it. */
  readonly users: number;
  /** Why the change cannot be made. */
  readonly problems: readonly GrantProblem[];
}

export interface PreviewLine extends PermissionChange {
  /** Whether requests without a credential are concerned. */
  readonly public: boolean;
}

export interface GrantProblem {
  readonly action: string;
  /** Where it is in what was sent for the action: `grants.0.where.owner`; `action`, for the action itself; `includes.0`, without one. */
  readonly path: string;
  readonly message: string;
}

/** What is to become of a role. */
export interface PreviewedChange extends PermissionsChange {
  /** All roles that it includes; undefined: those that it has. */
  readonly includes?: readonly DocumentKey[] | undefined;
}

/**
 * Says what `updateRole` would do with the same change. What cannot be read of it is a problem, and no error.
 * With `includes`, it compares what the role allows together with all that it includes: an action that it has by itself, too, is
 * not gained or lost.
 *
 * @param inInput what is wrong with the input of the change itself
 */
export async function previewPermissions(
  services: AdministrationServices & { readonly catalogue: readonly ActionGroup[] },
  key: DocumentKey,
  change: PreviewedChange,
  inInput: readonly Fault[] = [],
): Promise<PermissionsPreview> {
  const { prisma, rules, catalogue, tokenActions } = services;
  const role = await findRole(prisma, key);
  if (!role) throw noSuchRole();
  const { users, isAnonymous } = await readAudience(prisma, role.id);
  const { permissions, faults } = permissionsAfter(services, role, change);
  const kindOf = kindsOfActions(tokenActions.all, catalogue);
  const audience = audienceOf(role.type, users, isAnonymous);
  const includes = change.includes && (await readIncludes(prisma, role, change.includes));
  const included = (roles: readonly RoleName[]) => effectivePermissions(prisma, roles);
  const [before, after] = includes
    ? [
        together([...role.permissions, ...(await included(role.includes))]),
        together([...permissions, ...(await included(includes.roles))]),
      ]
    : [role.permissions, permissions];
  const changes = permissionChanges({ name: role.name, audience }, before, after, { rules, kindOf });
  const leadsIndex = await readLeadingColumns(prisma);
  return {
    lines: changes.map((line) => ({ ...line, public: isAnonymous })),
    warnings: [
      ...(isAnonymous && role.type !== 'public' && changes.length > 0 ? [warningOfPublic([role.name])] : []),
      ...warningsAbout(after, typesOf(changes), { rules, leadsIndex }),
    ],
    users,
    problems: [...inInput, ...faults, ...(includes?.faults ?? [])].map((fault) => problemOf(fault, change)),
  };
}

/** The roles that it would include. Those that it cannot include are faults, at `['includes', 0]`, and stay out. */
async function readIncludes(
  prisma: AdministrationServices['prisma'],
  role: RoleRow,
  keys: readonly DocumentKey[],
): Promise<{ readonly roles: readonly RoleName[]; readonly faults: readonly Fault[] }> {
  try {
    const roles = await includedRoles(prisma, keys);
    await refuseCircles(prisma, role, roles);
    return { roles, faults: [] };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { roles: role.includes, faults: faultsIn(error) };
  }
}

/** One permission for each action, in alphabetical order: roles only add, so that one without restriction is all there is to say. */
function together(permissions: readonly Permission[]): Permission[] {
  const all = new Map<string, Permission[1]>();
  for (const [action, grants] of permissions) {
    const held = all.get(action);
    all.set(action, held === undefined ? grants : held && grants && withoutRepetition([...held, ...grants]));
  }
  return [...all].sort(([one], [other]) => (one < other ? -1 : 1));
}

function withoutRepetition(grants: NonNullable<Permission[1]>): NonNullable<Permission[1]> {
  return [...new Map(grants.map((grant) => [canonicalGrants([grant]), grant])).values()];
}

/** A fault is at `['grants', 2, 'grants', 0, 'where', 'owner']`, or at `['add', 0]`. */
function problemOf({ path: [list, index, ...inside], message }: Fault, change: PermissionsChange): GrantProblem {
  const at = typeof index === 'number' ? index : -1;
  if (list === 'includes') return { action: '', path: ['includes', at].join('.'), message };
  if (list === 'grants') return { action: change.grants?.[at]?.action ?? '', path: inside.join('.'), message };
  const actions = list === 'remove' ? change.remove : change.add;
  return { action: actions?.[at] ?? '', path: 'action', message };
}
