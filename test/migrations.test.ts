import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEFAULT_ROLES } from '../src/authorization/defaults.ts';
import type { Database } from '../src/database/open.ts';
import { openTestDatabase } from './support/database.ts';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database?.close());

async function actionsOf(type: string): Promise<string[]> {
  const { permissions } = await database.prisma.role.findUniqueOrThrow({
    where: { type },
    include: { permissions: true },
  });
  return permissions.map(({ action }) => action).sort();
}

/** What roles began with in the first version, before there was anything else to be given. */
const FIRST =
  /^(auth\.(register|login|forgotPassword|resetPassword|emailConfirmation|changePassword)|user\.me|(post|author|category|tag|siteSetting)\..+)$/;

test('roles that were there before are given what goes with what they have, and nothing else', async () => {
  const { prisma } = database;
  const all = await prisma.permission.findMany();
  await prisma.permission.deleteMany({
    where: { action: { in: all.map(({ action }) => action).filter((action) => !FIRST.test(action)) } },
  });
  const silent = await prisma.role.create({
    data: { name: 'Silent', type: 'silent', permissions: { create: [{ action: 'post.find' }] } },
  });
  const asked = await prisma.role.create({
    data: { name: 'Asked', type: 'asked', permissions: { create: [{ action: 'user.me' }] } },
  });

  // The statements of each migration that give something, in their order, as they meet a database of the first version.
  for (const name of readdirSync('prisma/migrations')
    .filter((entry) => /^\d/.test(entry))
    .sort()) {
    const sql = readFileSync(`prisma/migrations/${name}/migration.sql`, 'utf8');
    for (const [statement] of sql.matchAll(/^INSERT INTO "permissions"[\s\S]*?;$/gm)) {
      await database.query(statement, []);
      await database.query(statement, []); // and twice is once
    }
  }

  for (const { type, actions } of DEFAULT_ROLES) expect(await actionsOf(type), type).toEqual([...actions].sort());
  expect(await actionsOf(silent.type)).toEqual(['post.find']);
  expect(await actionsOf(asked.type)).toEqual([
    'auth.logoutEverywhere',
    'user.me',
    'user.revokeSession',
    'user.sessions',
    'user.updateMe',
  ]);
});
