// Strapi's fixture database, whole and as a copy on the PostgreSQL server for tests.
import { readFileSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { gunzipSync } from 'node:zlib';
import pg from 'pg';
import { openArchive } from '../../src/import/strapi/archive/open-archive.ts';
import { testServerUrl } from './server-url.ts';

export const STRAPI_ARCHIVE = 'test/fixtures/strapi/strapi-5.54-export.tar.gz';
const STRAPI_DATABASE = 'test/fixtures/strapi/strapi-5.54-data.db.gz';

/** Writes the fixture's database, and the schemas of its archive into it: they were taken out to make it small. */
export async function writeStrapiDatabase(path: string, { schemas = true } = {}): Promise<void> {
  writeFileSync(path, gunzipSync(readFileSync(STRAPI_DATABASE)));
  if (!schemas) return;
  const key = 'strapi_content_types_schema';
  const archive = await openArchive(STRAPI_ARCHIVE);
  const database = new DatabaseSync(path);
  for await (const record of archive.records()) {
    if (record.kind !== 'setting' || record.key !== key) continue;
    database
      .prepare('INSERT INTO strapi_core_store_settings (id, key, value, type) VALUES (2, ?, ?, ?)')
      .run(key, JSON.stringify(record.value), 'object');
  }
  database.close();
  await archive.close();
}

/** Copies a SQLite database of Strapi into a schema of the test server, with the types that Strapi has there. */
export async function copyToPostgresql(path: string, schema: string): Promise<string> {
  const database = new DatabaseSync(path, { readOnly: true });
  const client = new pg.Client({ connectionString: testServerUrl() });
  await client.connect();
  try {
    await client.query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE; CREATE SCHEMA "${schema}"`);
    const tables = database
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
      .all();
    for (const { name } of tables) {
      const columns = database.prepare('SELECT name, type FROM pragma_table_info(?)').all(String(name));
      const typed = columns.map((column) => ({
        name: String(column['name']),
        type: postgresqlType(String(column['type'])),
      }));
      const target = `"${schema}"."${name}"`;
      await client.query(
        `CREATE TABLE ${target} (${typed.map((column) => `"${column.name}" ${column.type}`).join(', ')})`,
      );
      const rows = database.prepare(`SELECT * FROM "${name}"`).all();
      if (rows.length === 0) continue;
      const json = rows.map((row) =>
        Object.fromEntries(typed.map((column) => [column.name, valueFor(column.type, row[column.name])])),
      );
      await client.query(`INSERT INTO ${target} SELECT * FROM json_populate_recordset(NULL::${target}, $1)`, [
        JSON.stringify(json),
      ]);
    }
  } finally {
    await client.end();
    database.close();
  }
  const url = new URL(testServerUrl());
  url.searchParams.set('schema', schema);
  return url.href;
}

const postgresqlType = (type: string): string =>
  ({ datetime: 'timestamp(6)', float: 'double precision', json: 'jsonb' })[type.toLowerCase()] ?? type;

function valueFor(type: string, value: unknown): unknown {
  if (value === null) return null;
  if (type === 'timestamp(6)') return new Date(Number(value)).toISOString().slice(0, -1);
  if (type === 'boolean') return value === 1;
  return type === 'jsonb' ? JSON.parse(String(value)) : value;
}
