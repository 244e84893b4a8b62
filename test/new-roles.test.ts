import { expect, inject, onTestFinished, test } from 'vitest';
import { createPasswords } from '../src/accounts/passwords.ts';
import { OWN_ACCOUNT, RolesFault, SIGN_IN } from '../src/authorization/new-roles.ts';
import type { App } from '../src/start/app.ts';
import { seedDatabase } from '../src/start/seed-database.ts';
import { blog } from './blog/blog.ts';
import { type Database, openDatabase } from './blog/open-database.ts';
import { createServerDatabase, emptyDump } from './support/database.ts';

const authenticated = { type: 'authenticated', name: 'Authenticated', description: 'Users.', actions: OWN_ACCOUNT };
const everybody = { type: 'public', name: 'Public', description: 'Visitors.', actions: SIGN_IN };

/** A database with tables and nothing in them. */
async function openEmpty(): Promise<Database> {
  if (inject('databaseKind') === 'embedded') {
    const database = await openDatabase({ kind: 'memory', dump: emptyDump() });
    onTestFinished(() => database.close());
    return database;
  }
  const { url, drop } = await createServerDatabase();
  const database = await openDatabase({ kind: 'server', url });
  onTestFinished(async () => {
    await database.close();
    await drop();
  });
  return database;
}

function seed({ prisma }: Database, roles: App['roles']) {
  const options = { demo: false, production: false, passwords: createPasswords(4) };
  return seedDatabase(prisma, { ...blog, roles }, options);
}

test('a role of a new database has its actions on the rows and fields that it declares', async () => {
  const database = await openEmpty();
  const grants = [{ where: { featured: { eq: true } }, fields: ['title', 'content'] }, { fields: ['title'] }];
  const writer = { type: 'writer', name: 'Writer', description: 'Writes.' };
  await seed(database, [
    authenticated,
    everybody,
    { ...writer, actions: ['post.find', { action: 'post.findOne', grants }] },
  ]);
  const permissions = await database.prisma.permission.findMany({
    where: { role: { type: 'writer' } },
    select: { action: true, grants: true },
    orderBy: { action: 'asc' },
  });
  expect(permissions).toEqual([
    { action: 'post.find', grants: null },
    { action: 'post.findOne', grants },
  ]);
  // Null is SQL's, not a JSON of `null`: the constraint of the table refuses that one.
  const [{ restricted }] = (await database.query(
    'SELECT count("grants")::int AS restricted FROM "permissions"',
    [],
  )) as [{ restricted: number }];
  expect(restricted).toBe(1);
});

test('a role of a new database includes roles before it', async () => {
  const database = await openEmpty();
  const role = (type: string, includes?: string[]) => ({
    ...{ type, name: type, description: '', actions: [] },
    ...(includes && { includes }),
  });
  await seed(database, [
    authenticated,
    everybody,
    role('writer', ['authenticated']),
    role('editor', ['writer', 'public', 'writer']),
  ]);
  const includes = await database.query(
    `SELECT r."type", array_agg(i."type" ORDER BY i."type") AS "includes" FROM "role_includes" ri
     JOIN "roles" r ON r."id" = ri."roleId" JOIN "roles" i ON i."id" = ri."includedId" GROUP BY 1 ORDER BY 1`,
    [],
  );
  expect(includes).toEqual([
    { type: 'editor', includes: ['public', 'writer'] },
    { type: 'writer', includes: ['authenticated'] },
  ]);
});

/** What it would be asked is never asked: roles are checked first. */
const unopened = { prisma: null } as unknown as Database;

const found = (grants: object[]): App['roles'] => [
  authenticated,
  { ...everybody, actions: [...SIGN_IN, { action: 'post.find', grants }] },
];

test.each<[string, App['roles'], string]>([
  ['none', [], 'src/app/roles.ts: role 1 of a new database must be authenticated: Strapi front ends rely on its id'],
  ['another order', [everybody, authenticated], 'src/app/roles.ts: role 2 of a new database must be public'],
  [
    'one type twice',
    [authenticated, everybody, { ...everybody, name: 'Everybody' }],
    'src/app/roles.ts: two roles of a new database have the type public',
  ],
  [
    'one name twice',
    [authenticated, everybody, { ...everybody, type: 'visitor' }],
    'src/app/roles.ts: two roles of a new database have the name Public',
  ],
  [
    'one action twice',
    [authenticated, { ...everybody, actions: ['post.find', { action: 'post.find', grants: [{ fields: ['title'] }] }] }],
    'src/app/roles.ts: role public has the action post.find twice. Put its grants in one list.',
  ],
  [
    'a role that is included before it is there',
    [{ ...authenticated, includes: ['public'] }, everybody],
    'src/app/roles.ts: role authenticated includes public, which is not a role before it in the list',
  ],
  [
    'a role that includes itself',
    [authenticated, { ...everybody, includes: ['public'] }],
    'src/app/roles.ts: role public includes public, which is not a role before it in the list',
  ],
  ['no grant', found([]), 'src/app/roles.ts: role public: post.find: '],
  [
    'a key of another action',
    found([{}, { set: { title: 'mine' } }]),
    'src/app/roles.ts: role public: post.find.1.set: ',
  ],
  [
    'an action without rows',
    [authenticated, { ...everybody, actions: [{ action: 'auth.login', grants: [{ fields: ['title'] }] }] }],
    'src/app/roles.ts: role public: auth.login: ',
  ],
])('roles that no server can work with stop a start, in a line: %s', async (_what, roles, fault) => {
  const started = seed(unopened, roles);
  await expect(started).rejects.toThrow(RolesFault);
  await expect(started).rejects.toThrow(fault);
});
