import {
  appendFileSync,
  copyFileSync,
  readdirSync,
  readFileSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSource } from '../../src/import/strapi/open-source.ts';
import type { StrapiProject } from '../../src/import/strapi/project.ts';
import { readProject } from '../../src/import/strapi/read-project.ts';
import { ImportRefused, type StrapiRecord } from '../../src/import/strapi/source.ts';
import { administer } from '../support/administer.ts';
import { testServerUrl } from '../support/server-url.ts';
import { copyToPostgresql, STRAPI_ARCHIVE, writeStrapiDatabase } from '../support/strapi-database.ts';

const hasServer = process.env['TEST_DATABASE_URL'] !== undefined;
const SCHEMA = `strapi_${process.pid}`;

let directory: string;
let whole: string;
let onServer: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gatehouse-strapi-'));
  whole = join(directory, 'data.db');
  await writeStrapiDatabase(whole);
  if (hasServer) onServer = await copyToPostgresql(whole, SCHEMA);
});
afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
  if (hasServer) await administer(`DROP SCHEMA "${SCHEMA}" CASCADE`);
});

async function projectIn(text: string): Promise<Omit<StrapiProject, 'source'>> {
  const opened = await openSource(text);
  try {
    const { source, ...project } = await readProject(opened);
    expect(source).toBe(opened);
    return project;
  } finally {
    await opened.close();
  }
}

async function recordsIn(text: string): Promise<StrapiRecord[]> {
  const source = await openSource(text);
  try {
    return await Array.fromAsync(source.records());
  } finally {
    await source.close();
  }
}

/** The message of the refusal. It is one line, and has no part of the database in it. */
async function refusal(text: string, secrets: readonly string[] = []): Promise<string> {
  const error: unknown = await projectIn(text).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ImportRefused);
  const { message } = error as ImportRefused;
  expect(message).toMatch(/^[^\n]{10,300}$/);
  for (const secret of secrets) expect(message).not.toContain(secret);
  return message;
}

/** A copy of the whole database, changed. */
function changed(statement: string, name = 'changed.db'): string {
  const path = join(directory, name);
  copyFileSync(whole, path);
  const database = new DatabaseSync(path);
  database.exec('PRAGMA foreign_keys = OFF');
  database.exec(statement);
  database.close();
  return path;
}

const databases = [
  { kind: 'SQLite', url: () => whole },
  ...(hasServer ? [{ kind: 'PostgreSQL', url: () => onServer }] : []),
];

describe.each(databases)('the $kind database of the project that was exported', ({ url }) => {
  test('has the same accounts as the archive', async () => {
    const [database, archive] = [await projectIn(url()), await projectIn(STRAPI_ARCHIVE)];
    expect(database.users).toEqual(archive.users);
    expect(database.roles).toEqual(archive.roles);
    expect(database.mediaLinks).toEqual(archive.mediaLinks);
    expect([...database.unreadLinks, ...archive.unreadLinks]).toEqual([]);
    expect(database.assets).toBe(archive.assets);
    expect(Object.fromEntries(database.rows)).toEqual({ ...Object.fromEntries(archive.rows), 'admin::api-token': 7 });
    for (const key of ['grant', 'email', 'advanced'].map((name) => `plugin_users-permissions_${name}`))
      expect(database.settings.get(key)).toEqual(archive.settings.get(key));
    expect(database.version).toBeUndefined();
  });

  test('has the same rows and links, and of components the ids', async () => {
    const [database, archive] = [await recordsIn(url()), await recordsIn(STRAPI_ARCHIVE)];
    const rows = (records: readonly StrapiRecord[]) =>
      records
        .filter((record) => record.kind === 'entity')
        .filter(({ type }) => type !== 'admin::api-token')
        .map(withoutComponents)
        .sort(byText);
    expect(rows(database)).toEqual(rows(archive));
    const links = (records: readonly StrapiRecord[]) => records.filter(({ kind }) => kind === 'link').sort(byText);
    expect(links(database)).toEqual(links(archive));
    const leftOut = (records: readonly StrapiRecord[]) =>
      records.filter((record) => record.kind === 'leftOutLink' && record.link !== 'circular');
    expect(leftOut(database)).toEqual(leftOut(archive));
  });

  test('has its API tokens with their actions and ends', async () => {
    const { apiTokens } = await projectIn(url());
    expect(
      apiTokens.map(({ name, type, lifespan, expiresAt, actions }) => [
        name,
        type,
        lifespan,
        expiresAt?.toISOString(),
        actions,
      ]),
    ).toEqual([
      ['Read Only', 'read-only', null, undefined, []],
      ['Full Access', 'full-access', null, undefined, []],
      ['reader', 'read-only', null, undefined, []],
      ['full', 'full-access', null, undefined, []],
      ['custom', 'custom', null, undefined, ['api::post.post.find', 'api::post.post.create']],
      ['thirty-days', 'read-only', 2_592_000_000, '2026-12-29T00:06:55.226Z', []],
      ['expired', 'read-only', 604_800_000, '2026-11-28T00:06:55.237Z', []],
    ]);
    expect(JSON.stringify(await recordsIn(url()))).not.toContain('v1:'); // the encrypted secrets
  });

  test('is read the same each time', async () => {
    const source = await openSource(url());
    const [first, second] = [await Array.fromAsync(source.records()), await Array.fromAsync(source.records())];
    await source.close();
    expect(second).toEqual(first);
  });
});

