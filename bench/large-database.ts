// A large database: node bench/large-database.ts --users 1000000. Needs BENCH_DATABASE_URL.
// 1,000 roles with 500 permissions each, so many users, 100,000 posts: what a start takes, what memory, a request of somebody
// who was seen before and of somebody who was not, and a change of a role.

import { createHash, randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { DEMO_ADMIN, DEMO_PASSWORD } from '../src/accounts/public-password.ts';
import { createTokens } from '../src/authentication/tokens.ts';
import { dataOf } from './ask.ts';
import { openBenchDatabase } from './database.ts';
import { startMain } from './main-process.ts';
import { table } from './markdown.ts';
import { expectData, timesOf } from './one-by-one.ts';

const ROLES = 1_000;
const PERMISSIONS = 500;
const POSTS = 100_000;
/** As many log in: one of each role, twice. */
const SEEN = 2_000;

const ME = '{ me { username role { type } } }';
const TEN_POSTS = '{ posts(pagination: { limit: 10 }) { title author { name } category { name } } }';

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { users: { type: 'string', default: '1000000' } } });
  const users = Number(values.users);
  const serverUrl = process.env['BENCH_DATABASE_URL'];
  if (!serverUrl || !(users >= SEEN)) throw new Error(`Set BENCH_DATABASE_URL, and --users to ${SEEN} or more`);
  await using database = await openBenchDatabase(serverUrl);
  const { location, directory } = database;
  if (location.kind !== 'server') throw new Error('This is about a server');
  const secret = randomBytes(48).toString('base64url');
  const environment = { DATABASE_URL: location.url, DATA_DIR: directory, JWT_SECRET: secret };

  await (await startMain(environment))[Symbol.asyncDispose](); // migrated, and with the example blog in it
  const small = await figuresOf(environment, await tokensOf(location.url, secret, 'small'));
  process.stderr.write(`filling the database with ${users} users\n`);
  await fill(location.url, users);
  const large = await figuresOf(environment, await tokensOf(location.url, secret, 'large'));

  const rows = (Object.keys(large) as (keyof Figures)[]).map((name) => [
    NAMES[name],
    small[name].toFixed(1),
    large[name].toFixed(1),
  ]);
  process.stdout.write(
    `${database.description}: ${ROLES} roles with ${PERMISSIONS} permissions, ${users} users, ${POSTS} posts\n\n${table(['', 'example blog', 'large'], rows)}\n`,
  );
}

interface Figures {
  readonly start: number;
  readonly idle: number;
  readonly firstMe: number;
  readonly me: number;
  readonly posts: number;
  readonly change: number;
  readonly warm: number;
}

const NAMES: Readonly<Record<keyof Figures, string>> = {
  start: 'start to first response, ms',
  idle: 'memory after it, MB',
  firstMe: 'me of who was not seen before, ms',
  me: 'me of who was, ms',
  posts: 'ten posts with author and category, ms',
  change: 'a permission granted to a role, ms',
  warm: `memory after requests of all of them, MB`,
};

async function figuresOf(environment: Readonly<Record<string, string>>, tokens: readonly string[]): Promise<Figures> {
  await using server = await startMain(environment);
  const start = server.took;
  const idle = server.memory();
  await timesOf(Array.from({ length: 500 }), () => expectData(server.url, { query: TEN_POSTS })); // as Public: it is warm
  const ask = (query: string) => timesOf(tokens, (token) => expectData(server.url, { query, token }));
  const firstMe = await ask(ME);
  const me = await ask(ME);
  const posts = await timesOf(tokens.slice(0, 200), (token) => expectData(server.url, { query: TEN_POSTS, token }));
  const warm = server.memory();
  return { start, idle, firstMe, me, posts, change: await changeOf(server.url), warm };
}

