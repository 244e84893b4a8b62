import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import type { Prisma } from '../src/generated/prisma/client.ts';
import { send, startBeside, startServer, type TestServer } from './support/start.ts';

let server: TestServer;
let admin: string;
beforeAll(async () => {
  server = await startServer();
  admin = await server.adminToken();
});
afterAll(() => server?.close());

/** Of ten connections, or of the only one. */
const SHARE = inject('databaseKind') === 'embedded' ? 1 : 2;

const sent = (table: string) => server.statements.filter((sql) => sql.includes(`"${table}"`)).length;
const times = (count: number, field: string) =>
  `{ ${Array.from({ length: count }, (_, n) => `a${n}: ${field}`).join(' ')} }`;

/** While a transaction holds a table on a server, and the only connection of the embedded database. */
async function whileHeld(table: string, work: (transaction: Prisma.TransactionClient) => Promise<void>): Promise<void> {
  await server.ask('{ __typename }'); // so that who asks is known
  await server.database.prisma.$transaction(
    async (transaction) => {
      await transaction.$executeRawUnsafe(`LOCK TABLE "${table}" IN ACCESS EXCLUSIVE MODE`);
      server.statements.length = 0;
      await work(transaction);
    },
    { timeout: 60_000 },
  );
}

/** When what was asked before waits for the database: each of these is answered without it, behind that. */
async function arrived(url: string): Promise<void> {
  for (let n = 0; n < 5; n++) await send(url, '{ __typename }');
}

describe('an operation of two hundred lists', () => {
  test('holds its share of the connections at a time, and others get their turn', async () => {
    const order: string[] = [];
    const asked: Promise<unknown>[] = [];
    let heavy: ReturnType<typeof send> | undefined;
    await whileHeld('posts', async () => {
      heavy = send(server.url, times(200, 'posts(pagination: { limit: 1 }) { documentId }'));
      asked.push(heavy.then(() => order.push('heavy')));
      await vi.waitFor(() => expect(sent('posts')).toBe(SHARE), 30_000);
      const light = send(server.url, '{ tags { name } }');
      asked.push(light.then(() => order.push('light')));
      // Where there are other connections, it is answered while those of the first still wait.
      if (SHARE > 1) expect((await light).data.tags).toHaveLength(10);
      else await arrived(server.url);
      expect(sent('posts')).toBe(SHARE);
    });
    await Promise.all(asked);
    expect(order).toEqual(['light', 'heavy']);
    const { data, errors } = (await heavy) ?? {};
    expect(errors).toBeUndefined();
    expect(Object.keys(data)).toHaveLength(200);
    expect(data.a199).toEqual(data.a0);
    expect(sent('posts')).toBe(200);
  });

  test('so does one that reads through Prisma', async () => {
    const url = server.url.replace(/graphql$/, 'admin/graphql');
    const order: string[] = [];
    const asked: Promise<unknown>[] = [];
    await whileHeld('audit_entries', async (transaction) => {
      const waiting = () =>
        transaction.$queryRaw<[{ count: number }]>`SELECT count(*)::int4 AS count FROM pg_locks WHERE NOT granted`;
      const document = times(50, 'auditEntries { nodes { event } pageInfo { total } }');
      const heavy = send(url, document, { token: admin });
      asked.push(heavy.then(({ errors }) => order.push(errors ? 'faulty' : 'heavy')));
      if (SHARE > 1) await vi.waitFor(async () => expect((await waiting())[0].count).toBe(SHARE), 30_000);
      const light = send(server.url, '{ tags { name } }');
      asked.push(light.then(() => order.push('light')));
      if (SHARE > 1) expect((await light).data.tags).toHaveLength(10);
      else await arrived(server.url);
      if (SHARE > 1) expect((await waiting())[0].count).toBe(SHARE);
    });
    await Promise.all(asked);
    expect(order).toEqual(['light', 'heavy']);
  });

  test('asks the database nothing more once its time is over', async () => {
    await using hasty = await startBeside(server, { executionTimeout: 300 });
    await send(hasty.url, '{ __typename }');
    await whileHeld('posts', async () => {
      const { status, errors } = await send(hasty.url, times(200, 'posts(pagination: { limit: 1 }) { documentId }'));
      expect({ status, code: errors?.[0]?.extensions.code }).toEqual({ status: 503, code: 'TIMEOUT' });
    });
    expect((await server.ask('{ tags { name } }')).errors).toBeUndefined();
    expect(sent('posts')).toBe(SHARE);
  });
});

describe('a client with a hundred operations', () => {
  /** Documentation addresses (RFC 5737), as a proxy tells of them. */
  const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });

  test('waits for itself, and others get their turn', async () => {
    await using proxied = await startBeside(server, { trustedProxies: 1 });
    const { url } = proxied;
    const order: string[] = [];
    const asked: Promise<unknown>[] = [];
    const ask = (name: string, document: string, address: string) => {
      const answer = send(url, document, from(address));
      asked.push(answer.then(({ errors }) => order.push(errors ? 'faulty' : name)));
      return answer;
    };
    await send(url, '{ __typename }');
    await whileHeld('posts', async () => {
      for (let n = 0; n < 100; n++)
        void ask('many', `{ a${n}: posts(pagination: { limit: 1 }) { documentId } }`, '192.0.2.1');
      const most = SHARE > 1 ? 8 : 1;
      await vi.waitFor(() => expect(sent('posts')).toBe(most), 30_000);
      const other = ask('other', '{ tags { name } }', '192.0.2.2');
      // Of the connections that are left, where there are some; else the next one that is given back.
      if (SHARE > 1) expect((await other).data.tags).toHaveLength(10);
      else await arrived(url);
      expect(sent('posts')).toBe(most);
    });
    await Promise.all(asked);
    expect(order.filter((name) => name === 'many')).toHaveLength(100);
    expect(order.indexOf('other')).toBeLessThan(SHARE > 1 ? 1 : 5);
  });
});
