import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../src/database/open.ts';
import { openTestDatabase } from './support/database.ts';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database?.close());

test('every foreign key has an index, because lists follow relations from both ends', async () => {
  const keys = await database.query(
    `SELECT c.conrelid::regclass::text AS "table", a.attname AS "column",
       EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.conrelid AND i.indkey[0] = c.conkey[1]) AS indexed
     FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
     WHERE c.contype = 'f' ORDER BY 1, 2`,
    [],
  );
  expect(keys.length).toBeGreaterThan(5);
  const bare = keys.filter(({ indexed }) => !indexed).map(({ table, column }) => `${table}.${column}`);
  // One row, and never used for a lookup except when a role is deleted.
  expect(bare).toEqual(['settings.defaultRoleId']);
});
