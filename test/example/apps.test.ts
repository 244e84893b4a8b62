import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createPasswords } from '../../src/accounts/passwords.ts';
import { DEMO_PASSWORD } from '../../src/accounts/public-password.ts';
import { OWN_ACCOUNT, SIGN_IN } from '../../src/authorization/new-roles.ts';
import type { Config } from '../../src/config/config.ts';
import type { Database } from '../../src/database/open.ts';
import { createGatehouse } from '../../src/gatehouse.ts';
import type { App } from '../../src/start/app.ts';
import { exampleLogins } from '../../src/start/example-logins.ts';
import { seedDatabase } from '../../src/start/seed-database.ts';
import { blog } from '../blog/blog.ts';
import { contentType } from '../blog/declare.ts';
import type { PrismaClient, WithBlog } from '../blog/models.ts';
import { openDatabase } from '../blog/open-database.ts';
import { createServerDatabase, emptyDump } from '../support/database.ts';
import { send, startServer, type TestServer } from '../support/start.ts';

/** One process, three servers: the blog, an app without any content type, and one with others. */

const authenticated = { type: 'authenticated', name: 'Authenticated', description: 'Users.', actions: OWN_ACCOUNT };
const everybody = { type: 'public', name: 'Public', description: 'Visitors.', actions: SIGN_IN };

const EMPTY: App = { models: blog.models, contentTypes: [], roles: [authenticated, everybody], demoUsers: [] };

const seen: string[] = [];
const SHELVES: App = {
  models: blog.models,
  contentTypes: [
    contentType('Author', { name: 'Shelf', plural: 'shelves', actions: 'shelf', read: ['name'], write: ['name'] }),
    contentType('Category', {
      name: 'Room',
      actions: 'room',
      read: ['name', 'slug'],
      write: ['name', 'slug'],
    }),
  ],
  roles: [authenticated, { ...everybody, actions: [...SIGN_IN, 'shelf.find', 'room.find', 'door.open'] }],
  demoUsers: [{ username: 'keeper', email: 'keeper@example.com', role: 'authenticated' }],
  seed: async (transaction) => {
    await (transaction as WithBlog<typeof transaction>).author.create({ data: { name: 'top' } });
  },
  extend(builder, { prisma }) {
    builder.queryField('doors', (t) =>
      t.int({ authScopes: { action: 'door.open' }, resolve: () => (prisma as PrismaClient).category.count() }),
    );
    builder.queryField('cellar', (t) => t.int({ authScopes: { action: 'cellar.open' }, resolve: () => 1 }));
  },
  plugins: [{ onExecute: () => void seen.push('an operation') }],
};

const closing: (() => Promise<void>)[] = [];
let usual: TestServer;
let empty: string;
let shelves: string;
beforeAll(async () => {
  usual = await startServer();
  closing.push(() => usual.close());
  empty = await start(EMPTY);
  shelves = await start(SHELVES);
});
afterAll(async () => {
  for (const close of closing) await close();
});

/** Starts an app on a database that nothing was ever in. */
async function start(app: App): Promise<string> {
  const database = await openEmpty();
  const passwords = createPasswords(4);
  await seedDatabase(database.prisma, app, { demo: true, production: false, passwords });
  const config: Config = { ...usual.config, jwtSecrets: [randomBytes(48).toString('base64url')] };
  const gatehouse = await createGatehouse({
    ...app,
    config,
    database,
    log: pino({ level: 'silent' }),
    mailer: { send: async () => {}, close: () => {} },
    examples: exampleLogins(config, app),
  });
  closing.push(() => gatehouse.close());
  return `${await gatehouse.listen()}/graphql`;
}

async function openEmpty(): Promise<Database> {
  if (inject('databaseKind') === 'embedded') return openDatabase({ kind: 'memory', dump: emptyDump() });
  const { url, drop } = await createServerDatabase();
  closing.unshift(drop);
  return openDatabase({ kind: 'server', url });
}

async function queriesOf(url: string): Promise<string[]> {
  const { data } = await send(url, '{ __schema { queryType { fields { name } } } }');
  return data.__schema.queryType.fields.map(({ name }: { name: string }) => name);
}

const CONTENT = ['posts', 'authors', 'shelves', 'rooms', 'doors'];

describe('in one process', () => {
  test('each server has its own schema', async () => {
    const served = async (url: string) => (await queriesOf(url)).filter((name) => CONTENT.includes(name)).sort();
    expect(await served(usual.url)).toEqual(['authors', 'posts']);
    expect(await served(empty)).toEqual([]);
    expect(await served(shelves)).toEqual(['doors', 'rooms', 'shelves']);
  });

  test('without a content type there are accounts', async () => {
    const input = { username: 'first', email: 'first@example.com', password: 'a password of mine' };
    const register =
      'mutation ($input: UsersPermissionsRegisterInput!) { register(input: $input) { jwt user { username } } }';
    const { data } = await send(empty, register, { variables: { input } });
    expect(data.register.user).toEqual({ username: 'first' });
    const { jwt } = data.register;
    const me = await send(empty, '{ me { username role { name } } }', { token: jwt });
    expect(me.data).toEqual({ me: { username: 'first', role: { name: 'Authenticated' } } });
    const elsewhere = await send(shelves, '{ me { username } }', { token: jwt });
    expect(elsewhere.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    const page = await (await fetch(empty, { headers: { accept: 'text/html' } })).text();
    expect(page).toContain('mutation LogIn');
    expect(page).not.toContain('Public role');
  });

  test('an app has its own roles, users, data, fields and plugins', async () => {
    seen.length = 0;
    const { data } = await send(shelves, 'query Look { shelves { name } rooms { slug } doors }');
    expect(data).toEqual({ shelves: [{ name: 'top' }], rooms: [], doors: 0 });
    expect(seen).toEqual(['an operation']);
    const refused = await send(shelves, '{ cellar }');
    expect(refused.errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
    const login = `mutation { login(input: { identifier: "keeper", password: "${DEMO_PASSWORD}" }) { user { username } } }`;
    expect((await send(shelves, login)).data).toEqual({ login: { user: { username: 'keeper' } } });
    const page = await (await fetch(shelves, { headers: { accept: 'text/html' } })).text();
    expect(page).toContain('query Shelves');
    expect(page).toContain('keeper@example.com');
    expect(page).not.toMatch(/posts|reader@example\.com/);
  });
});