async function changeOf(url: string): Promise<number> {
  const adminUrl = url.replace(/graphql$/, 'admin/graphql');
  const login = { query: `mutation { login(email: "${DEMO_ADMIN}", password: "${DEMO_PASSWORD}") { jwt } }` };
  const token = ((await dataOf(adminUrl, login)) as { login: { jwt: string } }).login.jwt;
  const found = (await dataOf(adminUrl, {
    query: '{ roles(filters: { type: { eq: "moderator" } }) { documentId version } }',
    token,
  })) as { roles: [{ documentId: string; version: number }] };
  const [{ documentId, version: first }] = found.roles;
  let version = first;
  return timesOf(Array.from({ length: 20 }), async () => {
    const change = version % 2 === 0 ? 'add: ["tag.create"]' : 'remove: ["tag.create"]';
    const query = `mutation { setPermissions(role: "${documentId}", version: ${version}, ${change}) { version } }`;
    const data = (await dataOf(adminUrl, { query, token })) as { setPermissions: { version: number } };
    version = data.setPermissions.version;
  });
}

/** Sessions for some users, and the tokens that belong to them: nobody waits for two thousand passwords. */
async function tokensOf(url: string, secret: string, which: 'small' | 'large'): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ id: number; documentId: string; session: string }>(
      `WITH chosen AS (SELECT "id", "documentId" FROM "users" WHERE "username" LIKE $1 ORDER BY "id" LIMIT ${SEEN}),
        begun AS (INSERT INTO "sessions" ("documentId", "userId", "address", "tokenVersion", "expiresAt")
          SELECT 'session' || "id", "id", '127.0.0.1', 1, now() + interval '1 day' FROM chosen RETURNING "userId", "documentId")
      SELECT chosen."id", chosen."documentId", begun."documentId" AS "session" FROM chosen JOIN begun ON begun."userId" = chosen."id"`,
      [which === 'small' ? '%' : 'large%'],
    );
    const tokens = await createTokens({
      audience: 'gatehouse:users',
      secrets: [secret],
      expiresIn: 86_400,
      clock: () => new Date(),
    });
    const until = new Date(Date.now() + 3_600_000);
    return await Promise.all(
      rows.map(({ session, ...user }) =>
        tokens.issue({ user: { ...user, tokenVersion: 1 }, session, from: new Date(), until }),
      ),
    );
  } finally {
    await client.end();
  }
}

async function fill(url: string, users: number): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const salt = createHash('sha256').update(url).digest('hex').slice(0, 6);
  for (const statement of [
    `INSERT INTO "roles" ("documentId", "name", "type", "updatedAt")
      SELECT 'role' || n || '${salt}', 'Large ' || n, 'large_' || n, now() FROM generate_series(1, ${ROLES}) n`,
    `INSERT INTO "permissions" ("roleId", "action")
      SELECT r."id", action FROM "roles" r, (
        SELECT "action" FROM "permissions" WHERE "roleId" = (SELECT "id" FROM "roles" WHERE "type" = 'authenticated')
        UNION SELECT 'type' || n || '.find' FROM generate_series(1, ${PERMISSIONS}) n LIMIT ${PERMISSIONS}
      ) AS a(action) WHERE r."type" LIKE 'large\\_%'`,
    `INSERT INTO "permissions" ("roleId", "action") SELECT "id", a FROM "roles", unnest(ARRAY['user.me', 'post.find', 'author.find', 'category.find']) a
      WHERE "type" LIKE 'large\\_%' ON CONFLICT DO NOTHING`,
    `INSERT INTO "users" ("documentId", "username", "email", "passwordHash", "confirmed", "roleId", "updatedAt")
      SELECT 'user' || n || '${salt}', 'large' || n, 'large' || n || '@example.com', 'none', true,
        (SELECT min("id") FROM "roles" WHERE "type" LIKE 'large\\_%') + n % ${ROLES}, now() FROM generate_series(1, ${users}) n`,
    `INSERT INTO "identifiers" ("key", "userId") SELECT lower("email"), "id" FROM "users" WHERE "username" LIKE 'large%'`,
    `INSERT INTO "posts" ("documentId", "title", "updatedAt", "authorId", "categoryId")
      SELECT 'post' || n || '${salt}', 'Large ' || n, now(), (SELECT min("id") FROM "authors"), (SELECT min("id") FROM "categories")
      FROM generate_series(1, ${POSTS}) n`,
    'ANALYZE',
  ]) {
    await client.query(statement);
  }
  await client.end();
}

await main();