const byText = (one: unknown, other: unknown) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1);

function withoutComponents(record: Extract<StrapiRecord, { kind: 'entity' }>): unknown {
  const idOf = (value: unknown) => (typeof value === 'object' && value !== null && 'id' in value ? value.id : value);
  const { seo, sections, ...data } = record.data;
  return {
    type: record.type,
    id: record.id,
    data: Object.entries(data).sort(byText),
    components: [idOf(seo), Array.isArray(sections) ? sections.map(idOf) : sections],
  };
}

test('a database without schemas has its accounts all the same, and no content', async () => {
  const path = join(directory, 'accounts.db');
  await writeStrapiDatabase(path, { schemas: false });
  const [project, archive] = [await projectIn(path), await projectIn(STRAPI_ARCHIVE)];
  expect(project.users).toEqual(archive.users);
  expect(project.roles).toEqual(archive.roles);
  expect(project.apiTokens).toHaveLength(7);
  expect([...project.rows.keys()].filter((type) => type.startsWith('api::'))).toEqual([]);
});

test('reading SQLite writes nothing beside the file', async () => {
  const before = readdirSync(directory);
  const bytes = readFileSync(whole);
  await projectIn(whole);
  expect(readdirSync(directory)).toEqual(before);
  expect(readFileSync(whole).equals(bytes)).toBe(true);
});

test('a database of Strapi 4 has no documentIds, other names of tables, and links without ids', async () => {
  const path = join(directory, 'strapi-4.db');
  const database = new DatabaseSync(path);
  database.exec(STRAPI_4);
  database.close();
  const project = await projectIn(path);
  expect(project.users).toMatchObject([
    {
      id: 1,
      documentId: undefined,
      username: 'old',
      confirmed: true,
      blocked: false,
      role: 2,
      furtherColumns: ['nickName'],
    },
  ]);
  expect(project.users[0]?.createdAt).toEqual(new Date(1_600_000_000_000));
  expect(project.roles).toMatchObject([
    { id: 1, type: 'public', actions: [] },
    { id: 2, type: 'authenticated', actions: ['plugin::users-permissions.user.me'] },
  ]);
  expect(project.apiTokens).toMatchObject([
    { id: 1, type: 'custom', actions: ['api::post.post.find'], lifespan: null },
  ]);
  const records = await recordsIn(path);
  expect(records.filter((record) => record.kind === 'link' && record.left.type === 'api::post.post')).toEqual([
    {
      kind: 'link',
      relation: 'manyToMany',
      left: { type: 'api::post.post', field: 'relatedPosts', ref: 1, position: 2 },
      right: { type: 'api::post.post', field: 'relatedBy', ref: 2, position: 1 },
    },
  ]);
  expect(project.mediaLinks).toEqual(new Map());
  expect(project.unreadLinks).toEqual(new Map([['api::post.post.lost', 1]]));
  expect(records).toContainEqual({ kind: 'leftOutLink', link: 'other', type: 'api::post.post', field: 'lost' });
});

