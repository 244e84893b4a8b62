import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { REST_ROUTES } from '../src/http/rest/rest-routes.ts';
import { restrict } from './support/restrict.ts';
import { startServer, type TestServer } from './support/start.ts';

// What docs/from-strapi.md says about the front end.

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const page = readFileSync('docs/from-strapi.md', 'utf8');

test('the page lists every path of the REST API, and no other', () => {
  const [, table = ''] = page.split('The paths of the REST API');
  const listed = [...table.matchAll(/`((?:GET|POST|PUT|DELETE) \/api\/[^`]+)`/g)].map(([, path = '']) => path);
  expect(listed.toSorted()).toEqual(Object.keys(REST_ROUTES).toSorted());
});

describe('a front end of Strapi', () => {
  const LOGIN = 'mutation { login(input: { identifier: "reader", password: "gatehouse-demo" }) { jwt } }';

  test.each(['', ' ', 'Bearer', 'Bearer '])(
    'reads as Public with the header Authorization: "%s"',
    async (authorization) => {
      const { status, data, errors } = await server.ask('{ posts { title } }', { headers: { authorization } });
      expect({ status, errors }).toEqual({ status: 200, errors: undefined });
      expect(data.posts.length).toBeGreaterThan(0);
    },
  );

  test('logs in with a token in the header whose session has ended, and not with garbage', async () => {
    const token = await server.tokenOf('reader');
    await server.ask('mutation { logout { ok } }', { token });
    const ended = await server.ask('{ me { username } }', { token });
    expect(ended.status).toBe(401);
    const again = await server.ask(LOGIN, { token });
    expect(again.data.login.jwt).toEqual(expect.any(String));
    const garbage = await server.ask(LOGIN, { token: 'garbage' });
    expect(garbage.status).toBe(401);
  });

  test('gets up to the maximum of rows by limit: -1', async () => {
    const { prisma } = server.database;
    await prisma.tag.createMany({ data: Array.from({ length: 120 }, (_, at) => ({ name: `many ${at}` })) });
    const { data } = await server.ask('{ tags(pagination: { limit: -1 }) { name } }');
    expect(data.tags).toHaveLength(100);
    await prisma.tag.deleteMany({ where: { name: { startsWith: 'many' } } });
  });

  test.each(['status: PUBLISHED', 'locale: "fr"', 'publicationState: LIVE'])(
    'is told of the argument %s',
    async (argument) => {
      const { data, errors } = await server.ask(`{ posts(${argument}) { title } }`);
      expect(data).toBeUndefined();
      expect(errors?.[0]?.message).toContain('Unknown argument');
    },
  );

  test('sees published posts only, where a rule of Public says so, and its editors see drafts', async () => {
    const { database } = server;
    await database.prisma.post.create({ data: { title: 'A draft', publishedAt: null } });
    for (const action of ['post.find', 'post.findOne']) {
      await restrict(database, 'public', action, [{ where: { publishedAt: { notNull: true } } }]);
    }
    const titles = async (as?: string) => {
      const { data } = await server.ask('{ posts(filters: { title: { eq: "A draft" } }) { title } }', {
        token: as && (await server.tokenOf(as)),
      });
      return data.posts;
    };
    expect(await titles()).toEqual([]);
    expect(await titles('editor')).toEqual([{ title: 'A draft' }]);
  });
});
