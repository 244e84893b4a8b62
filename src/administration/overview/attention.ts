import type { ActionGroup } from '../../authorization/catalogue.ts';
import { permissionsWith } from '../../authorization/permissions.ts';
import { permissionsIn, readRoles, rolesAsJson } from '../../authorization/role-union.ts';
import type { AdministrationServices } from '../administration.ts';
import { findHolderProblems, type HolderProblems } from '../holder-problems.ts';
import type { OverviewNumbers } from './numbers.ts';
import { readTokensToLookAt, type TokenToLookAt } from './tokens-to-look-at.ts';

export const ATTENTION_KINDS = [
  'PUBLIC_PASSWORD',
  'PUBLIC_WRITES',
  'UNREADABLE_GRANTS',
  'UNKNOWN_ACTIONS',
  'NO_MAIL_SERVER',
  'STUCK_MAILS',
  'FAILED_MAILS',
  'TOKENS_ENDING',
  'TOKENS_UNUSED',
  'TOKENS_IMPORTED',
  'DISPUTED_USERNAMES',
] as const;

/** Something that an administrator should look at. */
export interface Attention {
  readonly kind: (typeof ATTENTION_KINDS)[number];
  readonly text: string;
  readonly count: number | undefined;
  /** The documentId of the role or the API token, where it is about one. */
  readonly subject: string | undefined;
  readonly subjectKind: 'role' | 'apiToken' | undefined;
  /** Its name. */
  readonly name: string | undefined;
  /** When something happens. */
  readonly at: Date | undefined;
}

/** Names in one text. */
const NAMED = 5;

type Services = Pick<AdministrationServices, 'prisma' | 'rules' | 'tokenActions' | 'serverInfo' | 'clock'> & {
  readonly catalogue: readonly ActionGroup[];
};

/** More of a kind than this are one item: a list of a hundred is not read. */
const SINGLE = 10;

/** What needs attention, the most urgent first. Three statements. */
export async function readAttention(services: Services, numbers: OverviewNumbers): Promise<Attention[]> {
  const { prisma, serverInfo, clock } = services;
  const problems = await findHolderProblems(services);
  const tokens = await readTokensToLookAt(prisma, clock());
  return [
    ...counted(
      'PUBLIC_PASSWORD',
      numbers.publicPasswords,
      (of) => `${of('account')} can be logged in to with the public password of development`,
    ),
    ...(await publicWrites(services)),
    ...unreadableGrants(problems),
    ...unknownActions(problems),
    ...(serverInfo.mailServer
      ? []
      : [item({ kind: 'NO_MAIL_SERVER', text: 'No mail server is configured: mails are sent to nobody' })]),
    ...counted('STUCK_MAILS', numbers.stuckMails, (of) => `${of('mail')} should have been sent by now`),
    ...counted('FAILED_MAILS', numbers.failedMails, (of) => `${of('mail')} could not be sent in the last 7 days`),
    ...ending(tokens),
    ...unused(tokens),
    ...imported(tokens),
    ...counted(
      'DISPUTED_USERNAMES',
      numbers.disputedUsernames,
      (of) => `${of('username')} can be mistaken for another user`,
    ),
  ];
}

function item({ kind, text, ...about }: Pick<Attention, 'kind' | 'text'> & Partial<Attention>): Attention {
  return {
    kind,
    text,
    count: undefined,
    subject: undefined,
    subjectKind: undefined,
    name: undefined,
    at: undefined,
    ...about,
  };
}

function counted(
  kind: Attention['kind'],
  count: number,
  text: (of: (noun: string) => string) => string,
): readonly Attention[] {
  return count === 0 ? [] : [item({ kind, count, text: text((noun) => numbered(count, noun)) })];
}

function numbered(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}

/** The first of these names; all others are one number. */
function listed(names: readonly string[]): string {
  const more = names.length - NAMED;
  return more > 0 ? `${names.slice(0, NAMED).join(', ')} and ${more} more` : names.join(', ');
}

/** One item each, or one for all where there are many. */
function each<Subject>(
  kind: Attention['kind'],
  subjects: readonly Subject[],
  single: (subject: Subject) => Omit<Attention, 'kind'>,
  all: (count: number) => string,
): readonly Attention[] {
  if (subjects.length > SINGLE) return [item({ kind, count: subjects.length, text: all(subjects.length) })];
  return subjects.map((subject) => ({ kind, ...single(subject) }));
}