const relation = (kind: string, target: string, more: object) => ({
  type: 'relation',
  relation: kind,
  target,
  ...more,
});
const SCHEMAS_4 = {
  'api::post.post': {
    collectionName: 'posts',
    info: { singularName: 'post' },
    attributes: {
      title: { type: 'string' },
      relatedPosts: relation('manyToMany', 'api::post.post', { inversedBy: 'relatedBy' }),
      relatedBy: relation('manyToMany', 'api::post.post', { mappedBy: 'relatedPosts' }),
      lost: relation('oneToOne', 'api::post.post', {}),
    },
  },
};

/** As `pg_dump` and `.schema` of Strapi 4 projects have them. */
const STRAPI_4 = `
  CREATE TABLE up_users (id integer, username varchar, email varchar, provider varchar, password varchar,
    reset_password_token varchar, confirmation_token varchar, confirmed boolean, blocked boolean, created_at datetime,
    updated_at datetime, created_by_id integer, updated_by_id integer, nick_name varchar);
  INSERT INTO up_users VALUES (1, 'old', 'old@example.com', 'local', '$2a$10$hash', NULL, NULL, 1, NULL, 1600000000000,
    1600000000000, NULL, NULL, 'Nick');
  CREATE TABLE up_roles (id integer, name varchar, description varchar, type varchar, created_at datetime, updated_at datetime);
  INSERT INTO up_roles VALUES (1, 'Public', NULL, 'public', 1600000000000, 1600000000000),
    (2, 'Authenticated', NULL, 'authenticated', 1600000000000, 1600000000000);
  CREATE TABLE up_permissions (id integer, action varchar, created_at datetime, updated_at datetime);
  INSERT INTO up_permissions VALUES (1, 'plugin::users-permissions.user.me', 1600000000000, 1600000000000);
  CREATE TABLE up_users_role_links (user_id integer, role_id integer);
  INSERT INTO up_users_role_links VALUES (1, 2);
  CREATE TABLE up_permissions_role_links (permission_id integer, role_id integer, permission_order integer);
  INSERT INTO up_permissions_role_links VALUES (1, 2, 1);
  CREATE TABLE strapi_core_store_settings (id integer, key varchar, value text, type varchar, environment varchar, tag varchar);
  INSERT INTO strapi_core_store_settings VALUES (1, 'strapi_content_types_schema', '${JSON.stringify(SCHEMAS_4)}', 'object', NULL, NULL);
  CREATE TABLE strapi_api_tokens (id integer, name varchar, description varchar, type varchar, access_key varchar, created_at datetime);
  INSERT INTO strapi_api_tokens VALUES (1, 'token', NULL, 'custom', '${'ab'.repeat(64)}', 1600000000000);
  CREATE TABLE strapi_api_token_permissions (id integer, action varchar);
  INSERT INTO strapi_api_token_permissions VALUES (1, 'api::post.post.find');
  CREATE TABLE strapi_api_token_permissions_token_links (api_token_permission_id integer, api_token_id integer);
  INSERT INTO strapi_api_token_permissions_token_links VALUES (1, 1);
  CREATE TABLE posts (id integer, title varchar, created_at datetime);
  INSERT INTO posts VALUES (1, 'one', 1600000000000), (2, 'two', 1600000000000);
  CREATE TABLE posts_related_posts_links (post_id integer, inv_post_id integer, post_order integer, inv_post_order integer);
  INSERT INTO posts_related_posts_links VALUES (1, 2, 2, 1);
`;

const schemasWith = (uid: string, changes: string) =>
  `UPDATE strapi_core_store_settings SET value = json_set(value, '$."${uid}".${changes}) WHERE id = 2`;

