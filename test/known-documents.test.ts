import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from './support/start.ts';

/**
 * A document that was answered once is not parsed and validated again, and nobody is to see that. What is asked by GET is
 * answered as what is posted.
 */

let server: TestServer;
let editor: string;
let reader: string;
beforeAll(async () => {
  server = await startServer();
  [editor, reader] = await Promise.all([server.tokenOf('editor'), server.tokenOf('reader')]);
});
afterAll(() => server?.close());

interface Posted {
  readonly [name: string]: unknown;
  readonly query: unknown;
}

/** What of an answer is the same each time. What is an address is asked by GET. */
async function answerTo(posted: Posted | string, token: string | undefined, accept: string) {
  const sent = { 'content-type': 'application/json', accept, ...(token && { authorization: `Bearer ${token}` }) };
  const body = typeof posted === 'string' ? posted : JSON.stringify(posted);
  const isAddress = body.startsWith(server.url);
  const response = await (isAddress
    ? fetch(body, { headers: sent })
    : fetch(server.url, { method: 'POST', headers: sent, body }));
  const { 'x-request-id': _id, date: _date, ...headers } = Object.fromEntries(response.headers);
  const text = (await response.text()).replaceAll(/"requestId":"[^"]*"/g, '"requestId":"…"');
  return { status: response.status, headers, text };
}

