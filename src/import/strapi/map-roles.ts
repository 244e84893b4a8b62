import { identifierKey } from '../../accounts/identifiers.ts';
import { faultsOfName, faultsOfText, textOrNull } from '../../administration/validate-texts.ts';
import type { ImportedRole } from '../accounts.ts';
import { counted, type PlanNotes, shown } from '../plan-notes.ts';
import { freeName, type PresentRole, placesOf } from '../role-places.ts';
import { mapActions, type OurActions } from './map-actions.ts';
import type { StrapiProject, StrapiRole } from './project.ts';

/**
 * The roles of a project, with the actions that they have there and no others. `me` needs no permission in Strapi: every role but
 * Public gets `user.me`.
 */
export function mapRoles(
  { roles }: Pick<StrapiProject, 'roles'>,
  ours: OurActions,
  present: readonly PresentRole[],
  notes: PlanNotes,
): ImportedRole[] {
  const names = new Set<string>();
  const documentIds = new Set<string>();
  const lost = new Map<string, string[]>();
  const withMe: string[] = [];
  const imported = roles.map((role): ImportedRole => {
    const { actions, unknown } = mapActions(role.actions, ours);
    const name = nameFor(role, names);
    names.add(identifierKey(name));
    if (name !== role.name) notes.say(`Role ${role.id} is called ${shown(name)}: its name cannot be kept.`);
    for (const action of unknown) lost.set(action, [...(lost.get(action) ?? []), shown(name)]);
    const me = role.type !== 'public' && !actions.includes('user.me') && ours.known.has('user.me') ? ['user.me'] : [];
    if (me.length > 0) withMe.push(shown(name));
    const type = faultsOfName(role.type).length === 0 ? role.type : `role_${role.id}`;
    const description = faultsOfText(role.description, ['description']).length === 0 ? role.description : null;
    return {
      id: role.id,
      documentId: documentIdFor(role.documentId, documentIds),
      name,
      description: textOrNull(description),
      type,
      actions: [...actions, ...me].sort(),
    };
  });
  for (const [action, holders] of lost) {
    notes.lose(`the action ${shown(action)} of ${holders.join(', ')}: there is no such action here`, holders.length);
  }
  describe(imported, present, notes);
  const added = withMe.length > 0 ? ` It is added to ${withMe.join(', ')}.` : '';
  notes.say(`\`me\` needs the action user.me here, and no permission in Strapi: every role but Public has it.${added}`);
  const own = ['auth.logoutEverywhere', 'user.updateMe'].filter((action) => ours.known.has(action));
  if (own.length > 0) notes.say(`No role gets ${own.join(' or ')}, which Strapi does not have.`);
  return imported;
}

function describe(imported: readonly ImportedRole[], present: readonly PresentRole[], notes: PlanNotes): void {
  const { ids, names } = placesOf(present, imported);
  notes.say(`${counted(imported.length, 'role')} with their ids and documentIds:`);
  for (const { name, type, actions } of imported) {
    const before = present.find((role) => role.type === type);
    const set = before ? ', and nothing of what the role has here now' : '';
    notes.say(`  ${shown(name)} (${shown(type)}): ${counted(actions.length, 'action')}${set}`);
  }
  const types = new Set(imported.map(({ type }) => type));
  const staying = present.filter(({ type }) => !types.has(type));
  for (const { id, name } of staying) {
    const moved = [
      ...(ids.has(id) ? [`with the id ${ids.get(id)} instead of ${id}`] : []),
      ...(names.has(id) ? [`called ${shown(names.get(id) ?? '')}`] : []),
    ];
    notes.say(`The role ${shown(name)}, which the project does not have, stays${moved.map((m) => `, ${m}`).join('')}.`);
  }
}

/** Its own, or where that is not valid or another role has it, one that is made of it. */
function nameFor({ id, name }: StrapiRole, taken: ReadonlySet<string>): string {
  const own = faultsOfName(name).length === 0 ? name.trim() : `Role ${id}`;
  return freeName(own, taken);
}

/** A new one, where another row has it or it is none that a client can ask for. */
export function documentIdFor(documentId: string | undefined, taken: Set<string>): string | undefined {
  if (documentId === undefined || !DOCUMENT_ID.test(documentId) || taken.has(documentId)) return undefined;
  taken.add(documentId);
  return documentId;
}

/** Not of digits only: that is read as an id. */
const DOCUMENT_ID = /^(?!\d+$)[\w-]{1,255}$/;
