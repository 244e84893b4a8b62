import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServer, type TestServer } from './support/start.ts';

/** What an administrator's program learns of content types and of the server, to make tables and forms of it. */

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.close());

const CONTENT_TYPES = `{ contentTypes {
  name label pluralLabel actions isSingle isReadOnly one many connection create update delete input filters title search
  fields { name label description kind type values readable writable required unique hasDefault minLength maxLength min max format }
} }`;

interface Type {
  readonly name: string;
  readonly one: string;
  readonly many: string | null;
  readonly connection: string | null;
  readonly create: string | null;
  readonly update: string | null;
  readonly delete: string | null;
  readonly input: string | null;
  readonly filters: string | null;
  readonly title: string;
  readonly fields: readonly {
    readonly name: string;
    readonly readable: boolean;
    readonly writable: boolean;
    readonly type: string;
  }[];
}

async function contentTypes(): Promise<readonly Type[]> {
  const { data, errors } = await server.askAdmin(CONTENT_TYPES, { token: await server.adminToken('READ_ONLY') });
  expect(errors).toBeUndefined();
  return data.contentTypes;
}

test('content types are described as they are declared, without users and roles', async () => {
  const types = await contentTypes();
  expect(types.map(({ name }) => name)).toEqual(['Author', 'Category', 'Post', 'SiteSetting', 'Tag']);
  const post = types.find(({ name }) => name === 'Post');
  expect(post).toMatchObject({
    label: 'Post',
    pluralLabel: 'Posts',
    actions: 'post',
    isSingle: false,
    isReadOnly: false,
    one: 'post',
    many: 'posts',
    connection: 'posts_connection',
    create: 'createPost',
    update: 'updatePost',
    delete: 'deletePost',
    input: 'PostInput',
    filters: 'PostFiltersInput',
    title: 'title',
    search: [],
  });
  const nothing = { description: null, values: null, minLength: null, maxLength: null, min: null, max: null };
  const column = { ...nothing, readable: true, writable: true, unique: false, hasDefault: false, format: null };
  expect(post?.fields).toMatchObject([
    { name: 'documentId', label: 'Document id', kind: 'ID', type: 'ID', writable: false, unique: true },
    { ...column, name: 'title', label: 'Title', kind: 'TEXT', type: 'String', required: true, maxLength: 255 },
    { ...column, name: 'slug', kind: 'TEXT', required: false, unique: true, maxLength: 255, format: 'slug' },
    { ...column, name: 'content', kind: 'LONG_TEXT', required: false },
    {
      ...{ ...column, name: 'kind', kind: 'ENUM', type: 'PostKind', hasDefault: true, required: true },
      values: ['article', 'tutorial', 'news'],
    },
    { ...column, name: 'featured', kind: 'BOOLEAN', type: 'Boolean', hasDefault: true },
    { ...column, name: 'views', kind: 'INTEGER', type: 'Int', hasDefault: true },
    { ...column, name: 'rating', kind: 'DECIMAL', type: 'Float', required: false },
    { ...column, name: 'premium', kind: 'BOOLEAN', hasDefault: true },
    { name: 'publishedAt', label: 'Published at', description: expect.any(String), kind: 'DATE_TIME', writable: true },
    { name: 'createdAt', kind: 'DATE_TIME', type: 'DateTime', writable: false, hasDefault: true },
    { name: 'updatedAt', kind: 'DATE_TIME', writable: false },
    { ...column, name: 'author', label: 'Author', kind: 'RELATION_TO_ONE', type: 'Author', required: false },
    { ...column, name: 'category', kind: 'RELATION_TO_ONE', type: 'Category' },
    { ...column, name: 'tags', kind: 'RELATION_TO_MANY', type: 'Tag', required: false },
    { name: 'owner', kind: 'RELATION_TO_ONE', type: 'User', readable: true, writable: false },
  ]);
  expect(types.find(({ name }) => name === 'SiteSetting')).toMatchObject({
    label: 'Site setting',
    isSingle: true,
    one: 'siteSetting',
    many: null,
    connection: null,
    create: null,
    update: 'updateSiteSetting',
    delete: 'deleteSiteSetting',
    input: 'SiteSettingInput',
    filters: null,
    title: 'siteName',
  });
  // No client sees the address of an author.
  expect(JSON.stringify(types)).not.toContain('"email"');
});

test('every name in a description is one of the schema', async () => {
  const schema = server.gatehouse.adminSchema;
  const [queries, mutations] = [schema.getQueryType()?.getFields(), schema.getMutationType()?.getFields()];
  for (const type of await contentTypes()) {
    for (const name of [type.one, type.many, type.connection]) if (name !== null) expect(queries).toHaveProperty(name);
    for (const name of [type.create, type.update, type.delete]) {
      if (name !== null) expect(mutations).toHaveProperty(name);
    }
    for (const name of [type.name, type.input, type.filters, ...type.fields.map((field) => field.type)]) {
      if (name !== null) expect(schema.getType(name), name).toBeDefined();
    }
    const output = schema.getType(type.name)?.toConfig() as { readonly fields?: object };
    const input = type.input === null ? undefined : (schema.getType(type.input)?.toConfig() as typeof output);
    const named = (wanted: 'readable' | 'writable') =>
      type.fields.filter((field) => field[wanted]).map((field) => field.name);
    expect(Object.keys(output.fields ?? {})).toEqual(expect.arrayContaining([...named('readable'), type.title]));
    expect(Object.keys(input?.fields ?? {}).sort()).toEqual(named('writable').sort());
  }
});

test('what cannot be read or written, and what is shown as a sentence, is said of each field', async () => {
  const { contentType } = await import('./blog/declare.ts');
  const other = await startServer({
    contentTypes: [
      contentType('Author', {
        read: ['createdAt'],
        write: ['name', 'bio'],
        plural: 'writers',
        columns: {
          name: { label: 'What readers call the author.', minLength: 2, format: /[a-z]+/i },
          bio: { label: 'About the author' },
        },
      }),
      contentType('Category', { read: ['name', 'description'], write: [], search: ['description', 'name'] }),
    ],
  });
  try {
    const { data } = await other.askAdmin(CONTENT_TYPES, { token: await other.adminToken() });
    const [author, category] = data.contentTypes;
    expect(author).toMatchObject({ many: 'writers', pluralLabel: 'Writers', title: 'documentId' });
    expect(author.fields.slice(2)).toMatchObject([
      {
        ...{ name: 'name', label: 'Name', description: 'What readers call the author.', kind: 'TEXT' },
        ...{ readable: false, writable: true, required: true, minLength: 2, format: '/[a-z]+/i' },
      },
      { name: 'bio', label: 'About the author', description: null, kind: 'LONG_TEXT', readable: false },
    ]);
    expect(category).toMatchObject({ isReadOnly: true, create: null, update: null, delete: null, input: null });
    expect(category).toMatchObject({ title: 'name', search: ['description', 'name'] });
  } finally {
    await other.close();
  }
});

test('the server says how it is set up, and no secret', async () => {
  const ask = async () => {
    const { data } = await server.askAdmin('{ serverInfo { production publicUrl mailServer playground version } }', {
      token: await server.adminToken('READ_ONLY'),
    });
    return data.serverInfo;
  };
  expect(await ask()).toEqual({
    production: false,
    publicUrl: 'http://gatehouse.test',
    mailServer: false,
    playground: true,
    version: expect.stringMatching(/^\d+\.\d+\.\d+/),
  });
});
