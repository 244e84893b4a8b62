import { readFileSync } from 'node:fs';
import { gql } from '@apollo/client';
import { authExchange } from '@urql/exchange-auth';
import { persistedExchange } from '@urql/exchange-persisted';
import { type ConcreteRequest, createOperationDescriptor, fetchQuery, getRequest } from 'relay-runtime';
import { Client, fetchExchange, gql as urqlGql } from 'urql';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DEMO_PASSWORD } from '../src/accounts/public-password.ts';
import { createApollo } from './clients/examples/apollo.ts';
import { createCookieSession } from './clients/examples/cookies.ts';
import { createRelay } from './clients/examples/relay.ts';
import type { Tokens } from './clients/examples/session.ts';
import { withProof } from './clients/examples/step-up.ts';
import { createUrql } from './clients/examples/urql.ts';
import { startBeside, startServer, type TestServer } from './support/start.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.close());

const set = async (data: Parameters<TestServer['database']['prisma']['settings']['update']>[0]['data']) => {
  await server.database.prisma.settings.update({ where: { id: 1 }, data });
  await server.database.changes.catchUp();
};
beforeEach(() => set({ sessionMode: 'refresh' }));
afterEach(() => set({ sessionMode: 'plain', refreshTokenInCookie: false }));

/** Past the life of a token, as the server sees it. */
const LATER = 901_000;

async function logIn(username: string): Promise<Tokens> {
  const document = `mutation { login(input: { identifier: "${username}", password: "${DEMO_PASSWORD}" }) { jwt refreshToken } }`;
  return (await server.ask(document)).data.login;
}

/** What was asked for meanwhile: the operations, by the first word that tells them apart. */
async function askedDuring(work: () => Promise<unknown>): Promise<string[]> {
  const asked: string[] = [];
  const { fetch } = globalThis;
  globalThis.fetch = (input, init) => {
    asked.push(/refresh|updatePost|posts|me/.exec(JSON.parse(String(init?.body)).query)?.[0] ?? 'other');
    return fetch(input, init);
  };
  await work().finally(() => {
    globalThis.fetch = fetch;
  });
  return asked;
}

const ME = 'query Me { me { documentId username } }';
const POSTS =
  'query Posts { posts(sort: "title", pagination: { limit: 3 }) { documentId title author { documentId name } } }';
const UPDATE =
  'mutation Update($id: ID!, $title: String) { updatePost(documentId: $id, data: { title: $title }) { documentId title } }';

describe('Apollo Client, as docs/clients.md sets it up', () => {
  test('renews a token that has expired, once for all operations, and repeats them', async () => {
    const { client, session } = createApollo(server.url);
    session.begin(await logIn('editor'));
    server.advance(LATER);
    const names: unknown[] = [];
    const asked = await askedDuring(() =>
      Promise.all(
        ['a', 'b', 'c'].map(async (alias) => {
          const query = gql(`query { ${alias}: me { username } }`);
          const { data } = await client.query<Record<string, { username: string }>>({ query });
          names.push(data?.[alias]?.username);
        }),
      ),
    );
    server.advance(-LATER);
    expect(names).toEqual(['editor', 'editor', 'editor']);
    expect(asked.filter((what) => what === 'refresh')).toHaveLength(1);
    expect(asked).toHaveLength(7);
  });

  test('says that a session is over, and is Public from then on', async () => {
    const { client, session } = createApollo(server.url);
    const tokens = await logIn('editor');
    session.begin(tokens);
    await server.ask('mutation { logoutEverywhere { ok } }', { token: tokens.jwt });
    server.advance(LATER);
    const asked = await askedDuring(async () => {
      const { error } = await client.query({ query: gql(ME), errorPolicy: 'all' });
      expect(String(error)).toContain('Missing or invalid credentials');
      const { data } = await client.query<{ posts: unknown[] }>({ query: gql(POSTS) });
      expect(data?.posts).toHaveLength(3);
    });
    server.advance(-LATER);
    expect(asked).toEqual(['me', 'refresh', 'posts']);
    expect(session.jwt).toBeUndefined();
  });

  test('knows a document again by its documentId', async () => {
    const { client, session } = createApollo(server.url);
    session.begin(await logIn('editor'));
    const { data } = await client.query<{ posts: { documentId: string }[] }>({ query: gql(POSTS) });
    const id = data?.posts[1]?.documentId;
    await client.mutate({ mutation: gql(UPDATE), variables: { id, title: 'By Apollo' } });
    const cached = client.readQuery<{ posts: { title: string }[] }>({ query: gql(POSTS) });
    expect(cached?.posts[1]?.title).toBe('By Apollo');
    expect(Object.keys(client.cache.extract() as object)).toContain(`Post:{"documentId":"${id}"}`);
  });
});