describe('a SQLite database that is not what it seems', () => {
  const rows: readonly (readonly [title: string, statement: string, message: RegExp])[] = [
    [
      'whose content type names the table of administrators',
      schemasWith('api::post.post', `collectionName', 'admin_users'`),
      /api::post\.post names a table of Strapi's own/,
    ],
    [
      'whose content type names the table of users',
      schemasWith('api::post.post', `collectionName', 'up_users'`),
      /names a table of Strapi's own/,
    ],
    [
      'whose content type has no table',
      schemasWith('api::post.post', `collectionName', 'x" UNION SELECT * FROM admin_users --'`),
      /table of api::post\.post is not there/,
    ],
    [
      'whose content type is a view',
      'ALTER TABLE tags RENAME TO t; CREATE VIEW tags AS SELECT id, document_id, name FROM t',
      /table of api::tag\.tag is not there/,
    ],
    [
      'whose schema is not an object',
      `UPDATE strapi_core_store_settings SET value = '{"api::post.post": 1}' WHERE id = 2`,
      /strapi_content_types_schema is damaged/,
    ],
    [
      'whose setting is not JSON',
      `UPDATE strapi_core_store_settings SET value = '{"secret' WHERE id = 35`,
      /row with the id 35: its value is not JSON/,
    ],
    [
      'whose setting would become a prototype',
      `UPDATE strapi_core_store_settings SET value = '{"__proto__": {"secret": 1}}' WHERE id = 35`,
      /has a key named __proto__/,
    ],
    [
      'whose user has bytes for a name',
      "UPDATE up_users SET username = x'0102' WHERE id = 3",
      /user 3: the column "username" holds bytes/,
    ],
    [
      'whose user has a NUL character in a name',
      "UPDATE up_users SET username = 'se' || char(0) || 'cret' WHERE id = 3",
      /user 3: the column "username" has a character/,
    ],
    [
      'whose user has no address',
      'UPDATE up_users SET email = NULL WHERE id = 3',
      /user 3: the column "email" is missing/,
    ],
    [
      'whose user is confirmed with 7',
      'UPDATE up_users SET confirmed = 7 WHERE id = 3',
      /user 3: the column "confirmed" is neither true nor false/,
    ],
    [
      'whose user was made at no time',
      "UPDATE up_users SET created_at = 'secret' WHERE id = 3",
      /user 3: the column "createdAt" is not a point in time/,
    ],
    [
      'whose user was made at the end of time',
      'UPDATE up_users SET created_at = 9e15 WHERE id = 3',
      /user 3: the column "createdAt" is not a point in time/,
    ],
    [
      'whose user has two roles',
      'INSERT INTO up_users_role_lnk (user_id, role_id) VALUES (3, 2)',
      /user 3: it has two roles/,
    ],
    ['whose role is gone', 'DELETE FROM up_roles WHERE id = 3', /its role 3 is not there/],
    ['whose user is gone', 'DELETE FROM up_users WHERE id = 3', /user 3: there is a link from it/],
    [
      'whose permission has no role',
      'DELETE FROM up_permissions_role_lnk WHERE permission_id = 5',
      /permission 5: it has no role/,
    ],
    [
      'whose token has no hash',
      "UPDATE strapi_api_tokens SET access_key = 'secret' WHERE id = 3",
      /API token 3: the column "accessKey" is not an HMAC/,
    ],
    [
      'with a value of 20 MB',
      'UPDATE up_users SET username = hex(zeroblob(10000000)) WHERE id = 3',
      /value of more than 16777216 bytes/,
    ],
    ['of Strapi 3', 'CREATE TABLE "users-permissions_user" (id integer)', /database of Strapi 3/],
    ['without users', 'DROP TABLE up_users', /not a database of Strapi 4 or 5/],
    ['without links to roles', 'DROP TABLE up_users_role_lnk', /not a database of Strapi 4 or 5/],
  ];
  test.each(rows)('%s is refused with the place', async (_, statement, message) => {
    expect(await refusal(changed(statement), ['secret', 'UNION'])).toMatch(message);
  });

  test('with changes beside its file is refused', async () => {
    const path = changed('', 'open.db');
    const source = await openSource(path);
    writeFileSync(`${path}-wal`, 'changes');
    await expect(openSource(path)).rejects.toThrow(/Stop Strapi first/);
    await expect(Array.fromAsync(source.records())).rejects.toThrow(/Stop Strapi first/);
    await source.close();
  });

  test.each([
    ['that is cut off', (path: string) => truncateSync(path, 60_000)],
    ['that has only its first bytes', (path: string) => truncateSync(path, 16)],
    [
      'of random bytes',
      (path: string) => writeFileSync(path, Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(9_000, 7)])),
    ],
  ])('%s is refused', async (_, damage) => {
    const path = changed('', 'damaged.db');
    damage(path);
    expect(await refusal(path)).toMatch(/The database is damaged|not a database of Strapi/);
  });

  test('that changes between two readings is refused', async () => {
    const path = changed('', 'changes.db');
    const source = await openSource(path);
    await Array.fromAsync(source.records());
    appendFileSync(path, 'x');
    utimesSync(path, 1, 1);
    await expect(Array.fromAsync(source.records())).rejects.toThrow(/changed while it was read/);
    await source.close();
  });
});

