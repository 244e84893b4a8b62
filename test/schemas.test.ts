import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaPGlite } from 'pglite-prisma-adapter';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { DEMO_PASSWORD } from '../src/accounts/public-password.ts';
import { app } from '../src/app/app.ts';
import type { Config } from '../src/config/config.ts';
import { migrate } from '../src/database/migrate.ts';
import { MIGRATIONS } from '../src/database/migration-engine.ts';
import { findModelDifferences } from '../src/database/model-differences.ts';
import type { Database, DatabaseLocation } from '../src/database/open.ts';
import { openSeeded } from '../src/start/open-seeded.ts';
import { ask } from './support/administer.ts';
import { createServerDatabase, emptyDump } from './support/database.ts';
import { startServer, type TestServer } from './support/start.ts';

/** Gatehouse's own tables stand in a schema of their own, beside whatever the database has. */

const onServer = inject('databaseKind') === 'server';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A database that somebody else filled: on the server, or in memory. */
async function filledWith(sql: string): Promise<DatabaseLocation> {
  if (onServer) {
    const { url, drop } = await createServerDatabase();
    closing.push(drop);
    await ask(sql, new URL(url).pathname.slice(1));
    return { kind: 'server', url };
  }
  if (sql === '') return { kind: 'memory', dump: emptyDump() };
  const pglite = await PGlite.create({ loadDataDir: emptyDump() });
  await pglite.exec(sql);
  const dump = await pglite.dumpDataDir('none');
  await pglite.close();
  return { kind: 'memory', dump };
}

async function open(location: DatabaseLocation): Promise<Database> {
  const config = { database: location, production: false, seedDemo: true, bcryptCost: 4 } as Config; // all that it reads
  const { database } = await openSeeded(config, app, () => {});
  return database;
}

async function start(location: DatabaseLocation): Promise<TestServer> {
  const server = await startServer({ app, database: await open(location) });
  closing.push(() => server.close());
  return server;
}

const TABLES = `
  SELECT n.nspname || '.' || c.relname AS "name"
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'v') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') ORDER BY 1`;

async function tablesOf({ query }: Database): Promise<string[]> {
  return (await query<{ name: string }>(TABLES, [])).map(({ name }) => name);
}

const CONTENT = ['_PostToTag', 'authors', 'categories', 'posts', 'site_settings', 'tags'];

const LOGIN = 'mutation ($input: UsersPermissionsLoginInput!) { login(input: $input) { jwt user { username } } }';

/** Everything that touches a table, once: accounts, content with each kind of relation, the administration. */
async function everythingWorks(server: TestServer): Promise<void> {
  const data = async (document: string, options: Parameters<TestServer['ask']>[1] = {}) => {
    const answer = await server.ask(document, options);
    expect(answer.errors, answer.text).toBeUndefined();
    return answer.data;
  };
  const registered = await data(
    'mutation ($input: UsersPermissionsRegisterInput!) { register(input: $input) { jwt user { username role { type } } } }',
    {
      variables: { input: { username: 'newcomer', email: 'newcomer@example.org', password: 'correct horse battery' } },
    },
  );
  expect(registered.register.user).toEqual({ username: 'newcomer', role: { type: 'authenticated' } });
  expect((await data('{ me { username } }', { token: registered.register.jwt })).me.username).toBe('newcomer');
  const token = (await data(LOGIN, { variables: { input: { identifier: 'editor', password: DEMO_PASSWORD } } })).login
    .jwt;
  const [tag] = (await data('{ tags { documentId name } }')).tags;
  const [author] = (await data('{ authors { documentId name } }')).authors;
  const CREATE = `mutation ($data: PostInput!) { createPost(data: $data) { documentId kind author { name } tags { name } } }`;
  const variables = {
    data: { title: 'Beside', slug: 'beside', kind: 'tutorial', tags: [tag.documentId], author: author.documentId },
  };
  const { documentId, ...created } = (await data(CREATE, { token, variables })).createPost;
  expect(created).toEqual({ kind: 'tutorial', author: { name: author.name }, tags: [{ name: tag.name }] });
  const twice = await server.ask(CREATE, { token, variables });
  expect(twice.errors?.[0]?.extensions.error.details?.errors?.[0]?.message).toBe('This attribute must be unique');
  const filtered = await data(
    'query ($name: String!) { posts(filters: { tags: { name: { eq: $name } }, kind: { eq: tutorial }, slug: { eq: "beside" } }) { title } }',
    { variables: { name: tag.name } },
  );
  expect(filtered.posts).toEqual([{ title: 'Beside' }]);
  const linked = await data('{ tags { posts(filters: { slug: { eq: "beside" } }) { slug } } }');
  expect(linked.tags).toContainEqual({ posts: [{ slug: 'beside' }] });
  const admin = await server.adminToken();
  const asked = await server.askAdmin(
    `query ($tag: ID!) { references(type: "Tag", documentId: $tag) { type count onDelete }
      overview { users } roles { name } post(documentId: "${documentId}") { title } }`,
    { token: admin, variables: { tag: tag.documentId } },
  );
  expect(asked.errors, asked.text).toBeUndefined();
  expect(asked.data.references).toMatchObject([{ type: 'Post', onDelete: 'UNLINKED' }]);
  expect(await findModelDifferences(server.database)).toEqual([]);
  await data('mutation ($id: ID!) { deletePost(documentId: $id) { documentId } }', {
    token,
    variables: { id: documentId },
  });
}