describe('urql, as docs/clients.md sets it up', () => {
  test('renews a token that has expired, once for all operations, and repeats them', async () => {
    const { client, begin } = createUrql(server.url);
    begin(await logIn('editor'));
    server.advance(LATER);
    const names: unknown[] = [];
    const asked = await askedDuring(() =>
      Promise.all(
        ['a', 'b', 'c'].map(async (alias) => {
          const { data } = await client
            .query(urqlGql(`query { ${alias}: me { documentId username } }`), {})
            .toPromise();
          names.push(data?.[alias]?.username);
        }),
      ),
    );
    expect(names).toEqual(['editor', 'editor', 'editor']);
    expect(asked.filter((what) => what === 'refresh')).toHaveLength(1);
    // And again: the refresh token is another one now.
    server.advance(LATER);
    expect(
      (await client.query(urqlGql('query { d: me { documentId username } }'), {}).toPromise()).data?.d?.username,
    ).toBe('editor');
    server.advance(-2 * LATER);
  });

  test('and does so when documents are known by their hash, which the server does not know yet', async () => {
    await using beside = await startBeside(server);
    let tokens = await logIn('editor');
    await server.ask('mutation { logout { ok } }', { token: tokens.jwt });
    const refused: unknown[] = [];
    const client = new Client({
      url: beside.url,
      preferGetMethod: false,
      exchanges: [
        authExchange(async ({ appendHeaders, mutate }) => ({
          addAuthToOperation: (operation) => appendHeaders(operation, { Authorization: `Bearer ${tokens.jwt}` }),
          didAuthError: ({ graphQLErrors }) => {
            refused.push(graphQLErrors[0]?.extensions['reason']);
            return true;
          },
          async refreshAuth() {
            const login = `mutation { login(input: { identifier: "editor", password: "${DEMO_PASSWORD}" }) { jwt refreshToken } }`;
            tokens = (await mutate(urqlGql(login), {})).data.login;
          },
        })),
        persistedExchange({ enableForMutation: true }),
        fetchExchange,
      ],
    });
    const { data } = await client.query(urqlGql('{ me { username } }'), {}).toPromise();
    expect(data).toEqual({ me: { username: 'editor' } });
    expect(refused).toEqual(['revoked']);
  });

  test('knows a document again by its documentId', async () => {
    const { client, begin } = createUrql(server.url);
    begin(await logIn('editor'));
    const { data } = await client.query(urqlGql(POSTS), {}).toPromise();
    const id = data.posts[1].documentId;
    const asked = await askedDuring(async () => {
      await client.mutation(urqlGql(UPDATE), { id, title: 'By urql' }).toPromise();
      const cached = client.readQuery(urqlGql(POSTS), {});
      expect(cached?.data.posts[1].title).toBe('By urql');
    });
    expect(asked).toEqual(['updatePost']);
  });
});

