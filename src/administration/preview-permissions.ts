import type { ActionGroup } from '../authorization/catalogue.ts';
import { warningsAbout } from '../authorization/warnings.ts';
import type { Fault } from '../common/errors.ts';
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
import { readAudience } from './roles/audience.ts';
import { findRole, noSuchRole } from './roles/find-role.ts';
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
  /** Where it is in what was sent for the action: `grants.0.where.owner`; `action`, for the action itself. */
  readonly path: string;
  readonly message: string;
}

/**
 * Says what `updateRole` would do with the same change. What cannot be read of it is a problem, and no error.
 *
 * @param inInput what is wrong with the input of the change itself
 */
export async function previewPermissions(
  services: AdministrationServices & { readonly catalogue: readonly ActionGroup[] },
  key: DocumentKey,
  change: PermissionsChange,
  inInput: readonly Fault[] = [],
): Promise<PermissionsPreview> {
  const { prisma, rules, catalogue, tokenActions } = services;
  const role = await findRole(prisma, key);
  if (!role) throw noSuchRole();
  const { users, isAnonymous } = await readAudience(prisma, role.id);
  const { permissions, faults } = permissionsAfter(services, role, change);
  const kindOf = kindsOfActions(tokenActions.all, catalogue);
  const audience = audienceOf(role.type, users, isAnonymous);
  const changes = permissionChanges({ name: role.name, audience }, role.permissions, permissions, { rules, kindOf });
  const leadsIndex = await readLeadingColumns(prisma);
  return {
    lines: changes.map((line) => ({ ...line, public: isAnonymous })),
    warnings: [
      ...(isAnonymous && role.type !== 'public' && changes.length > 0 ? [warningOfPublic([role.name])] : []),
      ...warningsAbout(permissions, typesOf(changes), { rules, leadsIndex }),
    ],
    users,
    problems: [...inInput, ...faults].map((fault) => problemOf(fault, change)),
  };
}

/** A fault is at `['grants', 2, 'grants', 0, 'where', 'owner']`, or at `['add', 0]`. */
function problemOf({ path: [list, index, ...inside], message }: Fault, change: PermissionsChange): GrantProblem {
  const at = typeof index === 'number' ? index : -1;
  if (list === 'grants') return { action: change.grants?.[at]?.action ?? '', path: inside.join('.'), message };
  const actions = list === 'remove' ? change.remove : change.add;
  return { action: actions?.[at] ?? '', path: 'action', message };
}
