import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../src/database/open.ts';
import { openTestDatabase } from './support/database.ts';

/** prisma/triggers.sql shows the triggers and functions that all migrations together have made. */

const [SEARCH_PATH = '', ...STATEMENTS] = readFileSync('prisma/triggers.sql', 'utf8')
  .split('\n\n')
  .filter((text) => /^(CREATE|SELECT) /m.test(text));

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database?.close());

/** What the database does by itself: each trigger and function as PostgreSQL writes it, by its name. */
async function definitions(): Promise<Record<string, string>> {
  const rows = await database.query(
    `SELECT t.tgname || ' on ' || c.relname AS "name", pg_get_triggerdef(t.oid) || ' ' || t.tgenabled::text AS "definition"
       FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
       WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace
     UNION ALL
     SELECT p.proname || '()', pg_get_functiondef(p.oid)
       FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
       WHERE l.lanname IN ('sql', 'plpgsql') AND p.pronamespace = current_schema()::regnamespace
     ORDER BY 1`,
    [],
  );
  return Object.fromEntries(rows.map(({ name, definition }) => [String(name), String(definition)]));
}

const named = STATEMENTS.map((statement) => {
  const [, trigger, table] = /CREATE OR REPLACE TRIGGER (\w+) .*? ON (\w+)/s.exec(statement) ?? [];
  if (trigger !== undefined) return `${trigger} on ${table}`;
  return `${/CREATE OR REPLACE FUNCTION (\w+)\(/.exec(statement)?.[1]}()`;
});

test('prisma/triggers.sql has each trigger and function of a migrated database once, and no other', async () => {
  expect(named.length).toBeGreaterThan(40);
  expect(named.toSorted()).toEqual(Object.keys(await definitions()).toSorted());
});

test('it has each as the database has it: running it again changes nothing', async () => {
  const before = await definitions();
  for (const statement of [SEARCH_PATH, ...STATEMENTS]) await database.query(statement, []);
  expect(await definitions()).toEqual(before);
});

test('it says of each which migrations made it', () => {
  for (const [index, statement] of STATEMENTS.entries()) {
    const migrations = /^-- Migration: (.+)$/m.exec(statement)?.[1]?.split(', ') ?? [];
    expect(migrations, named[index]).not.toEqual([]);
    const name = named[index]?.split(/ |\(/, 1)[0] ?? '';
    for (const migration of migrations) {
      expect(readFileSync(`prisma/gatehouse-migrations/${migration}/migration.sql`, 'utf8')).toContain(name);
    }
  }
});
