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

describe('an operation of two hundred lists', () => {
  test('holds its share of the connections at a time, and others get their turn', async () => {
    const order: string[] = [];
    const asked: Promise<unknown>[] = [];
    let heavy: ReturnType<typeof send> | undefined;
    await whileHeld('posts', async () => {
      heavy = send(server.url, times(200, 'posts(pagination: { limit: 1 }) { documentId }'));
      asked.push(heavy.then(() => order.push('heavy')));
      await vi.waitFor(() => expect(sent('posts')).toBe(SHARE));
      const light = send(server.url, '{ tags { name } }');
      asked.push(light.then(() => order.push('light')));
      await vi.waitFor(() => expect(sent('tags')).toBe(1));
      // Where there are other connections, it is answered while those of the first still wait.
      if (SHARE > 1) expect((await light).data.tags).toHaveLength(10);
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
      if (SHARE > 1) await vi.waitFor(async () => expect((await waiting())[0].count).toBe(SHARE), 5_000);
      const light = send(server.url, '{ tags { name } }');
      asked.push(light.then(() => order.push('light')));
      if (SHARE > 1) expect((await light).data.tags).toHaveLength(10);
      else await vi.waitFor(() => expect(sent('tags')).toBe(1));
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