/** What anybody can write without a login, but for logging in itself. */
async function publicWrites({ prisma, rules, catalogue }: Services): Promise<readonly Attention[]> {
  const roles = rolesAsJson(`SELECT "id" FROM "roles" WHERE "type" = 'public'`);
  const [row] = await prisma.$queryRawUnsafe<{ roles: string; documentId: string | null; name: string | null }[]>(
    `SELECT ${roles} AS "roles", p."documentId", p."name" FROM (SELECT 1) "one" LEFT JOIN "roles" p ON p."type" = 'public'`,
  );
  const permissions = permissionsWith(permissionsIn(readRoles(row?.roles ?? '[]')), {
    of: 'public',
    isValid: rules.isValid,
  });
  const writing = catalogue
    .filter(({ type }) => type !== 'auth')
    .flatMap(({ actions }) => actions)
    .filter(({ action, writes }) => writes && permissions.allows(action))
    .map(({ action }) => action);
  if (writing.length === 0) return [];
  const text = `Without a login, anybody can use ${listed(writing)}`;
  const subject = row?.documentId ?? undefined;
  const about = subject === undefined ? {} : { subject, subjectKind: 'role' as const };
  return [item({ kind: 'PUBLIC_WRITES', text, count: writing.length, ...about, name: row?.name ?? undefined })];
}

function unreadableGrants(holders: readonly HolderProblems[]): readonly Attention[] {
  return each(
    'UNREADABLE_GRANTS',
    holders.filter(({ problems }) => problems.length > 0),
    ({ holder, kind, documentId, name, problems }) => ({
      text: `${sentence(holder)} has ${numbered(problems.length, 'grant')} that can no longer be read, and allow nothing`,
      ...{ count: problems.length, subject: documentId, subjectKind: kind, name, at: undefined },
    }),
    (count) => `${count} roles and API tokens have grants that can no longer be read, and allow nothing`,
  );
}

function unknownActions(holders: readonly HolderProblems[]): readonly Attention[] {
  return each(
    'UNKNOWN_ACTIONS',
    holders.filter(({ unknown }) => unknown.length > 0),
    ({ holder, kind, documentId, name, unknown }) => ({
      text: `${sentence(holder)} has ${numbered(unknown.length, 'action')} that this server does not have: ${listed(unknown)}`,
      ...{ count: unknown.length, subject: documentId, subjectKind: kind, name, at: undefined },
    }),
    (count) => `${count} roles and API tokens have actions that this server does not have`,
  );
}

function ending(tokens: readonly TokenToLookAt[]): readonly Attention[] {
  return each(
    'TOKENS_ENDING',
    tokens.filter(({ endsSoon }) => endsSoon),
    ({ documentId, name, expiresAt }) => ({
      text: `The API token ${name} expires on ${expiresAt?.toISOString().slice(0, 10)}`,
      ...{ count: undefined, subject: documentId, subjectKind: 'apiToken', name, at: expiresAt ?? undefined },
    }),
    (count) => `${count} API tokens expire within 14 days`,
  );
}

function unused(tokens: readonly TokenToLookAt[]): readonly Attention[] {
  return each(
    'TOKENS_UNUSED',
    tokens.filter(({ isUnused }) => isUnused),
    ({ documentId, name, lastUsedAt }) => ({
      text: lastUsedAt
        ? `The API token ${name} was last used on ${lastUsedAt.toISOString().slice(0, 10)}`
        : `The API token ${name} has never been used`,
      ...{ count: undefined, subject: documentId, subjectKind: 'apiToken', name, at: lastUsedAt ?? undefined },
    }),
    (count) => `${count} API tokens are valid, and nobody uses them`,
  );
}

function imported(tokens: readonly TokenToLookAt[]): readonly Attention[] {
  return each(
    'TOKENS_IMPORTED',
    tokens.filter(({ isImported }) => isImported),
    ({ documentId, name }) => ({
      text: `The API token ${name} has a secret that Strapi made: give it a new one`,
      ...{ count: undefined, subject: documentId, subjectKind: 'apiToken', name, at: undefined },
    }),
    (count) => `${count} API tokens have secrets that Strapi made: give each a new one`,
  );
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
