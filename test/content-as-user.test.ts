import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { restrict } from './support/restrict.ts';
import { startServer, type TestServer } from './support/start.ts';

/** An administrator sees content as a user does: the same answers, nothing else of the user, and nothing is written. */

let server: TestServer;
let token: string;
let reader: string;
beforeAll(async () => {
  server = await startServer();
  token = await server.adminToken();
  const user = await server.database.prisma.user.findFirstOrThrow({ where: { username: 'reader' } });
  reader = user.documentId;
  await server.database.prisma.post.create({ data: { title: 'Of the reader', ownerId: user.id } });
});
afterAll(() => server?.close());
beforeEach(() => restrict(server.database, 'authenticated', 'post.find', null));

const AS = `query ($user: ID!, $query: String!, $variables: JSON) {
  contentAsUser(user: $user, query: $query, variables: $variables) { data errors }
}`;

async function asReader(
  query: string,
  variables?: object,
): Promise<{ readonly data: unknown; readonly errors: unknown }> {
  const { data, errors, text } = await server.askAdmin(AS, { token, variables: { user: reader, query, variables } });
  expect(errors, text).toBeUndefined();
  return data.contentAsUser;
}

/** What the client of the user gets, without what names the request. */
async function byTheReader(query: string, variables?: Record<string, unknown>) {
  const answer = await server.ask(query, { token: await server.tokenOf('reader'), variables: variables ?? {} });
  const { data, errors } = JSON.parse(answer.text);
  return { data: data ?? null, errors: errors ?? null };
}

describe('an answer is that of the user', () => {
  const OWN = { where: { owner: '$user' } };
  test.each([
    ['all rows', null, '{ posts(sort: "title") { title owner { documentId } } }'],
    ['rows by a rule', [OWN], '{ posts_connection { nodes { title } pageInfo { total } } }'],
    ['columns by a rule', [{ fields: ['title'] }], '{ posts { title content } }'],
    [
      'a filter by a column that cannot be read',
      [{ fields: ['title'] }],
      '{ posts(filters: { content: { notNull: true } }) { title } }',
    ],
    ['no permission', undefined, '{ posts { title } }'],
    ['a name that is not there', null, '{ posts { colour } }'],
    ['no GraphQL', null, '{ posts {'],
    ['the account', null, 'query ($n: Int) { posts(pagination: { limit: $n }) { documentId } }'],
  ])('%s', async (_what, grants, query) => {
    await restrict(server.database, 'authenticated', 'post.find', grants);
    const variables = query.includes('$n') ? { n: 2 } : undefined;
    const seen = await asReader(query, variables);
    expect(seen).toEqual(await byTheReader(query, variables));
    expect(seen.data ?? seen.errors).not.toBeNull();
  });

  test('of a rule, only the own rows', async () => {
    await restrict(server.database, 'authenticated', 'post.find', [OWN]);
    expect(await asReader('{ posts { title } }')).toEqual({
      data: { posts: [{ title: 'Of the reader' }] },
      errors: null,
    });
  });
});

test('of the user there is nothing but content', async () => {
  for (const query of ['{ me { email } }', '{ sessions { documentId } }']) {
    const own = await byTheReader(query);
    expect(own.errors, query).toBeNull();
    const { data, errors } = await asReader(query);
    expect(JSON.stringify(data), query).not.toContain('reader');
    expect(JSON.stringify(errors), query).toContain('FORBIDDEN');
  }
});

test('nothing can be changed, even what the user could change', async () => {
  await restrict(server.database, 'authenticated', 'post.create', null);
  const before = await server.database.prisma.post.count();
  const events = await server.database.prisma.auditEntry.count();
  const sessions = await server.database.prisma.session.count();
  const { data, errors } = await asReader('mutation { createPost(data: { title: "Not here" }) { documentId } }');
  expect([data, errors]).toEqual([null, [expect.objectContaining({ message: 'Only a query can be sent here' })]]);
  const both = 'query A { posts { title } } mutation B { createPost(data: { title: "Not here" }) { documentId } }';
  expect((await asReader(both)).data).toBeNull();
  expect(await server.database.prisma.post.count()).toBe(before);
  expect(await server.database.prisma.auditEntry.count()).toBe(events);
  expect(await server.database.prisma.session.count()).toBe(sessions);
});

test('there is one in an operation, and each query has the limits of clients', async () => {
  const twice = `query ($user: ID!, $query: String!) {
    one: contentAsUser(user: $user, query: $query) { data } two: contentAsUser(user: $user, query: $query) { data }
  }`;
  const { errors } = await server.askAdmin(twice, { token, variables: { user: reader, query: '{ posts { title } }' } });
  expect(errors?.[0]?.extensions.code).toBe('COST_LIMIT_EXCEEDED');
  const fields = Array.from({ length: 300 }, (_, n) => `p${n}: posts { title }`).join(' ');
  const seen = await asReader(`{ ${fields} }`);
  expect(seen).toEqual(await byTheReader(`{ ${fields} }`));
  expect(seen.data).toBeNull();
});

test('a user that is not there, and variables that are no object, are said', async () => {
  const query = '{ posts { title } }';
  const missing = await server.askAdmin(AS, { token, variables: { user: 'nobody', query } });
  expect(missing.errors?.[0]?.extensions.code).toBe('NOT_FOUND');
  const list = await server.askAdmin(AS, { token, variables: { user: reader, query, variables: [1] } });
  expect(list.errors?.[0]?.extensions.error.details.errors?.[0]?.message).toBe('variables must be an object');
});

test('a change of the role counts at once', async () => {
  const query = '{ posts_connection { pageInfo { total } } }';
  expect((await asReader(query)).errors).toBeNull();
  const role = await server.database.prisma.role.findUniqueOrThrow({ where: { type: 'authenticated' } });
  const { errors } = await server.askAdmin(
    'mutation ($role: ID!, $version: Int!) { setPermissions(role: $role, version: $version, remove: ["post.find"]) { version } }',
    { token, variables: { role: role.documentId, version: role.version } },
  );
  expect(errors).toBeUndefined();
  expect(JSON.stringify((await asReader(query)).errors)).toContain('FORBIDDEN');
});
