import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from '@graphql-codegen/cli';
import { printSchema } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDocumentStore } from '../src/graphql/operation/document-store.ts';
import { readTrustedDocuments } from '../src/graphql/operation/trusted-documents.ts';
import { send, startBeside, startServer, type TestServer } from './support/start.ts';

const RESPONSE_TYPE = 'application/graphql-response+json';
const TITLES = 'query Titles { posts(pagination: { limit: 2 }) { title } }';

let server: TestServer;
let adminUrl: string;
beforeAll(async () => {
  server = await startServer({ config: { trustedProxies: 1 } });
  adminUrl = server.url.replace(/graphql$/, 'admin/graphql');
});
afterAll(() => server?.close());

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hashOf(document: string, version: unknown = 1) {
  return { persistedQuery: { version, sha256Hash: sha256(document) } };
}

interface Sent {
  readonly query?: string | null;
  readonly extensions?: object;
  readonly operationName?: string;
  readonly variables?: object;
}

const WAYS: Record<string, (url: string, sent: Sent, headers?: Record<string, string>) => Promise<Outcome>> = {
  POST: (url, sent, headers = {}) =>
    outcomeOf(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(sent),
    }),
  GET: (url, sent, headers = {}) => {
    const address = new URL(url);
    for (const [name, value] of Object.entries(sent))
      if (value != null) address.searchParams.set(name, typeof value === 'string' ? value : JSON.stringify(value));
    return outcomeOf(address.href, { headers: { 'apollo-require-preflight': 'true', ...headers } });
  },
};

interface Outcome {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: an answer has the shape that its document asked for
  readonly data: any;
  readonly message: string | undefined;
  readonly code: string | undefined;
}

async function outcomeOf(url: string, init: RequestInit): Promise<Outcome> {
  const response = await fetch(url, init);
  const { data, errors } = (await response.json()) as {
    data?: unknown;
    errors?: [{ message: string; extensions: { code: string } }];
  };
  return { status: response.status, data, message: errors?.[0].message, code: errors?.[0].extensions.code };
}

