import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GraphQLInputObjectType, GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GeneratedColumn, Models } from '../../src/database/models.ts';
import { buildValidSchema } from '../../src/graphql/content-type/check-content-types.ts';
import { contentType, type DeclaredContentType, singleType } from '../../src/graphql/content-type/content-type.ts';
import { ContentTypeError } from '../../src/graphql/content-type/content-type-error.ts';
import { resolveContentTypes } from '../../src/graphql/content-type/resolve-content-types.ts';
import { buildSchemas } from '../../src/project/build-schemas.ts';
import { models } from '../blog/models.ts';
import { createPlace, type Place, SECRETS } from '../support/process.ts';
import { copyProject, type ProjectCopy } from '../support/project-copy.ts';

/** Every mistake in a content type or its model is reported at start, in one line with its file. */

/** Declares a content type as plain JavaScript can, without type checking. */
const declare = contentType as unknown as (model: string, declaration: object) => DeclaredContentType;
const FILE = 'test/example/content-type-errors.test.ts';

const column = (name: string, more: Partial<GeneratedColumn> = {}): Record<string, GeneratedColumn> => ({
  [name]: {
    kind: 'scalar',
    type: 'String',
    list: false,
    required: false,
    column: name,
    unique: false,
    hasDefault: false,
    generated: null,
    updatedAt: false,
    native: null,
    sizes: [],
    ...more,
  },
});
/** The models of the example blog, and some that content types do not support. */
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
        ...column('place', { kind: 'unsupported', type: 'Unsupported("point")' }),
        ...column('not'),
        ...column('state', { kind: 'enum', type: 'OddState' }),
        ...column('needed', { required: true }),
        ...column('short', { native: 'VarChar', sizes: ['5'] }),
      },
    },
    Glance: {
      table: 'Glance',
      schema: null,
      view: true,
      key: ['id'],
      uniqueTogether: [],
      fields: {
        ...column('id', { type: 'Int', required: true, unique: true, hasDefault: true }),
        ...column('documentId', { required: true, unique: true, hasDefault: true }),
        ...column('title'),
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
  ['Keyless', lists, 'Keyless.code can be null, so it cannot be part of a key'],
  ['Post', { write: [] }, 'Post: read must be a list of column and relation names ([] for none)'],
  ['Post', { read: ['title'] }, 'Post: write must be a list of column and relation names ([] for none)'],
  ['Post', { read: 'title', write: [] }, 'Post: read must be a list'],
  ['Post', { read: [undefined], write: [] }, 'Post: read must be a list'],
  ['Post', { ...lists, wirte: [] }, 'Post: unknown option wirte. The options are read, write,'],
  [
    'Post',
    { read: ['titel'], write: [] },
    'Post has no column or relation titel in prisma/schema/content.prisma: id, documentId,',
  ],
  ['Post', { read: ['title'], write: ['title', 'titel'] }, 'Post has no column or relation titel'],
  ['Post', { read: ['constructor'], write: [] }, 'Post has no column or relation constructor'],
  ['Post', { read: ['title', 'views', 'title'], write: [] }, 'Post.title is listed twice in read. Remove one of them'],
  ['Post', { read: ['title'], write: ['title', 'title'] }, 'Post.title is listed twice in write. Remove one of them'],
  [
    'Odd',
    { read: ['place'], write: [] },
    'Odd.place is of type Unsupported("point"), which contentType() does not support',
  ],
  ['Glance', { read: ['title'], write: ['title'] }, 'Glance is a view, which cannot be written. Leave write empty: []'],
  ['Odd', { read: ['not'], write: [] }, 'Odd.not cannot be in read: not is an operator of filters'],
  ['Odd', { read: ['state'], write: [] }, 'Odd.state: true of OddState is not a valid GraphQL enum value'],
  ['Odd', { read: ['short'], write: ['short'] }, 'Odd.needed is required, has no @default and is not in write'],
  ['Odd', { ...lists, columns: { short: { minLength: 6 } } }, 'Odd.short: minLength is greater than maxLength (5)'],
  ['Tag', { read: [], write: ['name'] }, 'Tag.name is unique and in write, but not in read. Add it to read'],
  ['Post', { ...lists, search: ['title'] }, 'Post.title is in search but not in read. Add it to read'],
  [
    'Post',
    { read: ['views'], write: [], search: ['views'] },
    'Post.views is not a String. Only String columns can be searched',
  ],
  ['Post', { read: ['author'], write: [], search: ['author'] }, 'Post.author is not a String'],
  [
    'Post',
    { ...lists, name: '__Post' },
    'Post: name must consist of letters, digits and _, and must not start with a digit or with __',
  ],
  ['Post', { ...lists, name: 'Blog post' }, 'Post: name must consist of'],
  ['Post', { ...lists, name: '' }, 'Post: name must consist of'],
  ['Post', { ...lists, name: 'String' }, 'Post: the name String is reserved by GraphQL. Set another name'],
  ['Post', { ...lists, name: 'Query' }, 'Post: the name Query is reserved by GraphQL'],
  ['Post', { ...lists, plural: '1posts' }, 'Post: plural must consist of'],
  ['Post', { ...lists, plural: '__posts' }, 'Post: plural must consist of'],
  ['Post', { ...lists, plural: 'post' }, 'Post: singular and plural are both post. Set another plural'],
  ['Post', { ...lists, actions: 'a.b' }, 'Post: actions must consist of'],
  [
    'Post',
    { read: ['id'], write: [], numericId: true },
    'Post.id is in read, and numericId is true. Use one of the two',
  ],
  ['Post', { ...lists, columns: { titel: {} } }, 'Post has no column or relation titel'],
  ['Post', rule({}, 'author'), 'Post.author is a relation. Only columns can have rules'],
  ['Post', rule({ longest: 3 }), 'Post.title: unknown rule longest. The rules are label, format,'],
  ['Post', rule({ label: 3 }), 'Post.title: label must be a text that is not empty'],
  ['Post', rule({ label: ' ' }), 'Post.title: label must be a text that is not empty'],
  ['Post', rule({ format: '^a$' }), 'Post.title: format must be email, url, slug, uuid or a regular expression'],
  ['Post', rule({ maxLength: '3' }), 'Post.title: maxLength must be an integer of 0 or more'],
  ['Post', rule({ minLength: -1 }), 'Post.title: minLength must be an integer of 0 or more'],
  ['Post', rule({ minLength: 4, maxLength: 3 }), 'Post.title: minLength is greater than maxLength (3)'],
  ['Post', rule({ min: 1 }), 'Post.title is not a number: min and max do not apply'],
  ['Post', rule({ maxLength: 3 }, 'views'), 'Post.views is not a String: minLength, maxLength and format do not apply'],
  ['Post', rule({ min: Number.NaN }, 'views'), 'Post.views: min must be a number'],
  ['Post', rule({ min: 4, max: 3 }, 'views'), 'Post.views: min is greater than max (3)'],
])('%s %j', (model, declaration, fault) => {
  const lines = faultsOf(() => resolveContentTypes(MODELS, [declare(model, declaration)])).split('\n');
  expect(lines.filter((line) => line.startsWith(`${FILE}: ${fault}`))).toHaveLength(1);
});

