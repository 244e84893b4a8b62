import { createHash } from 'node:crypto';
import { execute, GraphQLError, parse, type ValidationRule } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { badInput } from '../src/common/errors.ts';
import { DEFAULT_LIMITS } from '../src/graphql/operation/limits.ts';
import type { OperationPlugin } from '../src/graphql/plugins/operation-plugin.ts';
import { startServer, type TestServer } from './support/start.ts';

const SECRET = 'hunter2hunter2';
const RESPONSE_TYPE = 'application/graphql-response+json';
const TITLES = 'query Titles { posts(pagination: { limit: 2 }) { title } }';
const LOGIN = 'mutation { login(input: { identifier: "nobody", password: "wrong-password" }) { jwt } }';

const hashOf = (document: string) => ({
  persistedQuery: { version: 1, sha256Hash: createHash('sha256').update(document).digest('hex') },
});

interface Sent {
  readonly query?: string;
  readonly extensions?: object;
  readonly variables?: object;
}

async function answered(url: string, init: RequestInit) {
  const response = await fetch(url, init);
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json');
  const { data, errors } = isJson ? JSON.parse(text) : { data: undefined, errors: undefined };
  return { status: response.status, data, code: errors?.[0]?.extensions.code, text };
}

function post(url: string, sent: Sent | string, headers: Record<string, string> = {}) {
  const body = typeof sent === 'string' ? sent : JSON.stringify(sent);
  return answered(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });
}