describe('a sensitive act, as docs/clients.md sends it', () => {
  const STEP_UP = 'mutation StepUp($input: StepUpInput!) { stepUp(input: $input) { until } }';
  const START = 'mutation Start { startTotp { secret } }';
  /** Past the time that a login proves anything; within the life of its token. */
  const LATER_ON = 11 * 60_000;

  test.each(['apollo', 'urql'] as const)('%s asks for a proof, and sends it again', async (name) => {
    const asked: (readonly string[])[] = [];
    const input = { password: DEMO_PASSWORD };
    let secret: unknown;
    if (name === 'apollo') {
      const { client, session } = createApollo(server.url);
      session.begin(await logIn('editor'));
      server.advance(LATER_ON);
      const { data } = await withProof(
        () => client.mutate<{ startTotp: { secret: string } }>({ mutation: gql(START) }),
        async (methods) => {
          asked.push(methods);
          await client.mutate({ mutation: gql(STEP_UP), variables: { input } });
          return true;
        },
      );
      secret = data?.startTotp.secret;
    } else {
      const { client, begin } = createUrql(server.url);
      begin(await logIn('editor'));
      server.advance(LATER_ON);
      const { data } = await withProof(
        () => client.mutation(urqlGql(START), {}).toPromise(),
        async (methods) => {
          asked.push(methods);
          return (await client.mutation(urqlGql(STEP_UP), { input }).toPromise()).error === undefined;
        },
      );
      secret = data.startTotp.secret;
    }
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(asked).toEqual([['password']]);
    server.advance(-LATER_ON);
  });

  test('is refused as before when no proof is given', async () => {
    const { client, session } = createApollo(server.url);
    session.begin(await logIn('editor'));
    server.advance(LATER_ON);
    const refused = withProof(
      () => client.mutate({ mutation: gql(START) }),
      async () => false,
    );
    await expect(refused).rejects.toThrow('Confirm that it is you first, then try again');
    const { client: urql, begin } = createUrql(server.url);
    server.advance(-LATER_ON);
    begin(await logIn('editor'));
    server.advance(LATER_ON);
    const { error } = await withProof(
      () => urql.mutation(urqlGql(START), {}).toPromise(),
      async () => false,
    );
    expect(error?.message).toContain('Confirm that it is you first, then try again');
    server.advance(-LATER_ON);
  });
});

describe('Relay, as docs/clients.md sets it up', () => {
  test('keeps a document under its type and documentId, whichever query it came by', async () => {
    const { jwt } = await logIn('editor');
    const environment = createRelay(server.url, () => jwt);
    const list = compiled(
      'posts',
      'query posts { posts(sort: "title", pagination: { limit: 3 }) { documentId title } }',
      true,
    );
    const { posts } = (await fetchQuery(environment, list, {}).toPromise()) as {
      posts: { documentId: string; title: string }[];
    };
    const id = posts[1]?.documentId ?? '';
    expect(environment.getStore().getSource().getRecordIDs()).toContain(`Post:${id}`);
    await server.ask(UPDATE, { token: jwt, variables: { id, title: 'By Relay' } });
    const one = compiled('post', `query post { post(documentId: "${id}") { documentId title } }`, false);
    await fetchQuery(environment, one, {}).toPromise();
    const { data } = environment.lookup(createOperationDescriptor(getRequest(list), {}).fragment);
    expect((data as unknown as { posts: { title: string }[] }).posts[1]?.title).toBe('By Relay'); // as the query has it
    const stranger = createRelay(server.url, () => 'garbage');
    await expect(fetchQuery(stranger, one, {}).toPromise()).rejects.toThrow('Missing or invalid credentials');
  });

  /** What Relay's compiler makes of a query of one field, which selects documentId and title. */
  function compiled(name: string, text: string, plural: boolean): ConcreteRequest {
    const scalar = (name: string) =>
      ({ alias: null, args: null, kind: 'ScalarField', name, storageKey: null }) as const;
    const selections = [
      {
        alias: null,
        args: null,
        concreteType: 'Post',
        kind: 'LinkedField',
        name,
        plural,
        selections: [scalar('documentId'), scalar('title')],
        storageKey: null,
      },
    ] as const;
    return {
      fragment: {
        argumentDefinitions: [],
        kind: 'Fragment',
        metadata: null,
        name,
        selections,
        type: 'Query',
        abstractKey: null,
      },
      kind: 'Request',
      operation: { argumentDefinitions: [], kind: 'Operation', name, selections },
      params: { cacheID: name, id: null, metadata: {}, name, operationKind: 'query', text },
    };
  }
});