describe.each(Object.keys(WAYS))('by %s', (way) => {
  const ask = WAYS[way] as (typeof WAYS)['POST'] & {}; // it is one of them
  /** Another document each time. */
  let made = 0;
  const another = () => `${TITLES} # ${way} ${++made}`;

  test('a hash that is not known is asked for, learnt with its text, and enough from then on', async () => {
    const document = another();
    expect(await ask(server.url, { extensions: hashOf(document) })).toEqual({
      status: 200,
      data: undefined,
      message: 'PersistedQueryNotFound',
      code: 'PERSISTED_QUERY_NOT_FOUND',
    });
    expect((await ask(server.url, { query: document, extensions: hashOf(document) })).data.posts).toHaveLength(2);
    for (const query of [undefined, null, ''])
      expect((await ask(server.url, { query, extensions: hashOf(document) } as Sent)).data.posts).toHaveLength(2);
    const upper = { persistedQuery: { version: 1, sha256Hash: sha256(document).toUpperCase() } };
    expect((await ask(server.url, { extensions: upper })).data.posts).toHaveLength(2);
  });

  test('variables and the name of an operation go with a hash', async () => {
    const document = `query A { tags { name } } query B($p: PaginationArg) { posts(pagination: $p) { title } } # ${another()}`;
    const sent = { operationName: 'B', variables: { p: { limit: 3 } }, extensions: hashOf(document) };
    await ask(server.url, { query: document, ...sent });
    expect((await ask(server.url, sent)).data.posts).toHaveLength(3);
  });

  test('what is known on one endpoint is not on the other', async () => {
    const document = `{ __typename } # ${another()}`;
    await ask(server.url, { query: document, extensions: hashOf(document) });
    expect((await ask(adminUrl, { extensions: hashOf(document) })).code).toBe('PERSISTED_QUERY_NOT_FOUND');
    await ask(adminUrl, { query: document, extensions: hashOf(document) });
    expect((await ask(adminUrl, { extensions: hashOf(document) })).data).toEqual({ __typename: 'Query' });
  });

  test('to whoever asks for the newer media type it is a 400', async () => {
    const answer = await ask(server.url, { extensions: hashOf(another()) }, { accept: RESPONSE_TYPE });
    expect([answer.status, answer.code]).toEqual([400, 'PERSISTED_QUERY_NOT_FOUND']);
  });

  test.each<[what: string, sent: (document: string) => Sent, message: string]>([
    [
      'the hash of another document',
      (query) => ({ query, extensions: hashOf(TITLES) }),
      'provided sha does not match query',
    ],
    [
      'no hash',
      (query) => ({ query, extensions: { persistedQuery: { version: 1 } } }),
      'sha256Hash is not a SHA-256 hash',
    ],
    [
      'another kind of hash',
      (query) => ({ query, extensions: { persistedQuery: { version: 1, sha256Hash: 'abc' } } }),
      'sha256Hash is not a SHA-256 hash',
    ],
    [
      'a hash that is a name of every object',
      () => ({ extensions: { persistedQuery: { version: 1, sha256Hash: '__proto__' } } }),
      'sha256Hash is not a SHA-256 hash',
    ],
    [
      'an object that cannot be a text',
      () => ({ extensions: { persistedQuery: { version: 1, sha256Hash: { toString: 1 } } } }),
      'sha256Hash is not a SHA-256 hash',
    ],
    ['another version', (query) => ({ query, extensions: hashOf(query, 2) }), 'Unsupported persisted query version'],
    [
      'no version',
      (query) => ({ extensions: { persistedQuery: { sha256Hash: sha256(query) } } }),
      'Unsupported persisted query version',
    ],
  ])('%s is refused, and nothing is kept', async (_what, sent, message) => {
    const document = another();
    expect(await ask(server.url, sent(document))).toMatchObject({ status: 400, code: 'BAD_REQUEST', message });
    expect((await ask(server.url, { extensions: hashOf(document) })).code).toBe('PERSISTED_QUERY_NOT_FOUND');
  });

  test.each([
    ['no GraphQL', '{ posts {'],
    ['not valid', '{ nothing }'],
    ['too large', `{ ${Array.from({ length: 400 }, (_, n) => `a${n}: __typename`).join(' ')} }`],
    [
      'too costly',
      '{ posts(pagination: { limit: 100 }) { tags { posts(pagination: { limit: 100 }) { tags { name } } } } }',
    ],
    ['without its variable', 'query ($id: ID!) { post(documentId: $id) { title } }'],
    ['too long to be kept', `{ __typename } #${'x'.repeat(101 * 1024)}`],
  ])('a document that is %s is not kept', async (what, document) => {
    if (way === 'GET' && document.length > 10_000) return; // no address is that long
    const { data } = await ask(server.url, { query: document, extensions: hashOf(document) });
    expect(data !== undefined).toBe(what === 'too long to be kept');
    expect((await ask(server.url, { extensions: hashOf(document) })).code).toBe('PERSISTED_QUERY_NOT_FOUND');
  });

  test('no credential, and a bad one, is the same for a hash as for a text', async () => {
    const document = `{ me { username } } # ${another()}`;
    const token = `Bearer ${await server.tokenOf('reader')}`;
    await ask(server.url, { query: document, extensions: hashOf(document) }, { authorization: token });
    const asked = (headers: Record<string, string>) => ask(server.url, { extensions: hashOf(document) }, headers);
    expect((await asked({ authorization: token })).data).toEqual({ me: { username: 'reader' } });
    expect((await asked({})).code).toBe('FORBIDDEN');
    expect((await asked({ authorization: 'Bearer garbage' })).status).toBe(401);
  });
});

test('a mutation that was refused is not kept, and by GET none is run by its hash', async () => {
  const document = 'mutation { createPost(data: { title: "by hash" }) { title } }';
  const posted = (headers: Record<string, string>, query?: string) =>
    WAYS['POST']?.(server.url, { ...(query && { query }), extensions: hashOf(document) }, headers);
  expect((await posted({}, document))?.code).toBe('FORBIDDEN');
  expect((await posted({}))?.code).toBe('PERSISTED_QUERY_NOT_FOUND');
  const authorization = `Bearer ${await server.tokenOf('editor')}`;
  expect((await posted({ authorization }, document))?.data).toEqual({ createPost: { title: 'by hash' } });
  expect((await posted({ authorization }))?.data).toEqual({ createPost: { title: 'by hash' } });
  expect((await posted({}))?.code).toBe('FORBIDDEN');
  const before = await server.database.prisma.post.count();
  const byGet = await WAYS['GET']?.(server.url, { extensions: hashOf(document) }, { authorization });
  expect(byGet).toMatchObject({ status: 405, code: 'METHOD_NOT_ALLOWED' });
  expect(await server.database.prisma.post.count()).toBe(before);
});

test('beside a token that has ended, a hash is asked for, and then run as its text is', async () => {
  const token = await server.tokenOf('reader');
  await server.ask('mutation { logout { ok } }', { token });
  const headers = { authorization: `Bearer ${token}` };
  for (const [document, allowed] of [
    ['mutation Out { logout { ok } }', true],
    ['query Titles2 { posts { title } }', false],
  ] as const) {
    const extensions = hashOf(document);
    const ask = (sent: Sent, more: object = headers) => WAYS['POST']?.(server.url, sent, { ...more });
    const asked = await ask({ extensions });
    expect([asked?.status, asked?.code]).toEqual([400, 'PERSISTED_QUERY_NOT_FOUND']);
    expect((await ask({ query: document, extensions }))?.status).toBe(allowed ? 200 : 401);
    expect((await ask({ extensions }))?.status).toBe(allowed ? 200 : 400);
    await ask({ query: document, extensions }, {});
    expect((await ask({ extensions }))?.status).toBe(allowed ? 200 : 401);
  }
});

