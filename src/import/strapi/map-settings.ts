import { isPage } from '../../administration/update-settings.ts';
import type { ImportedRole, ImportedSettings } from '../accounts.ts';
import type { PlanNotes } from '../plan-notes.ts';
import type { PresentRole } from '../role-places.ts';
import type { StrapiProject } from './project.ts';
import { dataIn } from './stored-values.ts';

interface MappedSettings {
  readonly settings: ImportedSettings;
  readonly defaultRole: string | undefined;
}

/** The settings of Users & Permissions. What is missing there, or is not valid here, stays as it is. */
export function mapSettings(
  { settings: stored }: Pick<StrapiProject, 'settings'>,
  roles: readonly (ImportedRole | PresentRole)[],
  notes: PlanNotes,
): MappedSettings {
  const advanced = dataIn(stored.get('plugin_users-permissions_advanced'));
  if (!advanced) {
    notes.lose('settings of Users & Permissions: the project has none, and those of this database stay');
    return { settings: {}, defaultRole: undefined };
  }
  const settings: { -readonly [Name in keyof ImportedSettings]: ImportedSettings[Name] } = {};
  const { allow_register: signUps, email_confirmation: emailConfirmation } = advanced;
  if (typeof signUps === 'boolean') {
    settings.signUps = signUps;
    notes.say(`Everybody can register: ${signUps ? 'yes' : 'no'}.`);
  }
  if (typeof emailConfirmation === 'boolean') {
    settings.emailConfirmation = emailConfirmation;
    notes.say(`New accounts confirm their e-mail: ${emailConfirmation ? 'yes' : 'no'}.`);
  }
  const resetPasswordUrl = pageIn(advanced['email_reset_password'], 'email_reset_password', notes);
  if (resetPasswordUrl !== undefined) settings.resetPasswordUrl = resetPasswordUrl;
  const confirmEmailUrl = pageIn(advanced['email_confirmation_redirection'], 'email_confirmation_redirection', notes);
  if (confirmEmailUrl !== undefined) {
    settings.confirmEmailUrl = confirmEmailUrl;
    if (confirmEmailUrl !== null) {
      notes.say(
        'Confirmation mails lead to the page of email_confirmation_redirection. It gets the code as `confirmation` and sends it with emailConfirmation; in Strapi, people came there when it was done.',
      );
    }
  }
  if (advanced['unique_email'] === false) {
    notes.lose('the setting unique_email, which is off in Strapi: here every e-mail has one account');
  }
  return { settings, defaultRole: defaultRoleIn(advanced['default_role'], roles, notes) };
}

/** Null for none; undefined for what is no page. */
function pageIn(value: unknown, name: string, notes: PlanNotes): string | null | undefined {
  if (value === undefined || value === null || value === '') return null;
  if (typeof value === 'string' && isPage(value)) return value;
  notes.lose(`the setting ${name}: it is not a URL of a page`);
  return undefined;
}

function defaultRoleIn(
  value: unknown,
  roles: readonly (ImportedRole | PresentRole)[],
  notes: PlanNotes,
): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const role = roles.find(({ type }) => type === value);
  if (role && role.type !== 'public') {
    notes.say(`New users get the role ${role.name}.`);
    return role.type;
  }
  notes.lose('the setting default_role: it names Public, or a role that does not exist');
  return undefined;
}