test('all errors of a content type are reported together, and nothing else', () => {
  const faults = faultsOf(() =>
    resolveContentTypes(MODELS, [
      declare('Post', { read: ['titel', 'views'], write: [], columns: { views: { min: 2, max: 1 } } }),
    ]),
  );
  expect(faults.split('\n').map((line) => line.split(' ', 3).join(' '))).toEqual([
    `${FILE}: Post has`,
    `${FILE}: Post.views: min`,
  ]);
});

describe('content types that conflict', () => {
  const post = (more: object = {}) => declare('Post', { read: ['title'], write: ['title'], ...more });
  const tag = (more: object = {}) => declare('Tag', { read: ['name'], write: ['name'], ...more });

  test.each<[what: string, types: () => DeclaredContentType[], fault: string]>([
    ['one model twice', () => [post(), post({ name: 'Article' })], `Post already has a content type (${FILE})`],
    [
      'one plural twice',
      () => [post(), tag({ plural: 'posts' })],
      `Tag: the query posts is already defined by ${FILE}. Set another name or plural for one of them`,
    ],
    [
      'a plural that is the name of the other',
      () => [post(), tag({ plural: 'post' })],
      `Tag: the query post is already`,
    ],
    ['one name twice', () => [post(), tag({ name: 'Post' })], `Tag: the type Post is already defined by ${FILE}`],
    [
      'a name that is the filter type of the other',
      () => [post(), tag({ name: 'PostFiltersInput' })],
      'Tag: the type PostFiltersInput is already',
    ],
    [
      'a relation to a model without a content type',
      () => [declare('Post', { read: ['author'], write: [] })],
      'Post.author points to Author, which src/app/content/index.ts does not export',
    ],
    [
      'the model of users',
      () => [declare('User', { read: ['username'], write: [] })],
      'User already has a content type (src/graphql/users-permissions/users-permissions-types.ts)',
    ],
    [
      'the model of roles',
      () => [declare('Role', { read: ['name'], write: [] })],
      'Role already has a content type (src/',
    ],
    [
      'the model of administrators',
      () => [declare('Admin', { read: ['email'], write: [] })],
      'Admin already has a content type (src/graphql/admin/administered-types.ts)',
    ],
    ['a built-in type', () => [post({ name: 'Pagination' })], 'Post: '],
    [
      'a built-in type of the administration',
      () => [post({ name: 'User' })],
      'Post: the type User is already defined by src/graphql/admin/administered-types.ts',
    ],
    [
      'a built-in mutation as plural, and a built-in query',
      () => [post({ plural: 'login' }), tag({ plural: 'me' })],
      'Tag: ',
    ],

    ['a built-in query as singular', () => [post({ name: 'Me' })], 'Post: '],
    [
      'an export that is not a content type',
      () => [{} as DeclaredContentType],
      'src/app/content/index.ts: exports something that is not a content type',
    ],
  ])('%s', async (_what, types, fault) => {
    const error = await buildSchemas({ models, contentTypes: types() }).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(ContentTypeError);
    const { message } = error as ContentTypeError;
    expect(message).toContain(fault);
    expect(message).toMatch(/^(test|src)\/[\w./-]+: .+$/);
  });

  test('a schema that GraphQL does not accept names the content type', () => {
    const input = new GraphQLInputObjectType({ name: 'PostInput', fields: {} });
    const query = new GraphQLObjectType({
      name: 'Query',
      fields: { post: { type: GraphQLString, args: { data: { type: input } } } },
    });
    const fault = faultsOf(() =>
      buildValidSchema(resolveContentTypes(models, [post()]), () => new GraphQLSchema({ query })),
    );
    expect(fault).toBe(`${FILE}: Post: Input Object type PostInput must define one or more fields.`);
  });

  test('a type without writable fields has no mutations', async () => {
    const { schema, adminSchema } = await buildSchemas({
      models,
      contentTypes: [
        declare('Post', { read: ['title'], write: [] }),
        (singleType as unknown as typeof declare)('SiteSetting', { read: ['siteName'], write: [] }),
      ],
    });
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

describe('a project with an invalid content type', () => {
  let project: ProjectCopy;
  let place: Place;
  beforeAll(async () => {
    place = await createPlace({ used: true });
    project = copyProject({ ...place.environment, PORT: '0' });
  });
  afterAll(async () => {
    await project?.remove();
    await place?.remove();
  });

  const COMMANDS = [
    'npm start --silent',
    'node_modules/.bin/node --conditions=gatehouse-source src/main.ts',
    'npm run --silent schema',
    'npm run --silent migrate:new -- x',
    'npm run --silent gatehouse -- audit verify',
  ];

  test.each(COMMANDS)('%s reports it and does nothing else', async (command) => {
    const file = join(project.directory, 'src/app/content/tag.ts');
    const before = readFileSync(file, 'utf8');
    writeFileSync(file, before.replace("read: ['name'", "read: ['nmae'"));
    const { code, output } = await project.run(command);
    writeFileSync(file, before);
    const missing =
      'src/app/content/tag.ts: Tag has no column or relation nmae in prisma/schema/content.prisma: id, documentId,';
    expect(output.startsWith(missing), output).toBe(true);
    expect(output.trim().split('\n')).toHaveLength(2); // also: name is unique and in write, but not in read
    expect(code).toBe(1);
  });

  test('the start reports two content types of one model', async () => {
    const file = join(project.directory, 'src/app/content/index.ts');
    const before = readFileSync(file, 'utf8');
    appendFileSync(file, "export { tag as label } from './tag.ts';\n");
    const { code, output } = await project.run('node_modules/.bin/node --conditions=gatehouse-source src/main.ts');
    writeFileSync(file, before);
    expect(output).toBe('src/app/content/tag.ts: Tag already has a content type (src/app/content/tag.ts)\n');
    expect(code).toBe(1);
  });

  test('a model that changed without a migration is reported, and production does not start', async () => {
    const file = join(project.directory, 'src/generated/models.ts');
    const before = readFileSync(file, 'utf8');
    const [models = '', post = ''] = before.split('"Post": {');
    writeFileSync(file, `${models}"Post": {${post.replace('"column": "title"', '"column": "headline"')}`);
    const expected =
      /Post\.title is not in the database; posts\.title .* Create the missing migration: npm run migrate:new/;
    const secrets = Object.entries(SECRETS).map(([name, value]) => `${name}='${value}'`);
    const { code, output } = await project.run(
      `NODE_ENV=production ${secrets.join(' ')} node_modules/.bin/node --conditions=gatehouse-source src/main.ts`,
    );
    expect(output.trim().split('\n'), output).toHaveLength(1);
    expect(output).toMatch(expected);
    expect(code).toBe(1);
    const warned = await project.start(
      'exec node_modules/.bin/node --conditions=gatehouse-source src/main.ts',
      /(WARN.*[\s\S]*ready at)/,
    );
    expect(warned).toMatch(expected);
    writeFileSync(file, before);
  });
});
