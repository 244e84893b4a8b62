import { setTimeout as wait } from 'node:timers/promises';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { Query } from '../src/database/open.ts';
import { createGatehouse } from '../src/gatehouse.ts';
import { blog } from './blog/blog.ts';
import { openDatabase } from './blog/open-database.ts';
import { startProxyWithoutNotifications } from './support/notification-proxy.ts';
import { testServerUrl } from './support/server-url.ts';
import { send, startServer, type TestServer } from './support/start.ts';
import { startTcpProxy } from './support/tcp-proxy.ts';

/** Who may what is kept in memory, and never as it was. */

let server: TestServer;
let admin: string;
beforeAll(async () => {
  server = await startServer();
  admin = await server.adminToken();
});
afterAll(() => server?.close());

const ME = '{ me { username email role { type } } }';
const POSTS = '{ posts { title author { name } category { name } } }';

/** What a request is answered with: `ok`, or why not. */
async function outcome(token: string | undefined, document = POSTS, url = server.url): Promise<string> {
  const { data, errors } = await send(url, document, { token });
  if (!errors) return data.me ? `${data.me.username} ${data.me.role.type}` : 'ok';
  return errors[0]?.extensions.reason ?? errors[0]?.extensions.code ?? 'no code';
}

/** Runs SQL as somebody with psql would, and waits until it was told. */
async function byHand(sql: string, values: readonly unknown[] = []): Promise<void> {
  await server.database.query(sql, values);
  expect(await server.database.changes.catchUp()).toBe(true);
}

async function newUser(): Promise<{ readonly token: string; readonly id: number; readonly documentId: string }> {
  const name = `person${Math.random().toString(36).slice(2)}`;
  const { data } = await server.ask(
    'mutation ($i: UsersPermissionsRegisterInput!) { register(input: $i) { jwt user { id documentId } } }',
    { variables: { i: { username: name, email: `${name}@example.com`, password: 'a good password' } } },
  );
  const { id, documentId } = data.register.user;
  return { token: data.register.jwt, id: Number(id), documentId };
}

async function newToken(kind: string, actions?: readonly string[]) {
  const { data } = await server.askAdmin(
    'mutation ($d: CreateApiTokenInput!) { createApiToken(data: $d) { secret token { documentId } } }',
    {
      token: admin,
      variables: { d: { name: `token ${Math.random()}`, kind, lifespan: 'DAYS_7', ...(actions && { actions }) } },
    },
  );
  return { secret: data.createApiToken.secret as string, documentId: data.createApiToken.token.documentId as string };
}

describe('in a steady state', () => {
  test.each([
    ['a user', () => server.tokenOf('editor')],
    ['Public', async () => undefined],
    ['an API token', async () => (await newToken('READ_ONLY')).secret],
    [
      'a user who never confirmed',
      async () => {
        const { token, id } = await newUser();
        await byHand('UPDATE "users" SET "confirmed" = false WHERE "id" = $1', [id]);
        return token;
      },
    ],
  ])('%s takes no SQL to be known, and ten posts take one statement', async (_who, tokenOf) => {
    const token = await tokenOf();
    for (const [document, most] of [
      [ME, 0],
      [POSTS, 1],
      ['{ __typename }', 0],
    ] as const) {
      await server.ask(document, { token });
      await server.gatehouse.idle();
      server.statements.length = 0;
      const answer = await server.ask(document, { token });
      expect(answer.status).toBe(200);
      expect(server.statements.length, document).toBe(most);
    }
  });
});

