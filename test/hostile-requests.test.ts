import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from './support/start.ts';

/** What no client of GraphQL sends, and somebody who looks for a way in does. */

const SECRET = 'hunter2hunter2';
const QUERY = '{ __typename }';

let server: TestServer;
let editor: string;
beforeAll(async () => {
  server = await startServer();
  editor = await server.tokenOf('editor');
});
afterAll(() => server?.close());

interface Sent {
  readonly method?: string;
  readonly body?: string;
  readonly headers?: Record<string, string>;
  readonly search?: string;
}

/** By node:http, which sends what fetch would not. */
function sent({ method = 'POST', body, headers, search = '' }: Sent) {
  return new Promise<{ status: number; type: string; text: string; code: string | undefined }>((resolve, reject) => {
    const asked = request(`${server.url}${search}`, {
      method,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    });
    asked.on('error', reject).on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
      });
      response.on('end', () => {
        const type = response.headers['content-type'] ?? '';
        const code = type.includes('json') && text ? JSON.parse(text).errors?.[0]?.extensions.code : undefined;
        resolve({ status: response.statusCode ?? 0, type, text, code });
      });
    });
    asked.end(body);
  });
}

const asGet = (search: string, headers = {}): Sent => ({
  method: 'GET',
  search,
  headers: { 'x-requested-with': 'test', ...headers },
});

const encoded = (parameters: Record<string, string>) => `?${new URLSearchParams(parameters)}`;

const posted = (rest: string, query = JSON.stringify(QUERY)): Sent => ({ body: `{ "query": ${query}, ${rest} }` });

