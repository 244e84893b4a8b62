import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEMO_PASSWORD } from '../src/accounts/public-password.ts';
import { createAdmin } from '../src/administration/admins.ts';
import { NO_CEILING } from '../src/administration/permission-ceiling.ts';
import { SERVER } from '../src/audit/actor.ts';
import {
  AUDIT_LOG,
  CREATE_ROLE,
  LOG_IN_AS_ADMIN,
  PERMISSION_MATRIX,
  SET_PERMISSIONS,
} from './clients/admin/documents.ts';
import { connectApollo, connectApolloPersisted, connectApolloPersistedByGet } from './clients/apollo.ts';
import { CREATE_POST, LOG_IN, ME, POSTS } from './clients/documents.ts';
import type { Connect } from './clients/front-end.ts';
import { connectUrql, connectUrqlPersisted, connectUrqlWithGet } from './clients/urql.ts';
import { startBeside, startServer, type TestServer } from './support/start.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const clients: readonly (readonly [string, Connect])[] = [
  ['Apollo Client', connectApollo],
  ['Apollo Client with persisted queries', connectApolloPersisted],
  ['Apollo Client with persisted queries by GET', connectApolloPersistedByGet],
  ['urql', connectUrql],
  ['urql with GET', connectUrqlWithGet],
  ['urql with persisted queries', connectUrqlPersisted],
];

describe.for(clients)('%s in a panel', ([, connect]) => {
  test('goes from a login to a new role with three permissions, and sees it in the log', async () => {
    const email = `panel-${Math.random()}@admin.test`;
    const by = { actor: SERVER, ceiling: NO_CEILING };
    const admin = { email, name: 'Panel', role: 'ADMINISTRATOR', password: DEMO_PASSWORD } as const;
    await createAdmin(server.gatehouse.administration, by, admin);
    const adminUrl = server.url.replace(/graphql$/, 'admin/graphql');
    const login = await connect(adminUrl).mutate(LOG_IN_AS_ADMIN, { email, password: DEMO_PASSWORD });
    expect(login).toMatchObject({ codes: [], data: { login: { admin: { name: 'Panel', role: 'ADMINISTRATOR' } } } });
    const panel = connect(adminUrl, login.data?.login?.jwt ?? '');
    const name = `Writer ${Math.random()}`;
    const { data: made } = await panel.mutate(CREATE_ROLE, { data: { name } });
    const { documentId = '', version = 0 } = made?.createRole ?? {};
    const add = ['post.create', 'post.find', 'tag.find'];
    const { data: set, codes } = await panel.mutate(SET_PERMISSIONS, { role: documentId, version, add });
    expect(codes).toEqual([]);
    expect(set?.setPermissions?.permissions).toEqual(expect.arrayContaining(add));
    const matrix = await panel.query(PERMISSION_MATRIX, {});
    expect(matrix.data?.roles?.find((role) => role.name === name)?.permissions).toEqual(
      set?.setPermissions?.permissions,
    );
    expect(matrix.data?.actions?.flatMap(({ actions }) => actions.map(({ action }) => action))).toEqual(
      expect.arrayContaining(add),
    );
    const log = await panel.query(AUDIT_LOG, { pagination: { limit: 2 } });
    expect(log.data?.auditEntries?.nodes.map(({ event, actorName }) => [event, actorName])).toEqual([
      ['role.setPermissions', email],
      ['role.create', email],
    ]);
  });
});