describe('a change by anybody decides the next request:', () => {
  const SQL: readonly [what: string, sql: (id: number) => string, before: string, after: string][] = [
    ['a block', (id) => `UPDATE "users" SET "blocked" = true WHERE "id" = ${id}`, 'authenticated', 'blocked'],
    ['a deletion', (id) => `DELETE FROM "users" WHERE "id" = ${id}`, 'authenticated', 'revoked'],
    ['the end of its sessions', (id) => `DELETE FROM "sessions" WHERE "userId" = ${id}`, 'authenticated', 'revoked'],
    [
      'another version of its tokens',
      (id) => `UPDATE "users" SET "tokenVersion" = 9 WHERE "id" = ${id}`,
      'authenticated',
      'revoked',
    ],
    [
      'another role',
      (id) => `UPDATE "users" SET "roleId" = (SELECT "id" FROM "roles" WHERE "type" = 'editor') WHERE "id" = ${id}`,
      'authenticated',
      'editor',
    ],
  ];
  test.each(SQL)('%s', async (_what, sql, before, after) => {
    const { token, id } = await newUser();
    for (let time = 0; time < 2; time++) expect((await outcome(token, ME)).split(' ').at(-1)).toBe(before);
    await byHand(sql(id));
    expect((await outcome(token, ME)).split(' ').at(-1)).toBe(after);
  });

  test('a block that ends by itself ends by itself', async () => {
    const { token, id } = await newUser();
    await byHand(`UPDATE "users" SET "blocked" = true, "blockedUntil" = now() + interval '1 hour' WHERE "id" = $1`, [
      id,
    ]);
    expect(await outcome(token, ME)).toBe('blocked');
  });

  test('settings', async () => {
    const { token, id } = await newUser();
    await byHand('UPDATE "users" SET "confirmed" = false WHERE "id" = $1', [id]);
    const register = async () => {
      const name = `person${Math.random().toString(36).slice(2)}`;
      const input = { username: name, email: `${name}@example.com`, password: 'a good password' };
      const document = 'mutation ($i: UsersPermissionsRegisterInput!) { register(input: $i) { user { confirmed } } }';
      const { data, errors } = await send(server.url, document, { variables: { i: input } });
      return errors?.[0]?.message ?? (data.register.user.confirmed ? 'confirmed' : 'to be confirmed');
    };
    expect([await register(), await outcome(token)]).toEqual(['confirmed', 'ok']);
    await byHand('UPDATE "settings" SET "emailConfirmation" = true');
    expect([await register(), await outcome(token)]).toEqual(['to be confirmed', 'unconfirmed']);
    await byHand('UPDATE "settings" SET "emailConfirmation" = false, "signUps" = false');
    expect([await register(), await outcome(token)]).toEqual(['Register action is currently disabled', 'ok']);
    await byHand('UPDATE "settings" SET "signUps" = true');
    expect(await register()).toBe('confirmed');
    await server.askAdmin('mutation { updateSettings(data: { signUps: false }) { signUps } }', { token: admin });
    expect(await register()).toBe('Register action is currently disabled');
    await server.askAdmin('mutation { updateSettings(data: { signUps: true }) { signUps } }', { token: admin });
    expect(await register()).toBe('confirmed');
  });

  test('permissions that are taken and given, one by one, all at once, and with their role', async () => {
    const { token, id } = await newUser();
    const role = `(SELECT "id" FROM "roles" WHERE "type" = 'passing')`;
    await byHand(
      `INSERT INTO "roles" ("documentId", "name", "type", "updatedAt") VALUES ('passing', 'Passing', 'passing', now())`,
    );
    await byHand(
      `INSERT INTO "permissions" ("roleId", "action") SELECT ${role}, "action" FROM "permissions"
      WHERE "roleId" = (SELECT "roleId" FROM "users" WHERE "id" = $1)`,
      [id],
    );
    await byHand(`UPDATE "users" SET "roleId" = ${role} WHERE "id" = $1`, [id]);
    expect(await outcome(token)).toBe('ok');
    await byHand(`DELETE FROM "permissions" WHERE "roleId" = ${role} AND "action" = 'post.find'`);
    expect(await outcome(token)).toBe('FORBIDDEN');
    await byHand(`INSERT INTO "permissions" ("roleId", "action") VALUES (${role}, 'post.find')`);
    expect(await outcome(token)).toBe('ok');
    await byHand(`UPDATE "permissions" SET "action" = 'post.fly' WHERE "roleId" = ${role} AND "action" = 'post.find'`);
    expect(await outcome(token)).toBe('FORBIDDEN');
    await byHand(`UPDATE "permissions" SET "action" = 'post.find' WHERE "roleId" = ${role} AND "action" = 'post.fly'`);
    expect(await outcome(token)).toBe('ok');
    await byHand(`UPDATE "roles" SET "type" = 'renamed' WHERE "type" = 'passing'`);
    expect(await outcome(token, ME)).toContain('renamed');
    expect(await outcome(undefined)).toBe('ok');
    await byHand('CREATE TABLE kept AS SELECT * FROM "permissions"');
    await byHand('TRUNCATE "permissions"');
    expect(await outcome(token)).toBe('FORBIDDEN');
    expect(await outcome(undefined)).toBe('FORBIDDEN');
    await byHand('INSERT INTO "permissions" SELECT * FROM kept');
    expect(await outcome(token)).toBe('ok');
    expect(await outcome(undefined)).toBe('ok');
  });

  test('an API token that is revoked, made smaller, larger, or of another kind, ends, or is deleted', async () => {
    const where = (documentId: string) => `WHERE "documentId" = '${documentId}'`;
    const { secret, documentId } = await newToken('CUSTOM', ['post.find']);
    const tokenId = `(SELECT "id" FROM "api_tokens" ${where(documentId)})`;
    const short = '{ posts { title } }';
    expect(await outcome(secret, short)).toBe('ok');
    await byHand(`DELETE FROM "api_token_permissions" WHERE "tokenId" = ${tokenId}`);
    expect(await outcome(secret, short)).toBe('FORBIDDEN');
    await byHand(`INSERT INTO "api_token_permissions" ("tokenId", "action") VALUES (${tokenId}, 'post.find')`);
    expect(await outcome(secret, short)).toBe('ok');
    await byHand(`UPDATE "api_token_permissions" SET "action" = 'post.fly' WHERE "tokenId" = ${tokenId}`);
    expect(await outcome(secret, short)).toBe('FORBIDDEN');
    await byHand(`UPDATE "api_tokens" SET "kind" = 'FULL_ACCESS' ${where(documentId)}`);
    expect(await outcome(secret, short)).toBe('ok');
    await byHand(`UPDATE "api_tokens" SET "expiresAt" = now() - interval '1 second' ${where(documentId)}`);
    expect(await outcome(secret, short)).toBe('expired');
    await byHand(`UPDATE "api_tokens" SET "expiresAt" = NULL, "revokedAt" = now() ${where(documentId)}`);
    expect(await outcome(secret, short)).toBe('revoked');
    await byHand(`DELETE FROM "api_tokens" ${where(documentId)}`);
    expect(await outcome(secret, short)).toBe('invalid');
  });

  test('of more rows at once than a notification has room for', async () => {
    const { token, id } = await newUser();
    expect(await outcome(token, ME)).toContain('authenticated');
    await byHand(
      `INSERT INTO "users" ("documentId", "username", "email", "passwordHash", "roleId", "updatedAt")
      SELECT 'many' || n, 'many' || n, 'many' || n || '@example.com', 'none', "roleId", now()
      FROM "users", generate_series(1, 600) n WHERE "id" = $1`,
      [id],
    );
    await byHand('UPDATE "users" SET "blocked" = true WHERE "id" >= $1', [id]);
    expect(await outcome(token, ME)).toBe('blocked');
  });

  test('and what is answered to whoever made it is after it', async () => {
    for (let time = 0; time < 20; time++) {
      const { token, documentId } = await newUser();
      expect(await outcome(token, ME)).toContain('authenticated');
      const { errors } = await server.askAdmin('mutation ($id: ID!) { blockUser(documentId: $id) { id } }', {
        token: admin,
        variables: { id: documentId },
      });
      expect(errors).toBeUndefined();
      expect(await outcome(token, ME)).toBe('blocked');
    }
  });
});