test('a stranger who fills the store pushes out their own documents, and nobody else’s', async () => {
  const ask = (address: string, sent: Sent) => WAYS['POST']?.(server.url, sent, { 'x-forwarded-for': address });
  const ours = '{ __typename } # ours';
  await ask('192.0.2.1', { query: ours, extensions: hashOf(ours) });
  const theirs = Array.from({ length: 60 }, (_, n) => `{ __typename } # ${n} ${'x'.repeat(99 * 1024)}`);
  // From one network, that of all the addresses of IPv6 that somebody has.
  for (const [n, query] of theirs.entries())
    expect((await ask(`2001:db8::${n + 1}`, { query, extensions: hashOf(query) }))?.data).toBeDefined();
  const isKept = async (document: string) =>
    (await ask('198.51.100.1', { extensions: hashOf(document) }))?.code === undefined;
  expect(await isKept(ours)).toBe(true);
  expect(await isKept(theirs[0] ?? '')).toBe(false);
  expect(await isKept(theirs.at(-1) ?? '')).toBe(true);
});

test('the store is bounded by bytes and by number, whoever fills it', () => {
  const store = createDocumentStore();
  const hashes = Array.from({ length: 5_000 }, (_, n) => `hash ${n}`);
  for (const [n, hash] of hashes.entries()) store.set(hash, `{ a${n} }`, `network ${n % 7}`);
  const kept = () => hashes.filter((hash) => store.get(hash) !== undefined);
  expect(kept()).toHaveLength(2_048);
  expect(kept()).toContain('hash 4999');
  for (const hash of hashes) store.set(`large ${hash}`, 'x'.repeat(100 * 1024), 'one');
  const large = hashes.filter((hash) => store.get(`large ${hash}`) !== undefined);
  const bytes = large.length * 100 * 1024 + kept().length * 2 * 1024;
  expect(bytes).toBeLessThanOrEqual(4 * 1024 * 1024);
  // The one who fills it has what the others leave, and each of those has as much as it.
  expect(large.length).toBeGreaterThan(0);
  expect(kept().length).toBeGreaterThan(1_000);
  store.set('too long', 'x'.repeat(100 * 1024 + 1), 'one');
  expect(store.get('too long')).toBeUndefined();
});

test('of its own documents a network keeps those that were used last', () => {
  const store = createDocumentStore();
  const text = 'x'.repeat(100 * 1024);
  for (let n = 0; n < 40; n++) store.set(`${n}`, text, 'one');
  store.get('0');
  for (let n = 40; n < 60; n++) store.set(`${n}`, text, 'one');
  expect([store.get('0'), store.get('1'), store.get('59')].map((known) => known !== undefined)).toEqual([
    true,
    false,
    true,
  ]);
});

describe('switched off', () => {
  test('a hash is said not to be supported, and a text is run, whatever comes with it', async () => {
    await using off = await startBeside(server, { persistedQueries: { mode: 'off' } });
    for (const [way, ask] of Object.entries(WAYS)) {
      for (const url of [off.url, off.url.replace(/graphql$/, 'admin/graphql')]) {
        const document = `{ __typename } # ${way}`;
        const answer = await ask(url, { extensions: hashOf(document) });
        expect(answer).toEqual({
          status: 200,
          data: undefined,
          message: 'PersistedQueryNotSupported',
          code: 'PERSISTED_QUERY_NOT_SUPPORTED',
        });
        const { data } = await ask(url, { query: document, extensions: hashOf(document) });
        expect(data).toEqual({ __typename: 'Query' });
        expect((await ask(url, { extensions: hashOf(document) })).code).toBe('PERSISTED_QUERY_NOT_SUPPORTED');
      }
    }
  });
});

