import { appendFileSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GraphQLInputObjectType, GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildSchemas } from '../scripts/build-schemas.ts';
import type { GeneratedColumn, Models } from '../src/database/models.ts';
import { models } from '../src/generated/models.ts';
import { validSchema } from '../src/graphql/content-type/check-content-types.ts';
import { contentType, type DeclaredContentType, singleType } from '../src/graphql/content-type/content-type.ts';
import { ContentTypeError } from '../src/graphql/content-type/content-type-error.ts';
import { resolveContentTypes } from '../src/graphql/content-type/resolve-content-types.ts';
import { createPlace, type Place, SECRETS } from './support/process.ts';
import { copyProject, type ProjectCopy } from './support/project-copy.ts';

/** Every mistake that can be made in a content type or its model: said before anything is served, in a line with its file. */

/** Declares a content type as JavaScript would, which nobody compiled. */
const declare = contentType as unknown as (model: string, declaration: object) => DeclaredContentType;
const FILE = 'test/content-type-errors.test.ts';

const column = (name: string, more: Partial<GeneratedColumn> = {}): Record<string, GeneratedColumn> => ({
  [name]: {
    kind: 'scalar',
    type: 'String',
    list: false,
    required: false,
    column: name,
    unique: false,
    hasDefault: false,
    native: null,
    sizes: [],
    ...more,
  },
});
/** Those that there are, and some that no content type can be made of. */
const MODELS: Models = {
  ...models,
  enums: { ...models.enums, OddState: { on: 'on', true: 'true' } },
  byName: {
    ...models.byName,
    Odd: {
      table: 'Odd',
      schema: null,
      key: ['id'],
      uniqueTogether: [],
      fields: {
        ...column('id', { type: 'Int', required: true, unique: true, hasDefault: true }),
        ...column('documentId', { required: true, unique: true, hasDefault: true }),
        ...column('json', { type: 'Json' }),
        ...column('big', { type: 'BigInt' }),
        ...column('money', { type: 'Decimal' }),
        ...column('bytes', { type: 'Bytes' }),
        ...column('lists', { list: true }),
        ...column('place', { kind: 'unsupported', type: 'Unsupported("point")' }),
        ...column('not'),
        ...column('state', { kind: 'enum', type: 'OddState' }),
        ...column('needed', { required: true }),
        ...column('short', { native: 'VarChar', sizes: ['5'] }),
      },
    },
    Keyless: { table: 'Keyless', schema: null, key: ['code'], uniqueTogether: [], fields: column('code') },
  },
};

function faultsOf(build: () => unknown): string {
  try {
    build();
  } catch (error) {
    expect(error).toBeInstanceOf(ContentTypeError);
    return (error as ContentTypeError).message;
  }
  return 'none';
}

const lists = { read: [], write: [] };
const rule = (rules: object, name = 'title') => ({ read: ['title', 'views'], write: [], columns: { [name]: rules } });