describe('cookies across origins, as docs/clients.md sets them up', () => {
  const ORIGIN = 'https://www.example.com';

  test('a page logs in, is loaded anew, refreshes and logs out, and sees no refresh token', async () => {
    await using api = await startBeside(server, { publicUrl: 'https://api.example.com', corsOrigins: [ORIGIN] });
    await set({ refreshTokenInCookie: true });
    const browser = createBrowser(ORIGIN);
    const me = '{ me { username } }';
    const page = createCookieSession(api.url, browser.fetch);
    expect(await page.refresh()).toBe(false);
    expect(await page.logIn('editor', DEMO_PASSWORD)).toBe(true);
    expect(await page.ask(me)).toEqual({ me: { username: 'editor' } });

    const anew = createCookieSession(api.url, browser.fetch);
    expect(await anew.ask(me)).toEqual({ me: null });
    expect(await anew.refresh()).toBe(true);
    expect(await anew.ask(me)).toEqual({ me: { username: 'editor' } });
    await anew.logOut();
    expect(await createCookieSession(api.url, browser.fetch).refresh()).toBe(false);
    expect(browser.cookie()).toBe('');
    const secrets = browser.kept.map((pair) => pair.split('=')[1] ?? '');
    expect(secrets).toHaveLength(2);
    for (const secret of secrets) expect(browser.seen.join()).not.toContain(secret);
  });

  test('a page of another origin reads nothing', async () => {
    await using api = await startBeside(server, { publicUrl: 'https://api.example.com', corsOrigins: [ORIGIN] });
    const page = createCookieSession(api.url, createBrowser('https://evil.example').fetch);
    await expect(page.logIn('editor', DEMO_PASSWORD)).rejects.toThrow('CORS');
  });

  /** As much of a browser as matters: it keeps cookies, sends them and the origin, and hides answers that may not be read. */
  function createBrowser(origin: string) {
    let cookie = '';
    const kept: string[] = [];
    const seen: string[] = [];
    const browse: typeof fetch = async (input, init) => {
      const preflight = await fetch(input, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization,content-type',
        },
      });
      checkCors(preflight.headers);
      const headers = { ...(init?.headers as Record<string, string>), origin, ...(cookie && { cookie }) };
      const response = await fetch(input, { ...init, headers });
      checkCors(response.headers);
      const [set] = response.headers.getSetCookie();
      if (set && init?.credentials === 'include') {
        cookie = /Max-Age=0/.test(set) ? '' : (set.split(';')[0] ?? '');
        if (cookie) kept.push(cookie);
      }
      seen.push(await response.clone().text());
      return response;
    };
    function checkCors(headers: Headers): void {
      const allowed = headers.get('access-control-allow-origin') === origin;
      if (!allowed || headers.get('access-control-allow-credentials') !== 'true') throw new TypeError('CORS');
    }
    return { fetch: browse, kept, seen, cookie: () => cookie };
  }
});

test('docs/clients.md quotes each of these files to the letter', () => {
  const text = readFileSync('docs/clients.md', 'utf8');
  const quoted = [...text.matchAll(/^```ts (\S+)\n([\s\S]*?)^```$/gm)].map(([, file = '', code]) => {
    expect(code, file).toBe(readFileSync(file, 'utf8'));
    return file;
  });
  const examples = ['session', 'apollo', 'urql', 'step-up', 'relay', 'cookies'].map(
    (name) => `test/clients/examples/${name}.ts`,
  );
  expect(quoted.sort()).toEqual([...examples, 'codegen.ts'].sort());
});