describe.for(clients)('%s', ([, connect]) => {
  test('logs in, and is that user with the token', async () => {
    const credentials = { identifier: 'Editor@example.com', password: DEMO_PASSWORD };
    const login = await connect(server.url).mutate(LOG_IN, { input: credentials });
    expect(login).toMatchObject({ codes: [], data: { login: { user: { username: 'editor' } } } });

    const token = login.data?.login?.jwt ?? '';
    expect(await connect(server.url, token).query(ME, {})).toMatchObject({
      codes: [],
      data: { me: { username: 'editor', email: 'editor@example.com', role: { type: 'editor' } } },
    });
  });

  test('is told of a wrong password', async () => {
    const credentials = { identifier: 'editor', password: 'not the password' };
    const { data, codes, networkError } = await connect(server.url).mutate(LOG_IN, { input: credentials });
    expect(data).toMatchObject({ login: null });
    expect({ codes, networkError }).toEqual({ codes: ['BAD_USER_INPUT'], networkError: undefined });
  });

  test('lists posts with author and category', async () => {
    const { data, codes, networkError } = await connect(server.url).query(POSTS, { pagination: { pageSize: 3 } });
    expect({ codes, networkError }).toEqual({ codes: [], networkError: undefined });
    expect(data?.posts?.map(({ title, author, category }) => [title, author?.name, category?.name])).toEqual([
      ['A role for every reader', 'Ada Moreau', 'Guides'],
      ['What a token may do', 'Bram Okafor', 'Guides'],
      ['Ten posts in one query', 'Chiyo Lindqvist', 'Ideas'],
    ]);
  });

  test('gets null and FORBIDDEN for what its role may not do, and nothing is written', async () => {
    const posts = await server.database.prisma.post.count();
    const nobody = connect(server.url);
    const me = await nobody.query(ME, {});
    expect(me).toEqual({ data: { me: null }, codes: ['FORBIDDEN'], networkError: undefined });
    const created = await nobody.mutate(CREATE_POST, { data: { title: 'By nobody' } });
    expect(created).toEqual({ data: { createPost: null }, codes: ['FORBIDDEN'], networkError: undefined });
    expect(await server.database.prisma.post.count()).toBe(posts);
  });

  test('learns that its token is not good, also for what everybody may read', async () => {
    const { data, codes, networkError } = await connect(server.url, 'garbage').query(POSTS, {});
    expect(data ?? null).toBeNull();
    // Refused with 401, but in the media type that makes a client read the body: the code arrives, not only the status.
    expect({ codes, networkError }).toEqual({ codes: ['UNAUTHENTICATED'], networkError: undefined });
  });
});

describe('persisted queries, by the clients themselves', () => {
  const persisted: readonly (readonly [string, Connect, string])[] = [
    ['Apollo Client', connectApolloPersisted, 'POST'],
    ['Apollo Client by GET', connectApolloPersistedByGet, 'GET'],
    ['urql', connectUrqlPersisted, 'GET'],
  ];

  /** What `fetch` was asked for meanwhile: the method, and whether the text of a document went along. */
  async function requestsOf(work: () => Promise<unknown>): Promise<string[]> {
    const requests: string[] = [];
    const { fetch } = globalThis;
    globalThis.fetch = (input, init) => {
      const sent = `${input} ${init?.body ?? ''}`;
      const hasText = /[?&]query=|"query":"/.test(sent);
      requests.push(`${init?.method ?? 'GET'} ${hasText ? 'text' : 'hash'}`);
      return fetch(input, init);
    };
    await work().finally(() => {
      globalThis.fetch = fetch;
    });
    return requests;
  }

  test.each(persisted)(
    '%s: a hash, then the text once, then hashes only, for every client',
    async (_what, connect, method) => {
      // A server that knows nothing yet: each of these clients is the first.
      await using beside = await startBeside(server);
      const ask = async () => {
        const { data, codes } = await connect(beside.url).query(POSTS, { pagination: { pageSize: 3 } });
        expect([data?.posts?.length, codes]).toEqual([3, []]);
      };
      const [first, second] = await requestsOf(ask);
      expect([first, second]).toEqual([`${method} hash`, expect.stringMatching(/ text$/)]);
      expect(await requestsOf(ask)).toEqual([`${method} hash`]);
    },
  );

  test.each(persisted)(
    '%s: where they are switched off, the text, and the answer all the same',
    async (_what, connect) => {
      await using off = await startBeside(server, { persistedQueries: { mode: 'off' } });
      const { data, codes } = await connect(off.url).query(POSTS, { pagination: { pageSize: 3 } });
      expect([data?.posts?.length, codes]).toEqual([3, []]);
      const editor = await server.tokenOf('editor');
      const created = await connect(off.url, editor).mutate(CREATE_POST, { data: { title: 'without a hash' } });
      expect(created.codes).toEqual([]);
    },
  );
});