test('a token that was verified once ends when it ends', async () => {
  await using other = await startAnother(server);
  const { token } = await newUser();
  expect(await outcome(token, ME, other.url)).toContain('authenticated');
  other.advance(31 * 86_400_000);
  expect(await outcome(token, ME, other.url)).toBe('expired');
});

test('a change that comes while a row is read does not leave the old one behind', async () => {
  const held: (() => void)[] = [];
  let holding = false;
  // The statement has been answered, and the answer has not come in yet.
  const query: Query = async <Selected extends object>(sql: string, values: readonly unknown[]) => {
    const rows = await server.database.query<Selected>(sql, values);
    if (holding && sql.includes('FROM "users" u')) await new Promise<void>((resolve) => void held.push(resolve));
    return rows;
  };
  await using other = await startAnother(server, { query });
  const { token, id } = await newUser();
  holding = true;
  const early = outcome(token, ME, other.url);
  while (held.length === 0) await wait(5);
  holding = false;
  await byHand('UPDATE "users" SET "blocked" = true WHERE "id" = $1', [id]);
  for (const resolve of held) resolve();
  expect(await early).toContain('authenticated'); // it was asked before
  expect(await outcome(token, ME, other.url)).toBe('blocked');
});

// The embedded database notifies in the same process: there is no connection to lose.
if (inject('databaseKind') === 'server') describe('without notifications', withoutNotifications);