function get(url: string, sent: Sent, headers: Record<string, string> = { 'x-requested-with': 'test' }) {
  const address = new URL(url);
  for (const [name, value] of Object.entries(sent)) {
    address.searchParams.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  return answered(address.href, { headers });
}

describe('a plugin', () => {
  /** How often it was called, by hook. */
  const calls: Record<string, number> = {};
  const seen: { query: unknown; viewer: string; agent: string | null; code: unknown }[] = [];
  const count = (hook: string) => {
    calls[hook] = (calls[hook] ?? 0) + 1;
  };
  let asked: { query: unknown; agent: string | null };
  const counting: OperationPlugin = {
    onParams({ params, request }) {
      count('params');
      asked = { query: params.query, agent: request.headers.get('user-agent') };
    },
    onParse: () => count('parse'),
    onValidate: () => count('validate'),
    onExecute() {
      count('execute');
      return { onExecuteDone: () => count('done') };
    },
    onExecutionResult({ result, context }) {
      count('result');
      const code = result && 'errors' in result ? result.errors?.[0]?.extensions['code'] : undefined;
      seen.push({ ...asked, viewer: context.viewer.kind, code });
    },
  };

  let server: TestServer;
  let trusting: TestServer;
  let expired: string;
  let reader: string;
  beforeAll(async () => {
    server = await startServer({ plugins: [counting], config: { jwtExpiresIn: 60 } });
    trusting = await startServer({
      plugins: [counting],
      config: { persistedQueries: { mode: 'only', documents: new Map([['titles', TITLES]]) } },
    });
    expired = await server.tokenOf('reader');
    server.advance(120_000);
    reader = await server.tokenOf('reader');
    await post(server.url, { query: TITLES, extensions: hashOf(TITLES) });
  });
  afterAll(() => Promise.all([server?.close(), trusting?.close()]));
  beforeEach(() => {
    for (const hook of Object.keys(calls)) delete calls[hook];
    seen.length = 0;
  });

  const ALL = { params: 1, parse: 1, validate: 1, execute: 1, done: 1, result: 1 };
  const auth = (token: string) => ({ authorization: `Bearer ${token}` });

  test.each<[string, () => ReturnType<typeof answered>, Record<string, number>, object]>([
    ['a post', () => post(server.url, { query: TITLES }), ALL, { query: TITLES, viewer: 'public' }],
    [
      'a post with a token, answered as GraphQL’s own media type',
      () => post(server.url, { query: TITLES }, { ...auth(reader), accept: RESPONSE_TYPE, 'user-agent': 'Tester/1' }),
      ALL,
      { query: TITLES, viewer: 'user', agent: 'Tester/1' },
    ],
    ['a GET', () => get(server.url, { query: TITLES }), ALL, { query: TITLES }],
    ['a hash that is posted', () => post(server.url, { extensions: hashOf(TITLES) }), ALL, { query: TITLES }],
    ['a hash by GET', () => get(server.url, { extensions: hashOf(TITLES) }), ALL, { query: TITLES }],
    [
      'a trusted document',
      () => post(trusting.url, { extensions: { persistedQuery: { sha256Hash: 'titles' } } }),
      ALL,
      { query: TITLES },
    ],
    ['introspection', () => post(server.url, { query: '{ __schema { queryType { name } } }' }), ALL, {}],
    [
      'a login beside an expired token',
      () => post(server.url, { query: LOGIN }, auth(expired)),
      ALL,
      { query: LOGIN, viewer: 'public' },
    ],
    [
      'a mutation that is not allowed',
      () => post(server.url, { query: 'mutation { deletePost(documentId: "x") { documentId } }' }),
      ALL,
      { code: 'FORBIDDEN' },
    ],
    [
      'more than an operation may cost',
      () =>
        post(server.url, {
          query:
            '{ posts(pagination: { limit: 100 }) { author { posts(pagination: { limit: 100 }) { author { posts(pagination: { limit: 100 }) { title } } } } } }',
        }),
      ALL,
      { code: 'COST_LIMIT_EXCEEDED' },
    ],
    [
      'an unknown hash',
      () => post(server.url, { extensions: hashOf('{ unknown }') }),
      { params: 1, result: 1 },
      { query: '', code: 'PERSISTED_QUERY_NOT_FOUND' },
    ],
    [
      'a document that is not trusted',
      () => post(trusting.url, { query: TITLES }),
      { params: 1, result: 1 },
      { code: 'PERSISTED_QUERY_ONLY' },
    ],
    ['no document', () => post(server.url, {}), { params: 1, result: 1 }, { code: 'BAD_REQUEST' }],
    [
      'too many tokens',
      () => post(server.url, { query: `{ ${'posts '.repeat(10_001)} }` }),
      { params: 1, parse: 1, result: 1 },
      { code: 'TOKEN_LIMIT_EXCEEDED' },
    ],
    [
      'a mutation by GET',
      () => get(server.url, { query: LOGIN }),
      { params: 1, parse: 1, result: 1 },
      { code: 'BAD_REQUEST' }, // in Yoga's words: the client gets METHOD_NOT_ALLOWED
    ],
    [
      'a document that is not valid',
      () => post(server.url, { query: '{ nothing }' }),
      { params: 1, parse: 1, validate: 1, result: 1 },
      { code: 'GRAPHQL_VALIDATION_FAILED' },
    ],
  ])('sees %s exactly once', async (_what, send, expected, what) => {
    const { status } = await send();
    expect(status).toBeLessThan(500);
    expect(calls).toEqual(expected);
    expect(seen).toEqual([expect.objectContaining(what)]);
  });

  test.each<[string, () => ReturnType<typeof answered>, number]>([
    ['malformed JSON', () => post(server.url, '{ "query": '), 400],
    ['a batch', () => post(server.url, `[${JSON.stringify({ query: TITLES })}]`), 400],
    ['variables that are a list', () => post(server.url, { query: TITLES, variables: [] }), 400],
    ['a credential that is not valid', () => post(server.url, { query: TITLES }, auth('nonsense')), 401],
    ['a query beside an expired token', () => post(server.url, { query: TITLES }, auth(expired)), 401],
    ['what a page of another site could send', () => get(server.url, { query: TITLES }, {}), 400],
    ['GraphiQL', () => answered(server.url, { headers: { accept: 'text/html' } }), 200],
    ['health', () => answered(server.url.replace('/graphql', '/health'), {}), 200],
    [
      'the administration',
      () => post(server.url.replace(/graphql$/, 'admin/graphql'), { query: '{ roles { name } }' }),
      200,
    ],
  ])('does not see %s', async (_what, send, expected) => {
    expect((await send()).status).toBe(expected);
    expect(calls).toEqual({});
  });
});

/** A plugin that is the one which a test has set. */
let current: OperationPlugin = {};
const delegating: OperationPlugin = {
  onParams: (payload) => current.onParams?.(payload),
  onParse: (payload) => current.onParse?.(payload),
  onValidate: (payload) => current.onValidate?.(payload),
  onContextBuilding: (payload) => current.onContextBuilding?.(payload),
  onExecute: (payload) => current.onExecute?.(payload),
  onExecutionResult: (payload) => current.onExecutionResult?.(payload),
};

describe('a plugin that replaces a step does not switch off', () => {
  const replacing: OperationPlugin = {
    onParse: ({ params: { source }, setParsedDocument }) => setParsedDocument(parse(String(source))),
    onValidate({ setValidationFn, setResult }) {
      setValidationFn(() => []);
      setResult([]);
      return ({ setResult }) => setResult([]);
    },
    onExecute: ({ setExecuteFn }) => setExecuteFn((args) => execute(args)),
  };
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer({
      plugins: [replacing],
      config: { limits: { ...DEFAULT_LIMITS, answer: 2_000 }, introspection: false },
    });
  });
  afterAll(() => server?.close());

  test.each<[string, string, string, object?]>([
    [
      'the limits of a document',
      `{ posts { ${'author { posts { '.repeat(12)} title ${'} } '.repeat(12)} } }`,
      'DEPTH_LIMIT_EXCEEDED',
    ],
    ['validation', '{ nothing }', 'GRAPHQL_VALIDATION_FAILED'],
    ['the ban of introspection', '{ __schema { queryType { name } } }', 'GRAPHQL_VALIDATION_FAILED'],
    [
      'the check of variables',
      'query ($n: Int!) { posts(pagination: { limit: $n }) { title } }',
      'BAD_USER_INPUT',
      { n: 'x' },
    ],
    ['the check of texts', '{ posts(filters: { title: { eq: "\\u0000" } }) { title } }', 'BAD_USER_INPUT'],
    [
      'the limit of the cost',
      '{ posts(pagination: { limit: 100 }) { author { posts(pagination: { limit: 100 }) { author { posts(pagination: { limit: 100 }) { title } } } } } }',
      'COST_LIMIT_EXCEEDED',
    ],
    ['the check of a mutation', 'mutation { createPost(data: { title: "no" }) { title } }', 'FORBIDDEN'],
    [
      'the limit of the answer',
      `{ ${Array.from({ length: 40 }, (_, n) => `a${n}: posts { title content }`).join(' ')} }`,
      'ANSWER_LIMIT_EXCEEDED',
    ],
  ])('%s', async (_what, query, code, variables = {}) => {
    const answer = await post(server.url, { query, variables });
    expect(answer).toMatchObject({ code });
    expect(await server.database.prisma.post.count({ where: { title: 'no' } })).toBe(0);
  });

  test('what it executes is bounded in time', async () => {
    const slow: OperationPlugin = {
      onExecute: ({ setExecuteFn }) =>
        setExecuteFn(
          ({ contextValue }) =>
            new Promise((_resolve, reject) => {
              contextValue.deadline.addEventListener('abort', () => reject(contextValue.deadline.reason));
            }),
        ),
    };
    const bounded = await startServer({ plugins: [slow], config: { executionTimeout: 50 } });
    expect(await post(bounded.url, { query: TITLES })).toMatchObject({ status: 503, code: 'TIMEOUT' });
    await bounded.close();
  });
});

