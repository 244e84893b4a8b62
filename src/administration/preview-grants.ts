import type { Permission } from '../authorization/grants.ts';
import type { RowCount } from '../authorization/rules.ts';
import { warningsAbout } from '../authorization/warnings.ts';
import type { DocumentKey } from '../database/document-key.ts';
import type { AdministrationServices } from './administration.ts';
import { countedAs } from './counted-as.ts';
import { faultsOfGrants } from './faults-of-grants.ts';
import { readLeadingColumns } from './leading-columns.ts';
import { withPermissions } from './permission-row.ts';
import { findRole, noSuchRole } from './roles/find-role.ts';
import { holderOf } from './roles/fixed-roles.ts';
import { refuseUnknownAction } from './roles/set-grants.ts';

/** What the grants of an action would mean for a role, before they are set. */
export interface GrantPreview {
  /** Why they cannot be set: `grants.0.where.owner: …`. */
  readonly problems: readonly string[];
  readonly inWords: string;
  /** Undefined where nobody can say it: of a create, or of a condition with a variable that has no value here. */
  readonly count: RowCount | undefined;
  /** The columns of their conditions that lead no index: `Post.title`. */
  readonly indexesMissing: readonly string[];
  /** The same as in the plan of a permissions file. */
  readonly warnings: readonly string[];
}

/**
 * @param as the user whose variables count
 * @param isCounted whether rows are counted: with a condition on a column that nobody is shown, that tells what it holds
 */
export async function previewGrants(
  services: AdministrationServices,
  key: DocumentKey,
  [action, grants]: Permission,
  { as, isCounted }: { readonly as: DocumentKey | undefined; readonly isCounted: boolean },
): Promise<GrantPreview> {
  const { prisma, rules, countRows } = services;
  refuseUnknownAction(services, action);
  const role = await findRole(prisma, key);
  if (!role) throw noSuchRole();
  const inWords = grants ? rules.inWords(action, grants) : 'all rows and fields';
  const faults = faultsOfGrants(rules, [action, grants], holderOf(role));
  const problems = faults.map(({ path, message }) => `${path.join('.')}: ${message}`);
  if (problems.length > 0) return { problems, inWords, count: undefined, indexesMissing: [], warnings: [] };
  const leadsIndex = await readLeadingColumns(prisma);
  const columns = grants ? rules.columnsOf(action, grants) : [];
  const [type = ''] = action.split('.', 1);
  return {
    problems,
    inWords,
    count: isCounted ? await countRows(action, grants ?? 'all', await countedAs(services, role, as)) : undefined,
    indexesMissing: columns.filter((column) => !leadsIndex(column)).map(({ name }) => name),
    warnings: warningsAbout(withPermissions([[action, grants]], role.permissions), new Set([type]), {
      rules,
      leadsIndex,
    }),
  };
}