describe('what names no project', () => {
  test.each([
    ['mysql://root:secret@localhost/strapi', /MySQL cannot be read/],
    ['https://example.com/secret.tar.gz', /Name a file, or a URL that begins with postgresql/],
    ['postgresql://strapi:se#cret@localhost/strapi', /URL of Strapi's database/],
    ['postgresql://strapi:secret@127.0.0.1:1/strapi', /cannot be read \(ECONNREFUSED\)/],
    ['/nowhere/secret.db', /no such file/],
  ])('%s is refused, and nothing of it is repeated', async (text, message) => {
    expect(await refusal(text, ['cret', 'strapi:', 'example.com', '127.0.0.1', 'nowhere'])).toMatch(message);
  });
});

const onPostgresql = hasServer ? describe : undefined;
onPostgresql?.('a PostgreSQL database', () => {
  test('is read as it was when it was opened', async () => {
    const source = await openSource(onServer);
    await administer(`UPDATE "${SCHEMA}".up_users SET username = 'later' WHERE id = 1`);
    const { users } = await readProject(source);
    await source.close();
    await administer(`UPDATE "${SCHEMA}".up_users SET username = 'alma' WHERE id = 1`);
    expect(users[0]?.username).toBe('alma');
  });

  test('with a value of 20 MB is refused', async () => {
    const change = (value: string) => administer(`UPDATE "${SCHEMA}".tags SET name = ${value} WHERE id = 1`);
    await administer(`ALTER TABLE "${SCHEMA}".tags ALTER COLUMN name TYPE text`);
    await change("repeat('s', 20000000)");
    expect(await refusal(onServer)).toMatch(/value of more than 16777216 characters/);
    await change("'tag-1'");
  });

  test('is read the same by a user whose settings change formats, and not by one who cannot read all of it', async () => {
    const stranger = `${SCHEMA}_stranger`;
    await administer(
      `CREATE ROLE ${stranger} LOGIN PASSWORD 'secret'`,
      `ALTER ROLE ${stranger} SET DateStyle = 'SQL, DMY'`,
      `ALTER ROLE ${stranger} SET TimeZone = 'Asia/Tokyo'`,
      `ALTER ROLE ${stranger} SET extra_float_digits = -15`,
      `ALTER ROLE ${stranger} SET search_path = "${SCHEMA}"`,
      `ALTER TABLE "${SCHEMA}".tags ALTER COLUMN created_at TYPE timestamptz USING created_at AT TIME ZONE 'UTC'`,
      `GRANT USAGE ON SCHEMA "${SCHEMA}" TO ${stranger}`,
      `GRANT SELECT ON ALL TABLES IN SCHEMA "${SCHEMA}" TO ${stranger}`,
    );
    const url = new URL(onServer);
    url.username = stranger;
    url.password = 'secret';
    try {
      expect(await recordsIn(url.href)).toEqual(await recordsIn(whole));
      await administer(`REVOKE SELECT ON "${SCHEMA}".up_users FROM ${stranger}`);
      expect(await refusal(url.href, ['secret', 'stranger'])).toMatch(/cannot read all of Strapi's tables/);
    } finally {
      await administer(`DROP OWNED BY ${stranger}`, `DROP ROLE ${stranger}`);
    }
  });

  test('without the tables of Strapi is refused', async () => {
    const url = new URL(testServerUrl());
    url.searchParams.set('schema', 'information_schema');
    expect(await refusal(url.href)).toMatch(/not a database of Strapi 4 or 5/);
  });
});