describe('with trusted documents only', () => {
  const LOGIN = 'mutation Login($input: UsersPermissionsLoginInput!) { login(input: $input) { jwt } }';
  const documents = new Map([
    ['titles', TITLES],
    ['login', LOGIN],
    ['old', '{ goneSince }'],
    ['broken', '{'],
  ]);
  let only: Awaited<ReturnType<typeof startBeside>>;
  beforeAll(async () => {
    only = await startBeside(server, { persistedQueries: { mode: 'only', documents } });
  });
  afterAll(() => only?.[Symbol.asyncDispose]());
  const named = (sha256Hash: string) => ({ persistedQuery: { version: 1, sha256Hash } });

  test.each(Object.entries(WAYS))(
    'by %s they are run by their name, and nothing else is, nor parsed',
    async (_way, ask) => {
      expect((await ask(only.url, { extensions: named('titles') })).data.posts).toHaveLength(2);
      expect((await ask(only.url, { query: TITLES, extensions: named('titles') })).data.posts).toHaveLength(2);
      const refused = { status: 200, data: undefined, code: 'PERSISTED_QUERY_ONLY' };
      for (const sent of [
        { query: TITLES },
        { query: '{ posts {' },
        { query: '{ __schema { types { name } } }' },
        { query: '{ __typename }' },
        { query: '{ __typename }', extensions: named('titles') },
        { query: '{ __typename }', extensions: hashOf('{ __typename }') },
        { query: LOGIN, extensions: named('titles') },
        {},
      ]) {
        expect(await ask(only.url, sent), JSON.stringify(sent)).toMatchObject(refused);
      }
      for (const sha256Hash of ['unknown', '__proto__', 'constructor', '', sha256(TITLES)]) {
        expect((await ask(only.url, { extensions: named(sha256Hash) })).code).toBe('PERSISTED_QUERY_NOT_FOUND');
      }
      expect((await ask(only.url, { extensions: named('old') })).code).toBe('GRAPHQL_VALIDATION_FAILED');
    },
  );

  test('one logs in with one, also beside a token that has ended', async () => {
    const token = await server.tokenOf('reader');
    await server.ask('mutation { logout { ok } }', { token });
    const sent = {
      extensions: named('login'),
      variables: { input: { identifier: 'reader', password: 'gatehouse-demo' } },
    };
    const ask = WAYS['POST'] as (typeof WAYS)['POST'] & {}; // it is there
    expect((await ask(only.url, sent)).data.login.jwt).toEqual(expect.any(String));
    const headers = { authorization: `Bearer ${token}` };
    expect((await ask(only.url, sent, headers)).data.login.jwt).toEqual(expect.any(String));
    expect((await ask(only.url, { extensions: named('titles') }, headers)).status).toBe(401);
    expect((await ask(only.url, { query: LOGIN }, headers)).status).toBe(401);
  });

  test('there is no GraphiQL, where otherwise there is one', async () => {
    const page = (url: string) => fetch(url, { headers: { accept: 'text/html' } });
    expect((await page(server.url)).status).toBe(200);
    const { status, headers } = await page(only.url);
    expect([status, headers.get('content-type')]).not.toEqual([200, expect.stringContaining('text/html')]);
    expect(status).toBe(400);
  });

  test('/admin/graphql takes documents as text, and no hash', async () => {
    const url = only.url.replace(/graphql$/, 'admin/graphql');
    const { data } = await send(url, '{ settings { signUps } }', { token: await server.adminToken() });
    expect(data).toEqual({ settings: { signUps: true } });
    expect((await WAYS['POST']?.(url, { extensions: named('titles') }))?.code).toBe('PERSISTED_QUERY_NOT_SUPPORTED');
  });

  test('those that are not valid for the schema are logged at start', () => {
    const line = only.log.find((text) => text.includes('trusted documents'));
    expect(JSON.parse(line ?? '{}').documents).toEqual(['old', 'broken']);
  });
});

test('the file that GraphQL Code Generator writes is one of trusted documents', async () => {
  const preset = {
    preset: 'client',
    presetConfig: { persistedDocuments: true },
    config: { useTypeImports: true },
  } as const;
  const generates = {
    'made/': { ...preset, schema: printSchema(server.gatehouse.schema), documents: ['test/clients/documents.ts'] },
  };
  const made = (await generate({ importExtension: '.ts', silent: true, generates }, false)) as readonly {
    filename: string;
    content: string;
  }[];
  const written = made.find(({ filename }) => filename.endsWith('persisted-documents.json'));
  const directory = mkdtempSync(join(tmpdir(), 'gatehouse-documents-'));
  const file = join(directory, 'persisted-documents.json');
  writeFileSync(file, written?.content ?? '');
  const documents = readTrustedDocuments(file);
  rmSync(directory, { recursive: true });
  await using only = await startBeside(server, { persistedQueries: { mode: 'only', documents } });
  expect(only.log.filter((line) => line.includes('trusted documents'))).toEqual([]);
  const [hash] = [...documents].find(([, document]) => document.includes('query Posts')) ?? [];
  const { data } =
    (await WAYS['POST']?.(only.url, { extensions: { persistedQuery: { version: 1, sha256Hash: hash } } })) ?? {};
  expect(data.posts).toHaveLength(10);
});