describe('is refused, and nothing of it is repeated', () => {
  test.each<[string, Sent, number, string]>([
    ['nothing at all', { body: '' }, 400, 'BAD_REQUEST'],
    ['null', { body: 'null' }, 400, 'BAD_REQUEST'],
    ['a number', { body: '7' }, 400, 'BAD_REQUEST'],
    ['a text', { body: `"${SECRET}"` }, 400, 'BAD_REQUEST'],
    ['an empty batch', { body: '[]' }, 400, 'BAD_REQUEST'],
    ['a batch', { body: `[{ "query": "${QUERY}" }]` }, 400, 'BAD_REQUEST'],
    ['JSON that breaks off', { body: `{ "query": "${SECRET}` }, 400, 'BAD_REQUEST'],
    ['a parameter that there is not', posted(`"${SECRET}": 1`), 400, 'BAD_REQUEST'],
    ['a parameter called __proto__', posted(`"__proto__": { "variables": "${SECRET}" }`), 400, 'BAD_REQUEST'],
    ['a parameter called constructor', posted('"constructor": {}'), 400, 'BAD_REQUEST'],
    ['a parameter called toString', posted('"toString": "x"'), 400, 'BAD_REQUEST'],
    [
      'a document that is an object',
      { body: `{ "query": { "kind": "Document", "definitions": [] } }` },
      400,
      'BAD_REQUEST',
    ],
    ['a document that is a list', { body: `{ "query": ["${SECRET}"] }` }, 400, 'BAD_REQUEST'],
    ['no document', { body: '{ "query": null }' }, 400, 'BAD_REQUEST'],
    [
      'an empty document',
      { body: '{ "query": "" }', headers: { accept: 'application/graphql-response+json' } },
      400,
      'GRAPHQL_PARSE_FAILED',
    ],
    ['a name that is a number', posted('"operationName": 1'), 400, 'BAD_REQUEST'],
    ['a name that is a list', posted(`"operationName": ["${SECRET}"]`), 400, 'BAD_REQUEST'],
    ['a name that is an object', posted('"operationName": { "toString": "x" }'), 400, 'BAD_REQUEST'],
    ['a name of every object', posted('"operationName": "__proto__"'), 400, 'BAD_REQUEST'],
    ['a name that nothing has', posted(`"operationName": "${SECRET}"`), 400, 'BAD_REQUEST'],
    ['variables that are a list', posted(`"variables": ["${SECRET}"]`), 400, 'BAD_REQUEST'],
    ['variables that are a text', posted(`"variables": "{\\"a\\":\\"${SECRET}\\"}"`), 400, 'BAD_REQUEST'],
    ['variables that are false', posted('"variables": false'), 400, 'BAD_REQUEST'],
    ['extensions that are a list', posted(`"extensions": [{ "persistedQuery": "${SECRET}" }]`), 400, 'BAD_REQUEST'],
    ['extensions that are a text', posted(`"extensions": "${SECRET}"`), 400, 'BAD_REQUEST'],
    [
      'a hash that is an object',
      posted('"extensions": { "persistedQuery": { "version": 1, "sha256Hash": {} } }'),
      400,
      'BAD_REQUEST',
    ],
    [
      'a hash that is a secret',
      posted(`"extensions": { "persistedQuery": { "version": 1, "sha256Hash": "${SECRET}" } }`),
      400,
      'BAD_REQUEST',
    ],
    [
      'a version that is a list',
      posted(`"extensions": { "persistedQuery": { "version": [1], "sha256Hash": "${'0'.repeat(64)}" } }`),
      400,
      'BAD_REQUEST',
    ],
    [
      'a deep value beside the variables',
      posted(`"extensions": { "a": ${'['.repeat(200_000)}${']'.repeat(200_000)} }`),
      400,
      'INPUT_LIMIT_EXCEEDED',
    ],
    [
      'a deep value among the variables',
      posted(`"variables": { "a": ${'['.repeat(200_000)}${']'.repeat(200_000)} }`),
      400,
      'INPUT_LIMIT_EXCEEDED',
    ],
    [
      'a value of a thousand levels',
      posted(`"variables": { "a": ${'['.repeat(1_000)}${']'.repeat(1_000)} }`),
      400,
      'INPUT_DEPTH_LIMIT_EXCEEDED',
    ],
    [
      'variables by GET that are a list',
      asGet(encoded({ query: QUERY, variables: `["${SECRET}"]` })),
      400,
      'BAD_REQUEST',
    ],
    ['variables by GET that are no JSON', asGet(encoded({ query: QUERY, variables: SECRET })), 400, 'BAD_REQUEST'],
    ['extensions by GET that are a number', asGet(encoded({ query: QUERY, extensions: '7' })), 400, 'BAD_REQUEST'],
    ['a GET of nothing', asGet(''), 400, 'BAD_REQUEST'],
    ['a GET without a document', asGet('?query=&variables=&extensions='), 400, 'BAD_REQUEST'],
    ['a GET that is not UTF-8', asGet('?query=%ff'), 400, 'BAD_REQUEST'],
    ['a mutation by GET', asGet(encoded({ query: 'mutation { logout { ok } }' })), 405, 'METHOD_NOT_ALLOWED'],
    [
      'a subscription',
      {
        body: '{ "query": "subscription { posts { title } }" }',
        headers: { accept: 'application/graphql-response+json' },
      },
      400,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'a subscription as a stream',
      { body: '{ "query": "subscription { posts { title } }" }', headers: { accept: 'text/event-stream' } },
      406,
      'NOT_ACCEPTABLE',
    ],
    [
      'a deferred fragment',
      {
        body: '{ "query": "{ ... @defer { posts { title } } }" }',
        headers: { accept: 'application/graphql-response+json' },
      },
      400,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'a streamed list',
      {
        body: '{ "query": "{ posts @stream(initialCount: 1) { title } }" }',
        headers: { accept: 'application/graphql-response+json' },
      },
      400,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'incremental delivery',
      { body: `{ "query": "${QUERY}" }`, headers: { accept: 'multipart/mixed; deferSpec=20220824' } },
      406,
      'NOT_ACCEPTABLE',
    ],
    [
      'a definition of a type',
      {
        body: '{ "query": "type Query { a: Int } { __typename }" }',
        headers: { accept: 'application/graphql-response+json' },
      },
      400,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['a fragment alone', { body: '{ "query": "fragment a on Query { __typename }" }' }, 400, 'BAD_REQUEST'],
    [
      'only a comment',
      { body: `{ "query": "# ${SECRET}" }`, headers: { accept: 'application/graphql-response+json' } },
      400,
      'GRAPHQL_PARSE_FAILED',
    ],
    [
      'a form',
      { body: encoded({ query: QUERY }).slice(1), headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      400,
      'CSRF',
    ],
    [
      'a form that says where it is from',
      {
        body: encoded({ query: QUERY }).slice(1),
        headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-requested-with': 'x' },
      },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    [
      'GraphQL as text',
      { body: QUERY, headers: { 'content-type': 'application/graphql' } },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    [
      'GraphQL with another name for JSON',
      { body: `{ "query": "${QUERY}" }`, headers: { 'content-type': 'application/graphql+json' } },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    [
      'an upload',
      {
        body: '--x\r\n\r\n--x--',
        headers: { 'content-type': 'multipart/form-data; boundary=x', 'x-requested-with': 'x' },
      },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    [
      'another method by a header',
      {
        ...asGet(encoded({ query: 'mutation { logout { ok } }' })),
        headers: { 'x-http-method-override': 'POST', 'x-requested-with': 'x' },
      },
      405,
      'METHOD_NOT_ALLOWED',
    ],
  ])('%s', async (_what, what, status, code) => {
    const answer = await sent(what);
    expect({ status: answer.status, code: answer.code }).toEqual({ status, code });
    expect(answer.text).not.toContain(SECRET);
    expect(answer.text.length).toBeLessThan(1_000);
    expect(JSON.parse(answer.text)).not.toHaveProperty('data');
  });
});

test.each(['GET', 'HEAD'])('%s runs no mutation', async (method) => {
  const query = 'mutation { createPost(data: { title: "unsafe" }) { title } }';
  const headers = { 'x-requested-with': 'test', authorization: `Bearer ${editor}` };
  expect((await sent({ method, search: encoded({ query }), headers })).status).toBe(405);
  expect(await server.database.prisma.post.count({ where: { title: 'unsafe' } })).toBe(0);
});

test('HEAD answers what GET does, without a body', async () => {
  const answer = await sent({
    method: 'HEAD',
    search: encoded({ query: QUERY }),
    headers: { 'x-requested-with': 'x' },
  });
  expect(answer).toMatchObject({ status: 200, text: '' });
});

test('an address that is too long is refused before it is read', async () => {
  const { status, code } = await sent(asGet(encoded({ query: `{ __typename } #${'x'.repeat(20_000)}` })));
  expect({ status, code }).toEqual({ status: 431, code: 'BAD_REQUEST' });
});

test('of a parameter that stands twice in an address, one is taken, and of one in JSON the last', async () => {
  const twice = '?query=%7B__typename%7D&query=%7Btags%7Bname%7D%7D';
  expect((await sent(asGet(twice))).text).toBe('{"data":{"__typename":"Query"}}');
  const body = `{ "query": "{ tags { name } }", "query": "${QUERY}" }`;
  expect((await sent({ body })).text).toBe('{"data":{"__typename":"Query"}}');
});

test('variables called like what every object has are variables', async () => {
  const query =
    'query ($constructor: Int, $__proto__: Int) { posts(pagination: { limit: $constructor, start: $__proto__ }) { title } }';
  const answer = await sent({
    body: `{ "query": ${JSON.stringify(query)}, "variables": { "constructor": 1, "__proto__": 2 } }`,
  });
  expect(JSON.parse(answer.text).data.posts).toHaveLength(1);
});

test('nothing of it is left in what every object has', () => {
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(({} as Record<string, unknown>)['variables']).toBeUndefined();
});
