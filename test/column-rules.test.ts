import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DeclaredContentType } from '../src/graphql/content-type/content-type.ts';
import { resolveContentTypes } from '../src/graphql/content-type/resolve-content-types.ts';
import * as content from './blog/content/index.ts';
import { author, category, siteSetting, tag } from './blog/content/index.ts';
import { contentType } from './blog/declare.ts';
import { models } from './blog/models.ts';
import { send, startBeside, startServer, type TestServer } from './support/start.ts';

let server: TestServer;
let editor: string;
beforeAll(async () => {
  const columns = ['title', 'slug', 'content', 'featured', 'views', 'rating', 'publishedAt'] as const;
  const post = contentType('Post', {
    read: [...columns, 'author', 'tags'],
    write: [...columns, 'author', 'tags'],
    columns: {
      title: { label: 'The title, as readers see it', minLength: 3, maxLength: 10 },
      slug: { format: 'slug', maxLength: 20 },
      content: { format: 'url' },
      views: { min: 0, max: 1_000 },
      rating: { min: 0.5 },
    },
  });
  server = await startServer({ contentTypes: [post, author, category, siteSetting, tag] });
  editor = await server.tokenOf('editor');
});
afterAll(() => server?.close());

/** The example blog, with the limits of Strapi's short texts and slugs. */
test('the example blog has the limits of Strapi: 255 characters for a short text, and A-Za-z0-9-_.~ for a slug', async () => {
  await using blog = await startBeside(server, {}, { contentTypes: Object.values(content) });
  const token = await server.tokenOf('editor');
  const messagesFor = async (data: object) => {
    const document = 'mutation ($data: PostInput!) { createPost(data: $data) { slug } }';
    const { errors } = await send(blog.url, document, { token, variables: { data } });
    return errors?.flatMap(({ extensions }) => (extensions.error.details.errors ?? []).map(({ message }) => message));
  };
  const long = 'x'.repeat(256);
  expect(await messagesFor({ title: long, slug: long })).toEqual([
    'title must be at most 255 characters',
    'slug must be at most 255 characters',
  ]);
  expect(await messagesFor({ title: 'x', slug: 'what is it?' })).toEqual([
    'slug must be made of letters, digits and - _ . ~ only',
  ]);
  expect(await messagesFor({ title: '🦉'.repeat(255), slug: 'A-Za-z0-9-_.~' })).toBeUndefined();
});

const CREATE = 'mutation ($data: PostInput!) { createPost(data: $data) { documentId title slug } }';
const UPDATE =
  'mutation ($id: ID!, $data: PostInput!) { updatePost(documentId: $id, data: $data) { documentId title slug } }';