describe('what a plugin does', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer({ plugins: [delegating] });
  });
  afterAll(() => server?.close());
  beforeEach(() => {
    server.log.length = 0;
  });

  test('a rule that it adds is applied', async () => {
    const noTags: ValidationRule = (context) => ({
      Field(node) {
        if (node.name.value === 'tags') context.reportError(new GraphQLError('No tags on Sundays', { nodes: node }));
      },
    });
    current = { onValidate: ({ addValidationRule }) => addValidationRule(noTags) };
    expect((await post(server.url, { query: TITLES })).data.posts).toHaveLength(2);
    const refused = await post(server.url, { query: '{ tags { name } }' });
    expect(refused).toMatchObject({ code: 'GRAPHQL_VALIDATION_FAILED' });
    expect(refused.text).toContain('No tags on Sundays');
  });

  test.each<[string, OperationPlugin]>([
    ['onParams', { onParams: () => Promise.reject(new Error(SECRET)) }],
    ['onParse', { onParse: () => thrown() }],
    ['after parsing', { onParse: () => () => thrown() }],
    ['onValidate', { onValidate: () => thrown() }],
    ['after validation', { onValidate: () => () => thrown() }],
    ['onContextBuilding', { onContextBuilding: () => thrown() }],
    ['onExecute', { onExecute: () => thrown() }],
    ['execution', { onExecute: ({ setExecuteFn }) => setExecuteFn(() => thrown()) }],
    ['onExecuteDone', { onExecute: () => ({ onExecuteDone: () => thrown() }) }],
    ['onExecutionResult', { onExecutionResult: () => thrown() }],
    ['a text that is thrown', { onParams: () => Promise.reject(SECRET) }],
    [
      'an error in a result',
      { onExecutionResult: ({ setResult }) => setResult({ errors: [new GraphQLError(SECRET)] }) },
    ],
    ['no result', { onExecute: ({ setExecuteFn }) => setExecuteFn(() => undefined) }],
    ['an empty result', { onExecutionResult: ({ setResult }) => setResult({}) }],
    [
      'an aborted one',
      { onExecute: ({ setExecuteFn }) => setExecuteFn(() => Promise.reject(new DOMException(SECRET, 'AbortError'))) },
    ],
  ])('is masked and logged where it fails: %s', async (_where, plugin) => {
    current = plugin;
    const answer = await post(server.url, { query: TITLES });
    expect(answer).toMatchObject({ status: 500, code: 'INTERNAL_SERVER_ERROR' });
    expect(answer.text).not.toContain(SECRET);
    const { requestId } = JSON.parse(answer.text).errors[0].extensions;
    const logged = server.log.filter((line) => line.includes('unexpected error'));
    expect(logged).toHaveLength(1);
    expect(logged[0]).toContain(requestId);
  });

  test.each<[string, OperationPlugin]>([
    ['onParams', { onParams: () => Promise.reject(badInput('Not today')) }],
    ['onParse', { onParse: () => reject() }],
    [
      'onExecute',
      { onExecute: ({ setResultAndStopExecution }) => setResultAndStopExecution({ errors: [badInput('Not today')] }) },
    ],
    ['onExecutionResult', { onExecutionResult: () => reject() }],
  ])('reaches the client where it refuses with an error of ours: %s', async (_where, plugin) => {
    current = plugin;
    const answer = await post(server.url, { query: TITLES }, { accept: RESPONSE_TYPE });
    expect(answer).toMatchObject({ status: 400, code: 'BAD_USER_INPUT' });
    expect(answer.text).toContain('Not today');
  });

  test('a stream that it sets is ended, and is no answer', async () => {
    let ended = false;
    async function* stream() {
      try {
        yield { data: { secret: SECRET } };
      } finally {
        ended = true;
      }
    }
    const begun = stream();
    await begun.next();
    current = { onExecutionResult: ({ setResult }) => setResult(begun) };
    const answer = await post(server.url, { query: TITLES });
    expect(answer).toMatchObject({ status: 500, code: 'INTERNAL_SERVER_ERROR' });
    expect(answer.text).not.toContain(SECRET);
    expect(ended).toBe(true);
  });

  test('it adds to an answer', async () => {
    current = { onExecutionResult: ({ result, setResult }) => setResult({ ...result, extensions: { took: 1 } }) };
    expect(JSON.parse((await post(server.url, { query: TITLES })).text)).toMatchObject({ extensions: { took: 1 } });
  });

  test('it reads the request as the Fetch standard has it, and what it puts there is of this request', async () => {
    const seen: unknown[] = [];
    current = {
      async onParams({ request }) {
        seen.push('mark' in request, request instanceof Request, request.method, request.url);
        Object.assign(request, { mark: 1 });
        seen.push('mark' in request, request.headers.get('x-two'), await request.clone().text());
      },
    };
    for (let time = 0; time < 2; time++)
      await get(`${server.url}?a=1`, { query: TITLES }, { 'x-two': 'é', 'x-requested-with': 'x' });
    const { origin } = new URL(server.config.publicUrl);
    const url = expect.stringMatching(`^${origin}/graphql\\?a=1&query=query\\+Titles`);
    const each = [false, true, 'GET', url, true, 'é', ''];
    expect(seen).toEqual([...each, ...each]);
    expect('mark' in Request.prototype).toBe(false);
  });

  test('a hook for HTTP is never called, and the log says so', async () => {
    const plugin: OperationPlugin = { onRequest: () => thrown(), onResponse: () => thrown() };
    const seen: string[] = [];
    const noting = (name: string): OperationPlugin => ({ onParams: () => void seen.push(name) });
    const another = await startServer({ plugins: [plugin, noting('public')], adminPlugins: [noting('admin')] });
    expect((await another.ask(TITLES)).errors).toBeUndefined();
    expect(another.log.find((line) => line.includes('never called'))).toContain('"hooks":["onRequest","onResponse"]');
    await another.askAdmin('{ __typename }');
    expect(seen).toEqual(['public', 'admin']); // administrators' operations are for plugins of their own
    await another.close();
  });
});

function thrown(): never {
  throw new Error(SECRET);
}

function reject(): never {
  throw badInput('Not today');
}