/** The same by GET; undefined for what cannot be asked so. */
function byGet({ query, ...others }: Posted): string | undefined {
  const hasText = typeof query === 'string' && query.length < 8_000 && !query.includes('mutation');
  const isWhole = Object.values(others).every((value) => typeof value !== 'number');
  if (!hasText || !isWhole) return undefined;
  const address = new URL(server.url);
  for (const [name, value] of Object.entries({ query, ...others })) {
    address.searchParams.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  return address.href;
}

const NAMED =
  'query One { posts(pagination: { limit: 1 }) { title } } query Two { tags { name } } mutation Three { deletePost(documentId: "none") { documentId } }';
const PAGE = 'query ($p: PaginationArg) { posts(pagination: $p) { title author { name email } } }';
const REFUSED = 'mutation ($d: PostInput!) { createPost(data: $d) { title author { name } } }';

/** What can be posted, right and wrong, of documents that are valid as of those that are not. */
const POSTED: readonly (readonly [what: string, posted: Posted | string])[] = [
  ['a query', { query: '{ posts { title } tags { name } me { username } }' }],
  ['a name that nothing has', { query: NAMED, operationName: 'Four' }],
  ['no name where there are several', { query: NAMED }],
  ['a name', { query: NAMED, operationName: 'Two' }],
  ['a name of a mutation that is refused, or finds nothing', { query: NAMED, operationName: 'Three' }],
  ['variables', { query: PAGE.replace(' email', ''), variables: { p: { limit: 2 } } }],
  ['a variable out of range', { query: PAGE.replace(' email', ''), variables: { p: { limit: 200 } } }],
  ['a variable of another type', { query: PAGE.replace(' email', ''), variables: { p: { limit: 'two' } } }],
  ['a variable that there is not', { query: PAGE.replace(' email', ''), variables: { q: 1 } }],
  [
    'a hash that nothing is known by',
    { query: null, extensions: { persistedQuery: { version: 1, sha256Hash: 'f'.repeat(64) } } },
  ],
  [
    'a hash of something else',
    { query: NAMED, extensions: { persistedQuery: { version: 1, sha256Hash: 'f'.repeat(64) } } },
  ],
  ['a hash that is none', { query: null, extensions: { persistedQuery: { version: 1, sha256Hash: 1 } } }],
  ['a hash of another version', { query: null, extensions: { persistedQuery: {} } }],
  ['no hash where there could be one', { query: NAMED, operationName: 'Two', extensions: { persistedQuery: null } }],
  ['variables that are none', { query: PAGE.replace(' email', ''), variables: null }],
  ['variables that are a list', { query: PAGE.replace(' email', ''), variables: [] }],
  ['NUL in a variable', { query: '{ __typename }', variables: { p: '\0' } }],
  [
    'more than an operation may cost',
    {
      query:
        'query ($n: Int) { posts(pagination: { limit: $n }) { author { posts(pagination: { limit: $n }) { author { posts(pagination: { limit: $n }) { title } } } } } }',
      variables: { n: 100 },
    },
  ],
  ['a field that is not there', { query: PAGE }],
  ['no document', { query: '{' }],
  ['a document with a secret where a name should be', { query: '{ posts("secret") { title } }' }],
  ['too many tokens', { query: `{ ${'posts '.repeat(10_001)} }` }],
  [
    'a document nested too deeply',
    { query: `{ posts { ${'author { posts { '.repeat(12)} title ${'} } '.repeat(12)} } }` },
  ],
  [
    'a directive without its argument',
    { query: 'query ($s: Boolean = true) { tags @skip(if: $s) { name } }', variables: { s: null } },
  ],
  [
    'an argument that turns out wrong with its variables',
    {
      query: 'query ($n: Int = 1) { posts(pagination: { limit: $n }) { title } post(documentId: "x") { title } }',
      variables: { n: 1e10 },
    },
  ],
  ['a fragment that is not there', { query: '{ posts { ...none } }' }],
  ['fragment cycles', { query: '{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }' }],
  ['nothing that may be read', { query: '{ me { username } sessions { address } }' }],
  ['an error beside an answer', { query: '{ tags { name } post(documentId: "x") { title } me { username } }' }],
  ['an input that is refused', { query: REFUSED, variables: { d: { title: '' } } }],
  ['an input that lacks what it needs', { query: REFUSED, variables: {} }],
  ['extensions', { query: '{ __typename }', extensions: { persistedQuery: {} } }],
  ['something else beside it', { query: '{ __typename }', id: 1 }],
  ['no query', { query: null }],
  ['a query that is no text', { query: 7 }],
  ['several at once', `[${JSON.stringify({ query: '{ __typename }' })}]`],
  ['what is no JSON', '{"query":"{ __typename }"'],
  ['a name that is no text', { query: '{ __typename }', operationName: 1 }],
];

describe.each([['application/json'], ['application/graphql-response+json']])('answered as %s', (accept) => {
  test.each(POSTED)('%s is answered the second time as the first, and by GET as posted', async (_what, posted) => {
    for (const token of [undefined, reader, editor]) {
      const first = await answerTo(posted, token, accept);
      expect(await answerTo(posted, token, accept)).toEqual(first);
      const address = typeof posted === 'string' ? undefined : byGet(posted);
      if (address) expect(await answerTo(address, token, accept)).toEqual(first);
    }
  });
});

test.each([['application/json'], ['application/graphql-response+json']])(
  'what names no operation is refused alike before its document is known, and after (%s)',
  async (accept) => {
    const query = `query One { __typename } query Two { __typename } # ${accept}`;
    const wrong = [{ query }, { query, operationName: 'Three' }, { query, operationName: '' }];
    const answers = () => Promise.all(wrong.map((posted) => answerTo(posted, undefined, accept)));
    const before = await answers();
    expect(before.map(({ text }) => text.includes('BAD_REQUEST'))).toEqual([true, true, true]);
    expect((await answerTo({ query, operationName: 'Two' }, undefined, accept)).text).toContain('"Query"');
    expect(await answers()).toEqual(before);
  },
);

test('who may not is refused a document that another one was answered', async () => {
  const query = 'mutation { createPost(data: { title: "known" }) { title } }';
  const asked = async (token: string | undefined) => (await server.ask(query, { token })).errors?.[0]?.extensions.code;
  expect(await asked(editor)).toBeUndefined();
  expect(await asked(undefined)).toBe('FORBIDDEN');
});

test('a mutation is not run by GET because it was posted before', async () => {
  const query = 'mutation { createPost(data: { title: "by GET" }) { title } }';
  expect((await server.ask(query, { token: editor })).errors).toBeUndefined();
  const response = await fetch(`${server.url}?query=${encodeURIComponent(query)}`, {
    headers: { 'x-requested-with': 'test', authorization: `Bearer ${editor}` },
  });
  expect(response.status).toBe(405);
  expect(await server.database.prisma.post.count({ where: { title: 'by GET' } })).toBe(1);
});