function withoutNotifications() {
  const target = () => ({
    host: new URL(testServerUrl()).hostname,
    port: Number(new URL(testServerUrl()).port || 5432),
  });

  test('because the connection is lost, a server reads everything until it is back, and then uses the cache again', async () => {
    await using proxy = await startTcpProxy(target());
    await using other = await startAnother(server, { listenPort: proxy.port });
    const { token, id } = await newUser();
    await other.steady(token);
    await proxy.cut();
    await byHand('UPDATE "users" SET "blocked" = true WHERE "id" = $1', [id]);
    expect(await outcome(token, ME, other.url)).toBe('blocked');
    await byHand('UPDATE "users" SET "blocked" = false, "tokenVersion" = "tokenVersion" + 1 WHERE "id" = $1', [id]);
    expect(await outcome(token, ME, other.url)).toBe('revoked');
    expect(other.database.changes.state).toBe('disconnected');
    expect(other.log.filter((line) => line.includes('is lost'))).toHaveLength(1);
    const second = await newUser();
    for (let time = 0; time < 3; time++) expect(await other.statementsOf(second.token)).toBe(1);
    await proxy.restore();
    while (other.database.changes.state !== 'live') await wait(20);
    expect(other.log.at(-1)).toContain('notifications of changes arrive from the database again');
    await other.steady(second.token);
  });

  test('because the connection is dead and does not report it, a server is not behind for long', async () => {
    await using proxy = await startTcpProxy(target());
    await using other = await startAnother(server, { listenPort: proxy.port });
    const { token, id } = await newUser();
    await other.steady(token);
    proxy.hold();
    await byHand('UPDATE "users" SET "blocked" = true WHERE "id" = $1', [id]);
    await wait(110);
    const started = performance.now();
    expect(await outcome(token, ME, other.url)).toBe('blocked');
    expect(performance.now() - started).toBeLessThan(1_000); // and nobody waits until the line is given up
  });

  test('because a pooler drops them, a server uses nothing that is older than a second', async () => {
    await using proxy = await startProxyWithoutNotifications(target());
    await using other = await startAnother(server, { listenPort: proxy.port });
    expect(other.database.changes.state).toBe('unsupported');
    expect(other.log.at(-1)).toContain('DATABASE_LISTEN_URL');
    const { token, id, documentId } = await newUser();
    await other.steady(token);
    await byHand('UPDATE "users" SET "blocked" = true WHERE "id" = $1', [id]);
    await wait(1_010);
    expect(await outcome(token, ME, other.url)).toBe('blocked');
    // What was changed here is known here at once.
    const second = await newUser();
    await other.steady(second.token);
    const adminUrl = other.url.replace(/graphql$/, 'admin/graphql');
    const block = 'mutation ($id: ID!) { blockUser(documentId: $id) { id } }';
    await send(adminUrl, block, { token: admin, variables: { id: second.documentId } });
    expect(await outcome(second.token, ME, other.url)).toBe('blocked');
    expect(documentId).not.toBe(second.documentId);
  });

  test('the other process of two is notified', async () => {
    await using other = await startAnother(server, { listenPort: target().port });
    for (let time = 0; time < 20; time++) {
      const { token, documentId } = await newUser();
      await other.steady(token);
      await server.askAdmin('mutation ($id: ID!) { blockUser(documentId: $id) { id } }', {
        token: admin,
        variables: { id: documentId },
      });
      expect(await other.database.changes.catchUp()).toBe(true);
      expect(await outcome(token, ME, other.url)).toBe('blocked');
    }
  });
}

interface Another extends AsyncDisposable {
  readonly url: string;
  readonly database: TestServer['database'];
  readonly log: readonly string[];
  advance(milliseconds: number): void;
  /** How many statements a request of this token takes to be known. */
  statementsOf(token: string): Promise<number>;
  /** Asks until the token is remembered. */
  steady(token: string): Promise<void>;
}

/** Another server on the same database: with connections of its own where it listens at another port. */
async function startAnother(
  { config, database: shared }: TestServer,
  { query, listenPort }: { readonly query?: Query; readonly listenPort?: number } = {},
): Promise<Another> {
  const statements: string[] = [];
  const log: string[] = [];
  const isOwn = listenPort !== undefined;
  const database = isOwn
    ? await openOwn(shared, listenPort, (sql) => statements.push(sql))
    : { ...shared, ...(query && { query }), close: async () => {} };
  let ahead = 0;
  const gatehouse = await createGatehouse({
    ...blog,
    config,
    database,
    log: pino({ level: 'info' }, { write: (line) => void log.push(line) }),
    mailer: { send: async () => {}, close: () => {} },
    clock: () => new Date(Date.now() + ahead),
  });
  const url = `${await gatehouse.listen()}/graphql`;
  const statementsOf = async (token: string) => {
    await gatehouse.idle();
    statements.length = 0;
    await send(url, ME, { token });
    return statements.length;
  };
  return {
    url,
    database,
    log,
    advance: (milliseconds) => {
      ahead += milliseconds;
    },
    statementsOf,
    async steady(token) {
      const until = performance.now() + 5_000;
      await send(url, ME, { token });
      while ((await statementsOf(token)) > 0) {
        if (performance.now() > until) throw new Error('Nothing is remembered');
      }
    },
    [Symbol.asyncDispose]: () => gatehouse.close(),
  };
}

async function openOwn(shared: TestServer['database'], listenPort: number, onStatement: (sql: string) => void) {
  const [row] = await shared.query('SELECT current_database() AS "name"', []);
  const url = testServerUrl(String(row?.['name']));
  const listenUrl = new URL(url);
  listenUrl.port = String(listenPort);
  return openDatabase({ kind: 'server', url, listenUrl: listenUrl.href }, { onStatement });
}
