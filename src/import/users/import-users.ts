import { identifierKeys } from '../../accounts/identifiers.ts';
import { NO_PASSWORD } from '../../accounts/public-password.ts';
import {
  type AdministrationServices,
  administer,
  type By,
  type Transaction,
} from '../../administration/administration.ts';
import type { ImportedUser, ImportPlan } from '../accounts.ts';
import type { OnConflict } from '../name-conflicts.ts';
import { counted, idList, PlanNotes } from '../plan-notes.ts';
import { ImportRefused } from '../strapi/source.ts';
import { takenIdentifiers } from '../taken-identifiers.ts';
import { type WriteOptions, writeAccounts } from '../write-accounts.ts';
import { nameUsers } from './name-users.ts';
import { readLines } from './read-lines.ts';
import { type FileUser, readUser } from './user-line.ts';

export interface UsersPlan extends ImportPlan {
  readonly users: readonly ImportedUser[];
}

type Services = Pick<AdministrationServices, 'prisma' | 'audit' | 'clock'>;

/** Users of one file. */
const MOST_USERS = 1_000_000;
/** Faults that are named one by one. */
const NAMED = 20;

/** Plans the import of a file with one user a line. Nothing is written. */
export async function planUsers(
  { prisma, clock }: Pick<Services, 'prisma' | 'clock'>,
  file: string,
  onConflict: OnConflict,
): Promise<UsersPlan> {
  const notes = new PlanNotes();
  const faults: string[] = [];
  const found: FileUser[] = [];
  const now = clock();
  for await (const { number, content } of readLines(file)) {
    const user = 'fault' in content ? content : readUser(number, content.text, now);
    if ('fault' in user) faults.push(`Line ${number}: ${user.fault}.`);
    else found.push(user);
    if (found.length + faults.length > MOST_USERS)
      throw new ImportRefused(`The file has more than ${MOST_USERS} users.`);
  }
  if (found.length + faults.length === 0) notes.refuse('The file has no users.');
  faults.push(...(await unknownRoles(prisma, found)), ...(await takenIdentities(prisma, found)));
  const names = await nameUsers(found, onConflict, (keys) => takenIdentifiers(prisma, keys));
  for (const { label, why, outcome } of names.conflicts) if (outcome === 'fail') faults.push(`Line ${label}: ${why}.`);
  for (const fault of faults.slice(0, NAMED)) notes.refuse(fault);
  if (faults.length > NAMED) notes.refuse(`${faults.length - NAMED} more lines have faults.`);
  if (names.conflicts.some(({ outcome }) => outcome === 'fail')) {
    notes.refuse(
      'Change these names, or import with --on-conflict rename (new usernames) or skip (without these users).',
    );
  }
  for (const [outcome, what] of [
    ['skip', 'users who do not come, since their names cannot be kept'],
    ['rename', 'users who get a new username'],
  ] as const) {
    const lines = names.conflicts.filter((conflict) => conflict.outcome === outcome).map(({ label }) => label);
    notes.lose(`${what}: lines ${idList(lines)}`, lines.length);
  }

  const users = found.flatMap(({ line, createdAt = now, ...user }): ImportedUser[] => {
    const kept = names.kept.get(line);
    if (!kept) return [];
    const blockReason = user.blocked ? 'Blocked in the system that the user comes from.' : null;
    const ours = { id: undefined, documentId: undefined, provider: 'local', blockReason };
    return [{ ...user, ...ours, ...kept, createdAt, updatedAt: now }];
  });
  notes.say(`${counted(users.length, 'user')} with their names and passwords.`);
  const without = users.filter(({ passwordHash }) => passwordHash === NO_PASSWORD).length;
  if (without > 0) notes.say(`${counted(without, 'user')} of them without a password: a reset gives them one.`);
  const made = found.filter(({ username, line }) => username === undefined && names.kept.has(line)).length;
  if (made > 0) notes.say(`${counted(made, 'username')} made from the e-mail.`);
  return { users, lines: notes.lines, losses: notes.losses, obstacles: notes.obstacles };
}

/** A million users take some minutes. */
const TIMEOUT = 2 * 3_600_000;

/**
 * Carries out a plan without obstacles: all of it or nothing, in one transaction with its audit event.
 *
 * @throws ImportRefused when a name, a role or an identity was taken since it was planned.
 */
export async function importUsers(
  { prisma, audit }: Pick<Services, 'prisma' | 'audit'>,
  by: By,
  { users, obstacles, losses }: UsersPlan,
  options: WriteOptions = {},
): Promise<void> {
  if (obstacles.length > 0) throw new ImportRefused(obstacles.join('\n'));
  await administer(
    prisma,
    by,
    async (transaction) => {
      // Nobody registers meanwhile.
      await transaction.$executeRaw`LOCK TABLE "users" IN SHARE ROW EXCLUSIVE MODE`;
      const taken = await takenIdentifiers(transaction, users.flatMap(identifierKeys));
      const numbered = users.map((user, index) => ({ ...user, line: index + 1 }));
      const faults = [
        ...(await unknownRoles(transaction, numbered)),
        ...(await takenIdentities(transaction, numbered)),
      ];
      if (taken.size > 0 || faults.length > 0) {
        throw new ImportRefused('Users or roles were changed meanwhile. Nothing was imported. Start again.');
      }
      const accounts = { roles: [], users, settings: {}, defaultRole: undefined };
      await writeAccounts(transaction, { ...accounts, mailTemplates: [], providers: [], apiTokens: [] }, options);
      await audit.record(transaction, by.actor, {
        event: 'import.users',
        target: { kind: 'import', documentId: null, name: 'users' },
        after: { users: users.length, losses: losses.length },
      });
    },
    { timeout: TIMEOUT },
  );
}

type Checked = Pick<FileUser, 'line' | 'roles' | 'identities'>;

async function unknownRoles({ role }: Pick<Transaction, 'role'>, users: readonly Checked[]): Promise<string[]> {
  const known = new Set((await role.findMany({ select: { type: true } })).map(({ type }) => type));
  return users
    .filter(({ roles }) => roles.some((type) => !known.has(type)))
    .map(({ line }) => `Line ${line}: roles has a type that no role here has. Create the role first.`);
}

/** Identities of one statement. */
const BATCH = 5_000;

/** An identity is one user's: of the file and of the database together. */
async function takenIdentities(
  { identity }: Pick<Transaction, 'identity'>,
  users: readonly Checked[],
): Promise<string[]> {
  const keyOf = (one: { readonly provider: string; readonly subject: string }) =>
    JSON.stringify([one.provider, one.subject]);
  const own = users.flatMap(({ line, identities }) => identities.map((one) => ({ line, key: keyOf(one), one })));
  const taken = new Set<string>();
  for (let start = 0; start < own.length; start += BATCH) {
    const subjects = own.slice(start, start + BATCH).map(({ one }) => one.subject);
    const rows = await identity.findMany({
      where: { subject: { in: subjects } },
      select: { provider: true, subject: true },
    });
    for (const row of rows) taken.add(keyOf(row));
  }
  return own.flatMap(({ line, key }) => {
    if (taken.has(key)) return [`Line ${line}: identities has one that another user has.`];
    taken.add(key);
    return [];
  });
}