test('a new database has Gatehouse’s tables in gatehouse, and only those of the content in public', async () => {
  const server = await start(await filledWith(''));
  const tables = await tablesOf(server.database);
  expect(tables.filter((name) => name.startsWith('public.'))).toEqual(CONTENT.map((name) => `public.${name}`));
  expect(tables).toContain('gatehouse.users');
  expect(tables).toContain('gatehouse._prisma_migrations');
  await everythingWorks(server);
});

/** A shop that has users, roles and settings of its own, a history of Prisma's, and functions that are named like ours. */
const SHOP = `
  CREATE TABLE users (id uuid PRIMARY KEY, login text NOT NULL);
  CREATE TABLE roles (name text PRIMARY KEY);
  CREATE TABLE settings (key text PRIMARY KEY, value text);
  CREATE TABLE sessions (id int); CREATE TABLE identifiers (id int); CREATE TABLE mailed_codes (id int); CREATE TABLE locks (id int);
  CREATE TABLE audit_entries (id int); CREATE TABLE permissions (id int); CREATE TABLE attempts (id int);
  CREATE TYPE "CodePurpose" AS ENUM ('none');
  CREATE TABLE _prisma_migrations (id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL, finished_at timestamptz,
    migration_name varchar(255) NOT NULL, logs text, rolled_back_at timestamptz, started_at timestamptz NOT NULL DEFAULT now(),
    applied_steps_count integer NOT NULL DEFAULT 0);
  CREATE FUNCTION tell_of_roles() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''not ours''; END';
  INSERT INTO users VALUES ('7f4b7f5e-6a5f-4f7c-9b7e-0a5c1d6f3b21', 'somebody');
  INSERT INTO roles VALUES ('clerk'); INSERT INTO settings VALUES ('shop', 'open');
  INSERT INTO _prisma_migrations VALUES ('1', 'sum', now(), '20200101000000_shop', NULL, NULL, now(), 1)`;

test('a database with tables of the same names keeps them as they are', async () => {
  const server = await start(await filledWith(SHOP));
  await everythingWorks(server);
  const { query } = server.database;
  const rows = async (table: string) => query(`SELECT * FROM public.${table}`, []);
  expect(await rows('users')).toEqual([{ id: '7f4b7f5e-6a5f-4f7c-9b7e-0a5c1d6f3b21', login: 'somebody' }]);
  expect(await rows('roles')).toEqual([{ name: 'clerk' }]);
  expect(await rows('settings')).toEqual([{ key: 'shop', value: 'open' }]);
  expect((await rows('_prisma_migrations')).map((row) => row['migration_name'])).toEqual(['20200101000000_shop']);
  for (const table of [
    'sessions',
    'identifiers',
    'mailed_codes',
    'locks',
    'audit_entries',
    'permissions',
    'attempts',
  ]) {
    expect(await rows(table)).toEqual([]);
  }
  const triggers = await query(
    `SELECT tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
     WHERE c.relnamespace = 'public'::regnamespace AND NOT tgisinternal`,
    [],
  );
  expect(triggers).toEqual([]);
});

describe('other names', () => {
  test('GATEHOUSE_SCHEMA names the schema of a new database, whatever characters it has', async () => {
    const location = await filledWith('');
    const server = await start({ ...location, ownSchema: 'Gate. house' });
    const tables = await tablesOf(server.database);
    expect(tables).toContain('Gate. house.users');
    expect(tables.filter((name) => name.startsWith('gatehouse.'))).toEqual([]);
    await everythingWorks(server);
  });

  test('the schema of the content is possible, too', async () => {
    const location = await filledWith('');
    const server = await start({ ...location, ownSchema: 'public' });
    const tables = await tablesOf(server.database);
    expect(tables.filter((name) => !name.startsWith('public.'))).toEqual([]);
    await everythingWorks(server);
    if (onServer) await (await open({ ...location, ownSchema: 'public' })).close();
  });

  if (onServer)
    test('the URL names the schema of the content', async () => {
      const location = (await filledWith('CREATE TABLE posts (id int)')) as Extract<
        DatabaseLocation,
        { kind: 'server' }
      >;
      const server = await start({ ...location, url: `${location.url}?schema=web` });
      const tables = await tablesOf(server.database);
      expect(tables.filter((name) => !name.startsWith('gatehouse.'))).toEqual([
        'public.posts',
        ...CONTENT.map((name) => `web.${name}`),
      ]);
      await everythingWorks(server);
    });
});