test.each<[model: string, declaration: object, fault: string]>([
  ['Odds', lists, 'there is no model Odds in prisma/schema/content.prisma'],
  ['__proto__', lists, 'there is no model __proto__ in prisma/schema/content.prisma'],
  ['Keyless', lists, 'Keyless is no content type: its model needs id Int @id and documentId String @unique'],
  ['Post', { write: [] }, 'Post: read has to be a list of names of columns and relations; [] for none'],
  ['Post', { read: ['title'] }, 'Post: write has to be a list of names of columns and relations; [] for none'],
  ['Post', { read: 'title', write: [] }, 'Post: read has to be a list'],
  ['Post', { read: [undefined], write: [] }, 'Post: read has to be a list'],
  ['Post', { ...lists, wirte: [] }, 'Post: there is no option wirte; there are read, write,'],
  [
    'Post',
    { read: ['titel'], write: [] },
    'Post has no column or relation titel in prisma/schema/content.prisma: id, documentId,',
  ],
  ['Post', { read: ['title'], write: ['title', 'titel'] }, 'Post has no column or relation titel'],
  ['Post', { read: ['constructor'], write: [] }, 'Post has no column or relation constructor'],
  ['Post', { read: ['title', 'views', 'title'], write: [] }, 'Post.title is twice in read: once is enough'],
  ['Post', { read: ['title'], write: ['title', 'title'] }, 'Post.title is twice in write: once is enough'],
  ['Odd', { read: ['json'], write: [] }, 'Odd.json is of type Json, which contentType() does not know'],
  ['Odd', { read: ['big'], write: [] }, 'Odd.big is of type BigInt, which'],
  ['Odd', { read: ['money'], write: [] }, 'Odd.money is of type Decimal, which'],
  ['Odd', { read: ['bytes'], write: [] }, 'Odd.bytes is of type Bytes, which'],
  ['Odd', { read: ['lists'], write: [] }, 'Odd.lists is of type String[], which'],
  ['Odd', { read: ['place'], write: [] }, 'Odd.place is of type Unsupported("point"), which'],
  ['Odd', { read: ['not'], write: [] }, 'Odd.not cannot be read: filters have a word of that name'],
  ['Odd', { read: ['state'], write: [] }, 'Odd.state: the value true of OddState is no value of an enum in GraphQL'],
  ['Odd', { read: ['short'], write: ['short'] }, 'Odd.needed has to have a value, has no @default and is not in write'],
  ['Odd', { ...lists, columns: { short: { minLength: 6 } } }, 'Odd.short has a minLength above its maxLength of 5'],
  ['Tag', { read: [], write: ['name'] }, 'Tag.name is unique and written: then it has to be read, too'],
  ['Post', { ...lists, search: ['title'] }, 'Post.title is searched in: then it has to be read, too'],
  ['Post', { read: ['views'], write: [], search: ['views'] }, 'Post.views is no text: search looks through texts'],
  ['Post', { read: ['author'], write: [], search: ['author'] }, 'Post.author is no text'],
  [
    'Post',
    { ...lists, name: '__Post' },
    'Post: name has to be a name of letters and digits that does not begin with __',
  ],
  ['Post', { ...lists, name: 'Blog post' }, 'Post: name has to be a name'],
  ['Post', { ...lists, name: '' }, 'Post: name has to be a name'],
  ['Post', { ...lists, name: 'String' }, 'Post: String is a name of GraphQL’s own: name another with name'],
  ['Post', { ...lists, name: 'Query' }, 'Post: Query is a name of GraphQL’s own'],
  ['Post', { ...lists, plural: '1posts' }, 'Post: plural has to be a name'],
  ['Post', { ...lists, plural: '__posts' }, 'Post: plural has to be a name'],
  ['Post', { ...lists, plural: 'post' }, 'Post: its plural is post, as its singular is: name another with plural'],
  ['Post', { ...lists, actions: 'a.b' }, 'Post: actions has to be a name'],
  ['Post', { read: ['id'], write: [], numericId: true }, 'Post.id is read and numericId: one of the two'],
  ['Post', { ...lists, columns: { titel: {} } }, 'Post has no column or relation titel'],
  ['Post', rule({}, 'author'), 'Post.author is a relation: only columns have rules'],
  ['Post', rule({ longest: 3 }), 'Post.title: there is no rule longest; there are label, format,'],
  ['Post', rule({ label: 3 }), 'Post.title: label has to be a text'],
  ['Post', rule({ label: ' ' }), 'Post.title: label has to be a text'],
  ['Post', rule({ format: '^a$' }), 'Post.title: format has to be email, url, slug, uuid or a regular expression'],
  ['Post', rule({ maxLength: '3' }), 'Post.title: maxLength has to be a whole number from 0'],
  ['Post', rule({ minLength: -1 }), 'Post.title: minLength has to be a whole number from 0'],
  [
    'Post',
    rule({ minLength: 4, maxLength: 3 }),
    'Post.title has a minLength above its maxLength of 3: no text would do',
  ],
  ['Post', rule({ min: 1 }), 'Post.title is no number'],
  ['Post', rule({ maxLength: 3 }, 'views'), 'Post.views is no String'],
  ['Post', rule({ min: Number.NaN }, 'views'), 'Post.views: min has to be a number'],
  ['Post', rule({ min: 4, max: 3 }, 'views'), 'Post.views has a min above its max of 3: no number would do'],
])('%s %j', (model, declaration, fault) => {
  const lines = faultsOf(() => resolveContentTypes(MODELS, [declare(model, declaration)])).split('\n');
  expect(lines.filter((line) => line.startsWith(`${FILE}: ${fault}`))).toHaveLength(1);
});

