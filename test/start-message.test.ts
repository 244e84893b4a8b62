import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureFirstAdmin } from '../src/start/first-admin.ts';
import { startMessage } from '../src/start/start-message.ts';
import { send, startBeside, startServer, type TestServer } from './support/start.ts';

/** What a start prints about the first administrator. */

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.close());

async function printed(changes: Partial<TestServer['config']>): Promise<string> {
  const config = { ...server.config, ...changes, production: true };
  await server.database.prisma.adminCode.deleteMany();
  await server.database.prisma.admin.deleteMany();
  const firstAdmin = await ensureFirstAdmin(server.gatehouse.administration, config);
  const { prisma } = server.database;
  return startMessage({ config, address: 'http://0.0.0.0:4000', prisma, demoUsers: [], demo: undefined, firstAdmin });
}

const REGISTER = `mutation ($code: String) {
  registerFirstAdmin(input: { email: "first@example.com", password: "a password of the first" }, code: $code) { admin { role } }
}`;

test.each([
  ['where the server listens', { publicUrlIsSet: false }, 'http://0.0.0.0:4000/admin/welcome'],
  ['where PUBLIC_URL says', { publicUrl: 'https://example.com/auth/' }, 'https://example.com/auth/admin/welcome'],
])('the first start prints an address of the panel, %s, with a code that works', async (_, changes, address) => {
  const message = await printed(changes);
  const link = new URL(/http\S+welcome\S*/.exec(message)?.[0] ?? '');
  expect(link.origin + link.pathname).toBe(address);
  expect(link.search).toBe(''); // the code is in the fragment, which nobody on the way gets
  await using production = await startBeside(server, { production: true });
  const register = (code: string) =>
    send(production.url.replace('/graphql', '/admin/graphql'), REGISTER, { variables: { code } });
  expect((await register('another')).errors?.[0]?.message).toBe('Incorrect code provided');
  const { data } = await register(link.hash.slice(1));
  expect(data).toEqual({ registerFirstAdmin: { admin: { role: 'ADMINISTRATOR' } } });
  expect(await printed({})).not.toContain(link.hash.slice(1));
});

test('without the panel it prints the code alone', async () => {
  const message = await printed({ adminPanel: false });
  expect(message).toMatch(/registerFirstAdmin accepts this code once, within a day:\n {4}\S{40,}\n/);
  expect(message).not.toContain('welcome');
});