describe('an installation from before there was a choice', () => {
  const old = () =>
    filledWith(`SET check_function_bodies = off; ${readFileSync('test/fixtures/old-installation.sql', 'utf8')}`);

  test('keeps its tables where they are, and its people', async () => {
    const server = await start(await old());
    expect((await tablesOf(server.database)).filter((name) => !name.startsWith('public.'))).toEqual([]);
    await everythingWorks(server);
  });

  test('is not begun anew in another schema', async () => {
    await expect(open({ ...(await old()), ownSchema: 'gatehouse' })).rejects.toThrow(
      'GATEHOUSE_SCHEMA is gatehouse, and the tables of Gatehouse are in the schema public of this database.',
    );
  });

  test('may be named', async () => {
    const server = await start({ ...(await old()), ownSchema: 'public' });
    await everythingWorks(server);
  });

  test('is given the newer migrations of both histories, once', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'gatehouse-migrations-'));
    closing.push(async () => rmSync(folder, { recursive: true }));
    const folders = { own: join(folder, 'own'), content: join(folder, 'content') };
    for (const kind of ['own', 'content'] as const) {
      cpSync(MIGRATIONS[kind], folders[kind], { recursive: true });
      const migration = join(folders[kind], `20300101000000_${kind}`);
      mkdirSync(migration);
      writeFileSync(join(migration, 'migration.sql'), `CREATE TABLE "of_${kind}" ("id" int)`);
    }
    const { adapter, runScript, close } = await connectionTo(await old());
    closing.push(close);
    const schemas = { own: 'public', content: 'public' };
    const applied = await migrate({ adapter, runScript, schemas }, folders);
    // The installation is older than other migrations, too.
    expect(applied.filter((name) => name.startsWith('2030'))).toEqual(['20300101000000_own', '20300101000000_content']);
    expect(await migrate({ adapter, runScript, schemas }, folders)).toEqual([]);
  });
});

async function connectionTo(location: DatabaseLocation) {
  if (location.kind === 'server') {
    const pool = new pg.Pool({ connectionString: location.url, max: 1 });
    return { adapter: new PrismaPg(pool), runScript: (sql: string) => pool.query(sql), close: () => pool.end() };
  }
  const dump = 'dump' in location ? location.dump : undefined;
  const pglite = await PGlite.create({ loadDataDir: dump ?? emptyDump() });
  return {
    adapter: new PrismaPGlite(pglite),
    runScript: (sql: string) => pglite.exec(sql),
    close: () => pglite.close(),
  };
}

if (onServer)
  describe('on a server', () => {
    test('processes that start at once on an empty database all start', async () => {
      const location = await filledWith('');
      const opened = await Promise.all(Array.from({ length: 4 }, () => open(location)));
      expect(await opened[0]?.prisma.user.count()).toBe(app.demoUsers.length);
      for (const database of opened) await database.close();
    });

    test('tables of somebody who may only create some in public are no installation', async () => {
      const { url, drop } = await createServerDatabase();
      const name = new URL(url).pathname.slice(1);
      const role = `${name}_planter`;
      closing.push(async () => void (await ask(`DROP ROLE ${role}`)), drop);
      await ask(
        `CREATE ROLE ${role}; GRANT CREATE, USAGE ON SCHEMA public TO ${role}; SET ROLE ${role};
         CREATE TABLE public.identifiers (); CREATE TABLE public.mailed_codes ();
         CREATE TABLE public._prisma_migrations AS SELECT '20261122221648_init'::text AS migration_name; RESET ROLE`,
        name,
      );
      const database = await open({ kind: 'server', url });
      expect(database.schemas.own).toBe('gatehouse');
      await database.close();
    });

    test('a user who may not create schemas is told so, and can be given one', async () => {
      const { url, drop } = await createServerDatabase();
      const name = new URL(url).pathname.slice(1);
      const role = `${name}_user`;
      closing.push(async () => void (await ask(`DROP ROLE ${role}`)), drop);
      await ask(
        `CREATE ROLE ${role} LOGIN PASSWORD 'secret'; REVOKE CREATE ON DATABASE ${name} FROM PUBLIC; GRANT CREATE ON SCHEMA public TO ${role}`,
        name,
      );
      const own = new URL(url);
      own.username = role;
      own.password = 'secret';
      const location = { kind: 'server', url: own.href } as const;
      await expect(open(location)).rejects.toThrow(
        `permission denied for database ${name}. Gatehouse keeps its tables in the schema gatehouse: let its user create that, or give it one: CREATE SCHEMA "gatehouse" AUTHORIZATION`,
      );
      await ask(`CREATE SCHEMA gatehouse AUTHORIZATION ${role}`, name);
      await (await open(location)).close();
    });
  });
