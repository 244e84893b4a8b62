import { strapiHash } from '../../accounts/foreign-hashes.ts';
import { NO_PASSWORD } from '../../accounts/public-password.ts';
import type { ImportedRole, ImportedUser } from '../accounts.ts';
import {
  type KeptNames,
  type NamedUser,
  type OnConflict,
  type ResolvedNames,
  resolveNames,
} from '../name-conflicts.ts';
import { counted, idList, type PlanNotes } from '../plan-notes.ts';
import { documentIdFor } from './map-roles.ts';
import type { StrapiProject, StrapiUser } from './project.ts';

/** Why a user without a role is blocked. Strapi lets such a user log in, and refuses everything after. */
export const NO_ROLE = 'Has no role in Strapi. Give the user a role before you lift the block.';

/** The users of a project who are imported. */
export interface MappedUsers extends Iterable<ImportedUser> {
  readonly ids: ReadonlySet<number>;
}

/** The users of a project, with their ids. Each reading makes them again: they are as many as the project has. */
export function mapUsers(
  { users, roles }: Pick<StrapiProject, 'users' | 'roles'>,
  importedRoles: readonly ImportedRole[],
  onConflict: OnConflict,
  notes: PlanNotes,
): MappedUsers {
  const names = resolveNames(named(users), onConflict, { noun: 'user', taken: new Set() });
  // Both lists have the same order.
  const typeOf = new Map(roles.map(({ id }, index) => [id, importedRoles[index]?.type]));

  function* mapped(): Generator<readonly [StrapiUser, ImportedUser]> {
    const documentIds = new Set<string>();
    for (const user of users) {
      const kept = names.namesOf(namedUser(user));
      const role = user.role === undefined ? undefined : typeOf.get(user.role);
      if (kept) yield [user, mapUser(user, kept, { role, documentId: documentIdFor(user.documentId, documentIds) })];
    }
  }

  const ids = new Set<number>();
  const found = new Findings();
  for (const [user, imported] of mapped()) {
    ids.add(user.id);
    found.note(user, imported);
  }
  notes.say(
    `${counted(ids.size, 'user')} with their ids, documentIds, names and passwords. Tokens and mailed links of Strapi do not come: everybody logs in again.`,
  );
  reportConflicts(names, notes);
  found.report(notes);
  return {
    ids,
    *[Symbol.iterator]() {
      for (const [, imported] of mapped()) yield imported;
    },
  };
}

/** A list that is read more than once without being in memory. */
function named(users: readonly StrapiUser[]): Iterable<NamedUser> {
  return {
    *[Symbol.iterator]() {
      for (const user of users) yield namedUser(user);
    },
  };
}

function namedUser({ id, username, email }: StrapiUser): NamedUser {
  return { label: id, username, email };
}

function mapUser(
  user: StrapiUser,
  names: KeptNames,
  { role, documentId }: { readonly role: string | undefined; readonly documentId: string | undefined },
): ImportedUser {
  return {
    id: user.id,
    documentId,
    ...names,
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
  };
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

  note({ id, provider, passwordHash, documentId, furtherColumns }: StrapiUser, imported: ImportedUser): void {
    if (imported.blockReason === NO_ROLE) this.#withoutRole.push(id);
    if (documentId !== undefined && imported.documentId === undefined) this.#newDocumentId.push(id);
    if (passwordHash === null && provider !== 'local') this.#ofProviders.push(id);
    else if (imported.passwordHash === NO_PASSWORD) this.#needsReset.push(id);
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
