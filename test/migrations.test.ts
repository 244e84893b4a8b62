import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { permissionOf } from '../src/authorization/new-roles.ts';
import { describeDifferences, findModelDifferences } from '../src/database/model-differences.ts';
import type { GeneratedField, GeneratedModel } from '../src/database/models.ts';
import type { Database } from '../src/database/open.ts';
import { blog } from './blog/blog.ts';
import { models } from './blog/models.ts';
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
  for (const name of readdirSync('prisma/gatehouse-migrations')
    .filter((entry) => /^\d/.test(entry))
    .sort()) {
    const sql = readFileSync(`prisma/gatehouse-migrations/${name}/migration.sql`, 'utf8');
    for (const [statement] of sql.matchAll(/^INSERT INTO "permissions"[\s\S]*?;$/gm)) {
      await database.query(statement, []);
      await database.query(statement, []); // and twice is once
    }
  }

  for (const { type, actions } of blog.roles) {
    // A role finds users only where somebody says so: no migration gives that.
    const given = actions.map((entry) => permissionOf(entry)[0]).filter((action) => action !== 'user.find');
    expect(await actionsOf(type), type).toEqual(given.sort());
  }
  expect(await actionsOf(silent.type)).toEqual(['post.find']);
  expect(await actionsOf(asked.type)).toEqual([
    'auth.logoutEverywhere',
    'auth.stepUp',
    'user.changePasskeys',
    'user.changeSecondFactors',
    'user.exportMe',
    'user.identities',
    'user.me',
    'user.passkeys',
    'user.revokeSession',
    'user.secondFactors',
    'user.sessions',
    'user.updateMe',
  ]);
});

describe('a model that changed without a migration', () => {
  const scalar = {
    kind: 'scalar',
    type: 'String',
    list: false,
    required: false,
    column: 'subtitle',
    unique: false,
    hasDefault: false,
    generated: null,
    updatedAt: false,
    native: null,
    sizes: [],
  } as const;
  /** The models, of which those of Post were changed. */
  const withPost = (fields: Readonly<Record<string, GeneratedField>>, more: Partial<GeneratedModel> = {}) => {
    const post = models.byName['Post'] as GeneratedModel;
    return { ...models.byName, Post: { ...post, ...more, fields: { ...post.fields, ...fields } } };
  };
  const post = (name: string, changed: object) =>
    withPost({ [name]: { ...(models.byName['Post'] as GeneratedModel).fields[name], ...changed } as GeneratedField });

  test('the migrations lead to prisma/schema/', async () => {
    expect(await findModelDifferences(database)).toEqual([]);
  });

  test.each<[what: string, changed: Readonly<Record<string, GeneratedModel>>, text: string, breaks: boolean]>([
    ['a new column', withPost({ subtitle: scalar }), 'Post.subtitle is not in the database', true],
    [
      'a renamed column',
      post('title', { column: 'headline' }),
      'Post.title is not in the database; posts.title is in the database only, and has to have a value',
      true,
    ],
    ['another type', post('views', { type: 'BigInt' }), 'Post.views is BigInt, and integer in the database', true],
    [
      'another kind of text',
      post('title', { native: 'VarChar', sizes: ['80'] }),
      'Post.title is String @db.VarChar, and',
      true,
    ],
    ['a list', post('title', { list: true }), 'Post.title is String[], and', true],
    [
      'a scalar that is an enum',
      post('kind', { kind: 'scalar', type: 'String' }),
      'Post.kind is String, and "PostKind" in the database',
      true,
    ],
    [
      'an enum that is a text',
      post('title', { kind: 'enum', type: 'PostKind' }),
      'Post.title is PostKind, and text in the database',
      true,
    ],
    [
      'another enum',
      post('kind', { type: 'AdminRole' }),
      'the value ADMINISTRATOR of Post.kind is not in the database',
      true,
    ],
    [
      'a table',
      { ...models.byName, Book: { ...(models.byName['Tag'] as GeneratedModel), table: 'books' } },
      'there is no table books for Book',
      true,
    ],
    [
      'what has to have a value',
      post('slug', { required: true }),
      'Post.slug is required, and may be null in the database',
      false,
    ],
    [
      'what may have none',
      post('title', { required: false }),
      'Post.title may be null, and may not in the database',
      false,
    ],
    ['what is unique', post('title', { unique: true }), 'Post.title is unique, and not in the database', false],
    [
      'what is unique together',
      withPost({}, { uniqueTogether: [['title', 'slug']] }),
      'Post.title and slug is unique',
      false,
    ],
  ])('is found: %s', async (_what, changed, text, breaks) => {
    const differences = await findModelDifferences({ ...database, models: { ...models, byName: changed } });
    expect(describeDifferences(differences)).toContain(text);
    expect(differences.some((one) => one.breaks)).toBe(breaks);
  });

  test('and a relation of many to many', async () => {
    const tags = {
      kind: 'object',
      type: 'Tag',
      list: true,
      required: true,
      relation: 'Marks',
      from: [],
      to: [],
    } as const;
    const changed = withPost({ marks: tags });
    expect(
      describeDifferences(await findModelDifferences({ ...database, models: { ...models, byName: changed } })),
    ).toContain('there is no table "public"."_Marks"');
  });

  test('a removed column is named, and what the database fills by itself is no reason not to start', async () => {
    const { views: _views, ...fields } = (models.byName['Post'] as GeneratedModel).fields;
    const changed = { ...models.byName, Post: { ...(models.byName['Post'] as GeneratedModel), fields } };
    const [difference, ...others] = await findModelDifferences({ ...database, models: { ...models, byName: changed } });
    expect(difference).toEqual({ text: 'posts.views is in the database only', breaks: false });
    expect(others).toEqual([]);
    // The schema has it, as a type that Prisma does not know.
    const known = { ...changed, Post: { ...changed.Post, unsupported: ['views'] } };
    expect(await findModelDifferences({ ...database, models: { ...models, byName: known } })).toEqual([]);
  });
});

test('a migration of the example does nothing in a project that removed the example', async () => {
  const sql = readFileSync('prisma/migrations/20261201174312_owner_of_posts/migration.sql', 'utf8');
  const columnsOf = (table: string) =>
    database.query('SELECT column_name FROM information_schema.columns WHERE table_name = $1 ORDER BY 1', [table]);
  const before = await columnsOf('posts');
  await database.query(sql, []);
  expect(await columnsOf('posts')).toEqual(before);

  await database.query('DROP TABLE posts CASCADE', []);
  await database.query(sql, []);
  await database.query('DROP TYPE "PostKind"', []);
  await database.query('CREATE TABLE public.posts (id int)', []); // of the project
  await database.query(sql, []);
  expect(await columnsOf('posts')).toEqual([{ column_name: 'id' }]);
});