test('all that is wrong with one is said together, and what is right is not mentioned', () => {
  const faults = faultsOf(() =>
    resolveContentTypes(MODELS, [
      declare('Post', { read: ['titel', 'views'], write: [], columns: { views: { min: 2, max: 1 } } }),
    ]),
  );
  expect(faults.split('\n').map((line) => line.split(' ', 3).join(' '))).toEqual([
    `${FILE}: Post has`,
    `${FILE}: Post.views has`,
  ]);
});

describe('together', () => {
  const post = (more: object = {}) => declare('Post', { read: ['title'], write: ['title'], ...more });
  const tag = (more: object = {}) => declare('Tag', { read: ['name'], write: ['name'], ...more });

  test.each<[what: string, types: () => DeclaredContentType[], fault: string]>([
    ['one model twice', () => [post(), post({ name: 'Article' })], `Post is a content type already (${FILE})`],
    ['one plural twice', () => [post(), tag({ plural: 'posts' })], `Tag has the query posts, as has ${FILE}`],
    ['a plural that is the other’s name', () => [post(), tag({ plural: 'post' })], `Tag has the query post, as has`],
    ['one name twice', () => [post(), tag({ name: 'Post' })], `Tag has the type Post, as has ${FILE}`],
    [
      'a name that is the other’s filter',
      () => [post(), tag({ name: 'PostFiltersInput' })],
      'Tag has the type PostFiltersInput',
    ],
    [
      'a relation to what is no content type',
      () => [declare('Post', { read: ['author'], write: [] })],
      'Post.author leads to Author, which is not in src/app/content/index.ts',
    ],
    [
      'a user',
      () => [declare('User', { read: ['username'], write: [] })],
      'User is a content type already (src/graphql/users-permissions/types.ts)',
    ],
    ['a role', () => [declare('Role', { read: ['name'], write: [] })], 'Role is a content type already (src/graphql/'],
    [
      'an administrator',
      () => [declare('Admin', { read: ['email'], write: [] })],
      'Admin is a content type already (src/graphql/admin/types.ts)',
    ],
    ['a name of ours', () => [post({ name: 'Pagination' })], 'Post: '],
    [
      'a name of ours in the administration',
      () => [post({ name: 'User' })],
      'Post has the type User, as has src/graphql/admin/types.ts',
    ],
    ['a query with a name of ours', () => [post({ plural: 'login' }), tag({ plural: 'me' })], 'Tag: '],

    ['a query of ours', () => [post({ name: 'Me' })], 'Post: '],
    [
      'what is no content type',
      () => [{} as DeclaredContentType],
      'src/app/content/index.ts: an export of it is no content type',
    ],
  ])('%s', async (_what, types, fault) => {
    const error = await buildSchemas(types()).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(ContentTypeError);
    const { message } = error as ContentTypeError;
    expect(message).toContain(fault);
    expect(message).toMatch(/^(test|src)\/[\w./-]+: .+$/);
  });

  test('whatever else GraphQL does not take', () => {
    const input = new GraphQLInputObjectType({ name: 'PostInput', fields: {} });
    const query = new GraphQLObjectType({
      name: 'Query',
      fields: { post: { type: GraphQLString, args: { data: { type: input } } } },
    });
    const fault = faultsOf(() =>
      validSchema(resolveContentTypes(models, [post()]), () => new GraphQLSchema({ query })),
    );
    expect(fault).toBe(`${FILE}: Post: Input Object type PostInput must define one or more fields.`);
  });

  test('a type that nobody writes is only read', async () => {
    const { schema, adminSchema } = await buildSchemas([
      declare('Post', { read: ['title'], write: [] }),
      (singleType as unknown as typeof declare)('SiteSetting', { read: ['siteName'], write: [] }),
    ]);
    for (const { queries, mutations } of [schema, adminSchema].map((built) => ({
      queries: Object.keys(built.getQueryType()?.getFields() ?? {}),
      mutations: Object.keys(built.getMutationType()?.getFields() ?? {}),
    }))) {
      expect(queries).toEqual(expect.arrayContaining(['post', 'posts', 'posts_connection', 'siteSetting']));
      expect(mutations.filter((name) => /Post|SiteSetting/.test(name))).toEqual([]);
    }
    expect(schema.getType('PostInput')).toBeUndefined();
  });
});