async function faultsOf(data: object): Promise<string[] | undefined> {
  const before = await server.database.prisma.post.count();
  const { errors } = await server.ask(CREATE, { token: editor, variables: { data } });
  expect((await server.database.prisma.post.count()) - before).toBe(errors ? 0 : 1);
  return errors?.[0]?.extensions.error.details.errors?.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe('validation of columns', () => {
  test.each<[object, string[] | undefined]>([
    [{ title: 'ok!' }, undefined],
    [{ title: '1234567890' }, undefined],
    [{ title: '🦉🦉🦉🦉🦉🦉🦉🦉🦉🦉' }, undefined], // characters, not UTF-16 code units
    [{ title: '12345678901' }, ['title: title must be at most 10 characters']],
    [{ title: 'no' }, ['title: title must be at least 3 characters']],
    [{ title: null }, ['title: title must be defined.']],
    [
      { slug: 'a slug' },
      ['title: title must be defined.', 'slug: slug must be made of letters, digits and - _ . ~ only'],
    ],
    [{ title: 'url', content: 'https://example.com/a?b=c#d' }, undefined],
    [{ title: 'url', content: 'javascript:alert(1)' }, ['content: content must be a valid URL']],
    [
      { title: 'url', content: `https://example.com/${'a'.repeat(2_000)}` },
      ['content: content must be at most 2000 characters'],
    ],
    [{ title: 'url', content: 'https://' }, ['content: content must be a valid URL']],
    [
      { title: 'num', views: 1_001, rating: 0.25 },
      ['views: views must be less than or equal to 1000', 'rating: rating must be greater than or equal to 0.5'],
    ],
    [{ title: 'num', views: -1 }, ['views: views must be greater than or equal to 0']],
    [{ title: 'nul', slug: null, content: null, rating: null }, undefined],
  ])('%j', async (data, faults) => {
    expect(await faultsOf(data)).toEqual(faults);
  });

  test('all validation errors are returned together: columns, relations and unique values', async () => {
    await faultsOf({ title: 'first', slug: 'taken' });
    expect(
      await faultsOf({ title: 'x', slug: 'taken', views: -1, author: 'nobody', tags: ['none', 'neither'] }),
    ).toEqual([
      'title: title must be at least 3 characters',
      'slug: This attribute must be unique',
      'views: views must be greater than or equal to 0',
      'author: author names a document that does not exist',
      'tags: tags names documents that do not exist',
    ]);
  });

  test('a relation accepts at most 1000 documents per write, not counting duplicates', async () => {
    const { documentId } = await server.database.prisma.tag.findFirstOrThrow();
    expect(await faultsOf({ title: 'tags', tags: Array(1_000).fill(documentId) })).toBeUndefined();
    const many = Array.from({ length: 1_001 }, (_, index) => `tag${index}`);
    expect(await faultsOf({ title: 'tags', tags: many })).toEqual(['tags: tags must have at most 1000 documents']);
  });

  test('an update can set a unique value that the document already has', async () => {
    const { data } = await server.ask(CREATE, { token: editor, variables: { data: { title: 'mine', slug: 'mine' } } });
    const update = (slug: string) =>
      server.ask(UPDATE, { token: editor, variables: { id: data.createPost.documentId, data: { slug } } });
    expect((await update('mine')).data.updatePost.slug).toBe('mine');
    expect((await update('taken')).errors?.[0]?.message).toBe('This attribute must be unique');
  });

  test('of concurrent writes with the same unique value, one succeeds and the others get a validation error', async () => {
    const attempts = Array.from({ length: 8 }, () =>
      server.ask(CREATE, { token: editor, variables: { data: { title: 'race', slug: 'race' } } }),
    );
    const answers = await Promise.all(attempts);
    expect(answers.filter(({ errors }) => !errors)).toHaveLength(1);
    const messages = answers.flatMap(({ errors = [] }) =>
      errors.map(({ extensions }) =>
        extensions.error.details.errors?.map(({ path, message }) => `${path}: ${message}`),
      ),
    );
    expect(messages).toEqual(Array(7).fill(['slug: This attribute must be unique']));
  });

  test('the label of a column is its description in the schema', async () => {
    const { data } = await server.ask('{ __type(name: "Post") { fields { name description } } }');
    const title = data.__type.fields.find(({ name }: { name: string }) => name === 'title');
    expect(title.description).toBe('The title, as readers see it');
  });
});

describe('an invalid declaration does not start', () => {
  test.each<[string, () => DeclaredContentType, string]>([
    [
      'a length of a number',
      () => contentType('Post', { read: ['views'], write: [], columns: { views: { maxLength: 3 } } }),
      'Post.views is not a String',
    ],
    [
      'a maximum of a text',
      () => contentType('Post', { read: ['title'], write: [], columns: { title: { max: 3 } } }),
      'Post.title is not a number',
    ],
    [
      'a unique column that is writable but not readable',
      () => contentType('Tag', { read: [], write: ['name'] }),
      'Tag.name is unique and in write',
    ],
    [
      'a model without a documentId',
      () => contentType('Attempt', { read: [], write: [] }),
      'Attempt cannot be a content type',
    ],
  ])('%s', (_what, declare, message) => {
    expect(() => resolveContentTypes(models, [declare()])).toThrow(message);
  });

  test('a misspelt column and an unknown rule do not compile', () => {
    // @ts-expect-error there is no column titel
    const titel = contentType('Post', { read: ['title'], write: [], columns: { titel: { maxLength: 3 } } });
    expect(() => resolveContentTypes(models, [titel])).toThrow('titel');
    // @ts-expect-error there is no rule longest
    const longest = contentType('Post', { read: ['title'], write: [], columns: { title: { longest: 3 } } });
    expect(() => resolveContentTypes(models, [longest])).toThrow('longest');
  });
});
