import { strapiHash } from '../../accounts/foreign-hashes.ts';
import { NO_PASSWORD } from '../../accounts/public-password.ts';
import type { ImportedRole, ImportedUser } from '../accounts.ts';
import { type OnConflict, type ResolvedNames, resolveNames } from '../name-conflicts.ts';
import { counted, idList, type PlanNotes } from '../plan-notes.ts';
import { documentIdFor } from './map-roles.ts';
import type { StrapiProject, StrapiUser } from './project.ts';

/** Why a user without a role is blocked. Strapi lets such a user log in, and refuses everything after. */
export const NO_ROLE = 'Has no role in Strapi. Give the user a role before you lift the block.';

/** The users of a project, with their ids. */
export function mapUsers(
  { users, roles }: Pick<StrapiProject, 'users' | 'roles'>,
  importedRoles: readonly ImportedRole[],
  onConflict: OnConflict,
  notes: PlanNotes,
): ImportedUser[] {
  const names = resolveNames(
    users.map(({ id, username, email }) => ({ label: id, username, email })),
    onConflict,
    { noun: 'user', taken: new Set() },
  );
  // Both lists have the same order.
  const typeOf = new Map(roles.map(({ id }, index) => [id, importedRoles[index]?.type]));
  const documentIds = new Set<string>();
  const found = new Findings();
  const imported = users.flatMap((user): ImportedUser[] => {
    const kept = names.kept.get(user.id);
    if (!kept) return [];
    const role = user.role === undefined ? undefined : typeOf.get(user.role);
    const documentId = documentIdFor(user.documentId, documentIds);
    found.note(user, { role, documentId });
    return [
      {
        id: user.id,
        documentId,
        ...kept,
        provider: user.provider.trim() || 'local',
        passwordHash: (user.passwordHash === null ? undefined : strapiHash(user.passwordHash)) ?? NO_PASSWORD,
        confirmed: user.confirmed,
        blocked: user.blocked || role === undefined,
        blockReason: role === undefined ? NO_ROLE : null,
        // The one that allows least: somebody who lifts the block gives nothing with it.
        roles: [role ?? 'public'],
        identities: [],
        createdAt: user.createdAt,
        updatedAt: user.updatedAt,
      },
    ];
  });
  notes.say(
    `${counted(imported.length, 'user')} with their ids, documentIds, names and passwords. Tokens and mailed links of Strapi do not come: everybody logs in again.`,
  );
  reportConflicts(names, notes);
  found.report(notes);
  return imported;
}

/** A line for each pair of users; of many, the first. */
const MOST_OBSTACLES = 50;

function reportConflicts({ conflicts, trimmed }: ResolvedNames, notes: PlanNotes): void {
  if (trimmed > 0) notes.say(`${counted(trimmed, 'username')} had white space around: it does not come.`);
  const failing = conflicts.filter(({ outcome }) => outcome === 'fail');
  for (const { label, why } of failing.slice(0, MOST_OBSTACLES)) notes.refuse(`User ${label}: ${why}.`);
  if (failing.length > MOST_OBSTACLES) {
    notes.refuse(`${failing.length - MOST_OBSTACLES} more users have names that cannot be kept.`);
  }
  if (failing.length > 0) {
    notes.refuse(
      'Change these names in Strapi, or import with --on-conflict rename (new usernames) or --on-conflict skip (without these users).',
    );
  }
  for (const [outcome, what] of [
    ['skip', 'users who do not come, since their names cannot be kept'],
    ['rename', 'users who get a new username'],
  ] as const) {
    const these = conflicts.filter((conflict) => conflict.outcome === outcome);
    for (const { label, why } of these.slice(0, MOST_OBSTACLES)) {
      notes.say(`User ${label} ${outcome === 'skip' ? 'does not come' : 'gets a new username'}: ${why}.`);
    }
    notes.lose(`${what}: ids ${idList(these.map(({ label }) => label))}`, these.length);
  }
}

/** What is found about many users, by their ids. */
class Findings {
  readonly #withoutRole: number[] = [];
  readonly #needsReset: number[] = [];
  readonly #ofProviders: number[] = [];
  readonly #newDocumentId: number[] = [];
  readonly #columns = new Map<string, number>();

  note(
    { id, role, provider, passwordHash, documentId, furtherColumns }: StrapiUser,
    mapped: { readonly role: string | undefined; readonly documentId: string | undefined },
  ): void {
    if (role === undefined || mapped.role === undefined) this.#withoutRole.push(id);
    if (documentId !== undefined && mapped.documentId === undefined) this.#newDocumentId.push(id);
    if (passwordHash === null && provider !== 'local') this.#ofProviders.push(id);
    else if (passwordHash === null || strapiHash(passwordHash) === undefined) this.#needsReset.push(id);
    for (const column of furtherColumns) this.#columns.set(column, (this.#columns.get(column) ?? 0) + 1);
  }

  report(notes: PlanNotes): void {
    if (this.#ofProviders.length > 0) {
      notes.say(
        `${counted(this.#ofProviders.length, 'user')} of login providers without a password: ids ${idList(this.#ofProviders)}. Strapi does not keep who they are at the provider.`,
      );
    }
    notes.lose(`users without a role, who come blocked: ids ${idList(this.#withoutRole)}`, this.#withoutRole.length);
    notes.lose(
      `passwords that are missing or have a hash of an unknown kind; these users need a reset: ids ${idList(this.#needsReset)}`,
      this.#needsReset.length,
    );
    notes.lose(
      `documentIds of users that are not valid or that two users have; they get new ones: ids ${idList(this.#newDocumentId)}`,
      this.#newDocumentId.length,
    );
    for (const [column, count] of this.#columns) {
      notes.lose(`values of the column ${column} of users, which users do not have here`, count);
    }
  }
}