describe('a project', () => {
  let project: ProjectCopy;
  let place: Place;
  beforeAll(async () => {
    place = await createPlace({ used: true });
    project = copyProject({ ...place.environment, PORT: '0' });
    cpSync('src/generated', join(project.directory, 'src/generated'), { recursive: true });
  });
  afterAll(async () => {
    await project?.remove();
    await place?.remove();
  });

  const COMMANDS = [
    'npm start --silent',
    'node_modules/.bin/node src/main.ts',
    'node_modules/.bin/node scripts/print-schema.ts',
    'node_modules/.bin/node scripts/new-migration.ts x',
    'npm run --silent gatehouse -- audit verify',
  ];

  test.each(COMMANDS)('with such a file does nothing on %s but say so', { timeout: 120_000 }, async (command) => {
    const file = join(project.directory, 'src/app/content/tag.ts');
    const before = readFileSync(file, 'utf8');
    writeFileSync(file, before.replace("read: ['name'", "read: ['nmae'"));
    const { code, output } = await project.run(command);
    writeFileSync(file, before);
    const missing =
      'src/app/content/tag.ts: Tag has no column or relation nmae in prisma/schema/content.prisma: id, documentId,';
    expect(output.startsWith(missing), output).toBe(true);
    expect(output.trim().split('\n')).toHaveLength(2); // and that name is unique, written and not read
    expect(code).toBe(1);
  });

  test('says so of two types that are in each other’s way', { timeout: 120_000 }, async () => {
    const file = join(project.directory, 'src/app/content/index.ts');
    const before = readFileSync(file, 'utf8');
    appendFileSync(file, "export { tag as label } from './tag.ts';\n");
    const { code, output } = await project.run('node_modules/.bin/node src/main.ts');
    writeFileSync(file, before);
    expect(output).toBe('src/app/content/tag.ts: Tag is a content type already (src/app/content/tag.ts)\n');
    expect(code).toBe(1);
  });

  test('whose model changed without a migration says so, and does not serve in production', {
    timeout: 120_000,
  }, async () => {
    const file = join(project.directory, 'src/generated/models.ts');
    const before = readFileSync(file, 'utf8');
    const [models = '', post = ''] = before.split('"Post": {');
    writeFileSync(file, `${models}"Post": {${post.replace('"column": "title"', '"column": "headline"')}`);
    const said =
      /Post\.title is not in the database; posts\.title .* Create the missing migration: npm run migrate:new/;
    const secrets = Object.entries(SECRETS).map(([name, value]) => `${name}='${value}'`);
    const { code, output } = await project.run(
      `NODE_ENV=production ${secrets.join(' ')} node_modules/.bin/node src/main.ts`,
    );
    expect(output.trim().split('\n'), output).toHaveLength(1);
    expect(output).toMatch(said);
    expect(code).toBe(1);
    const warned = await project.start('exec node_modules/.bin/node src/main.ts', /(WARN.*[\s\S]*ready at)/);
    expect(warned).toMatch(said);
    writeFileSync(file, before);
  });
});
