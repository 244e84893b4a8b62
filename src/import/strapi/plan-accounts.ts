import type { Transaction } from '../../administration/administration.ts';
import type { ImportedAccounts } from '../accounts.ts';
import type { OnConflict } from '../name-conflicts.ts';
import { counted, type PlanNotes } from '../plan-notes.ts';
import type { PresentRole } from '../role-places.ts';
import type { OurActions } from './map-actions.ts';
import { mapApiTokens } from './map-api-tokens.ts';
import { mapMailTemplates } from './map-mail-templates.ts';
import { mapProviders } from './map-providers.ts';
import { mapRoles } from './map-roles.ts';
import { mapSettings } from './map-settings.ts';
import { type MappedUsers, mapUsers } from './map-users.ts';
import type { StrapiProject } from './project.ts';

/** What a plan depends on in the database. */
export interface PresentAccounts {
  readonly users: number;
  readonly roles: readonly PresentRole[];
  /** The names of API tokens. */
  readonly apiTokens: readonly string[];
}

export async function readPresent(
  transaction: Pick<Transaction, 'user' | 'role' | 'apiToken'>,
): Promise<PresentAccounts> {
  const users = await transaction.user.count();
  const select = { id: true, name: true, type: true };
  const roles = await transaction.role.findMany({ select, orderBy: { id: 'asc' } });
  const apiTokens = await transaction.apiToken.findMany({ select: { name: true }, orderBy: { id: 'asc' } });
  return { users, roles, apiTokens: apiTokens.map(({ name }) => name) };
}

/** The accounts of a project. */
export interface PlannedAccounts extends ImportedAccounts {
  readonly users: MappedUsers;
}

/** Plans the accounts of a project. What the plan says is added to the notes, without a value of any user. */
export function planAccounts(
  project: StrapiProject,
  {
    present,
    ours,
    onConflict,
    keepsSecrets,
    notes,
  }: {
    readonly present: PresentAccounts;
    readonly ours: OurActions;
    readonly onConflict: OnConflict;
    /** Whether the server has a key to seal the secrets of login providers with. */
    readonly keepsSecrets: boolean;
    readonly notes: PlanNotes;
  },
): PlannedAccounts {
  if (present.users > 0) {
    notes.refuse(
      `The database has ${counted(present.users, 'user')}. Ids are kept, so a project is imported into a database without users: set SEED_DEMO=false and an empty DATA_DIR, or an empty database, and import before the first start.`,
    );
  }
  const roles = mapRoles(project, ours, present.roles, notes);
  const users = mapUsers(project, roles, onConflict, notes);
  const { settings, defaultRole } = mapSettings(project, [...roles, ...present.roles], notes);
  return {
    roles,
    users,
    settings,
    defaultRole,
    mailTemplates: mapMailTemplates(project, notes),
    providers: mapProviders(project, keepsSecrets, notes),
    apiTokens: mapApiTokens(project, ours, present.apiTokens, notes),
  };
}
