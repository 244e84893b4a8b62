import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEMO_PASSWORD } from '../src/accounts/public-password.ts';
import { setAdminPassword } from '../src/administration/admins.ts';
import { NO_CEILING } from '../src/administration/permission-ceiling.ts';
import { SERVER } from '../src/audit/actor.ts';
import { ensureFirstAdmin } from '../src/start/first-admin.ts';
import { send, startBeside, startServer, type TestServer } from './support/start.ts';

/** What the page to log in knows before anybody has. */

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.close());

const ENTRANCE = '{ entrance { needsFirstAdministrator needsCode demo { email password } minPasswordLength } }';
const entrance = async (url = server.url) =>
  (await send(url.replace('/graphql', '/admin/graphql'), ENTRANCE)).data.entrance;

test('the entrance says that the first administrator is missing, and what registering takes', async () => {
  const { prisma } = server.database;
  await prisma.admin.deleteMany();
  await prisma.settings.update({ where: { id: 1 }, data: { adminPasswordMinLength: 13 } });
  await using production = await startBeside(server, { production: true });
  const open = { needsFirstAdministrator: true, needsCode: false, demo: null, minPasswordLength: 13 };
  expect(await entrance()).toEqual(open);
  expect(await entrance(production.url)).toEqual({ ...open, needsCode: true });
  await prisma.settings.update({ where: { id: 1 }, data: { adminPasswordMinLength: 8 } });
  await server.adminToken();
  const closed = { needsFirstAdministrator: false, needsCode: false, demo: null, minPasswordLength: 8 };
  expect(await entrance()).toEqual(closed);
  expect(await entrance(production.url)).toEqual(closed);
});

test('the entrance names the demo administrator while the password is the public one, and never in production', async () => {
  const { prisma } = server.database;
  const { administration } = server.gatehouse;
  await prisma.admin.deleteMany();
  await using production = await startBeside(server, { production: true });
  await ensureFirstAdmin(administration, { production: false, firstAdmin: undefined });
  expect((await entrance()).demo).toEqual({ email: 'admin@example.com', password: DEMO_PASSWORD });
  expect((await entrance(production.url)).demo).toBeNull();
  const by = { actor: SERVER, ceiling: NO_CEILING };
  await setAdminPassword(administration, by, 'admin@example.com', 'a password that nobody knows');
  expect((await entrance()).demo).toBeNull();
});

test('nobody else is named, whatever their password is', async () => {
  await server.database.prisma.admin.deleteMany();
  await server.adminToken(); // with the public password
  expect((await entrance()).demo).toBeNull();
});
