import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../src/graphql/operation/limits.ts';
import { send, startBeside, startServer, type TestServer } from './support/start.ts';

const LIMITS = {
  tokens: 200,
  depth: 5,
  fields: 30,
  aliases: 6,
  rootFields: 4,
  directives: 2,
  page: 10,
  input: 40,
  answer: 1_000_000,
  cost: 800,
};
let server: TestServer;
beforeAll(async () => {
  server = await startServer({ config: { limits: LIMITS } });
});
afterAll(() => server?.close());

const times = (count: number, make: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => make(index)).join(' ');

describe.each<[string, (count: number) => string, number, string]>([
  ['DEPTH_LIMIT_EXCEEDED', (n) => `{ ${deep(n)} }`, LIMITS.depth, 'Fields may be nested in at most 5 levels'],
  [
    'DEPTH_LIMIT_EXCEEDED',
    (n) => `{ posts { ...F } } fragment F on Post { ${deepIn(n - 1)} }`,
    LIMITS.depth,
    'Fields may be nested in at most 5 levels',
  ],
  [
    'DEPTH_LIMIT_EXCEEDED',
    (n) => `{ ${'...{'.repeat(n - 1)} __typename ${'}'.repeat(n - 1)} }`,
    3 * LIMITS.depth,
    'Fields and fragments may be nested in at most 15 levels',
  ],
  [
    'DEPTH_LIMIT_EXCEEDED',
    (n) =>
      `{ ...F1 } ${times(n - 2, (i) => `fragment F${i + 1} on Query { ...F${i + 2} }`)} fragment F${n - 1} on Query { __typename }`,
    3 * LIMITS.depth,
    'Fields and fragments may be nested in at most 15 levels',
  ],
  [
    'FIELD_LIMIT_EXCEEDED',
    (n) => `{ __type(name: "Post") { ${'name '.repeat(n - 1)} } }`,
    LIMITS.fields,
    'An operation may have at most 30 fields',
  ],
  [
    'FIELD_LIMIT_EXCEEDED',
    (n) =>
      `{ __type(name: "Post") { ...A ...A ${'name '.repeat(n - 21)} } } fragment A on __Type { ...B } fragment B on __Type { ${'name '.repeat(10)} }`,
    LIMITS.fields,
    'An operation may have at most 30 fields',
  ],
  [
    'ALIAS_LIMIT_EXCEEDED',
    (n) => `{ __type(name: "Post") { ${times(n, (i) => `a${i}: name`)} } }`,
    LIMITS.aliases,
    'An operation may have at most 6 aliases',
  ],
  [
    'ALIAS_LIMIT_EXCEEDED',
    (n) =>
      `{ __type(name: "Post") { ...A ${times(n - 3, (i) => `a${i}: name`)} } } fragment A on __Type { x: name y: name z: name }`,
    LIMITS.aliases,
    'An operation may have at most 6 aliases',
  ],
  [
    'ROOT_FIELD_LIMIT_EXCEEDED',
    (n) => `{ ${times(n, (i) => `a${i}: __typename`)} }`,
    LIMITS.rootFields,
    'An operation may have at most 4 root fields',
  ],
  [
    'ROOT_FIELD_LIMIT_EXCEEDED',
    (n) =>
      `{ ...A ${times(n - 2, (i) => `a${i}: __typename`)} } fragment A on Query { x: __typename ... { y: __typename } }`,
    LIMITS.rootFields,
    'An operation may have at most 4 root fields',
  ],
  [
    'DIRECTIVE_LIMIT_EXCEEDED',
    (n) => `{ __typename ${['@skip(if: false)', '@include(if: true)', '@include(if: true)'].slice(0, n).join(' ')} }`,
    LIMITS.directives,
    'A field may have at most 2 directives',
  ],
  [
    'COST_LIMIT_EXCEEDED',
    (n) =>
      `{ posts(pagination: { limit: 10 }) { ${times(n > LIMITS.cost ? 6 : 1, (i) => `a${i}: tags(pagination: { limit: 10 }) { name }`)} } }`,
    LIMITS.cost,
    'The operation may come to more than 800 fields',
  ],
])('%s', (code, document, most, message) => {
  test(`as much as is allowed is answered: ${document(most).slice(0, 40)}`, async () => {
    const { errors, status } = await server.ask(document(most));
    expect(errors).toBeUndefined();
    expect(status).toBe(200);
  });

  test(`one more is refused, and nothing runs: ${document(most + 1).slice(0, 40)}`, async () => {
    server.statements.length = 0;
    const { errors, status, data } = await server.ask(document(most + 1));
    expect(data).toBeUndefined();
    expect(errors?.[0]).toMatchObject({ message: expect.stringContaining(message), extensions: { code } });
    expect(status).toBe(400);
    expect(server.statements.length).toBeLessThanOrEqual(1); // who asks
  });
});

function deep(levels: number): string {
  return `posts { ${deepIn(levels - 1)} }`;
}

/** So many levels inside of a post. */
function deepIn(levels: number): string {
  if (levels <= 1) return 'title';
  return levels === 2 ? 'author { name }' : `author { posts(pagination: { limit: 1 }) { ${deepIn(levels - 2)} } }`;
}

describe('what no operation uses counts as well', () => {
  test.each<[string, string, string]>([
    ['DEPTH_LIMIT_EXCEEDED', `${deepIn(LIMITS.depth + 1)}`, 'Fields may be nested in at most 5 levels'],
    [
      'DEPTH_LIMIT_EXCEEDED',
      `${'...{'.repeat(15)} title ${'}'.repeat(15)}`,
      'Fields and fragments may be nested in at most 15 levels',
    ],
    ['FIELD_LIMIT_EXCEEDED', 'title '.repeat(31), 'An operation may have at most 30 fields'],
    ['ALIAS_LIMIT_EXCEEDED', times(7, (i) => `a${i}: title`), 'An operation may have at most 6 aliases'],
    ['DIRECTIVE_LIMIT_EXCEEDED', `title ${'@skip(if: false) '.repeat(3)}`, 'A field may have at most 2 directives'],
  ])('%s in a fragment that nobody spreads: %s', async (code, selections, message) => {
    for (const document of [
      `{ __typename } fragment F on Post { ${selections} }`,
      // The later one is the one that a spread means; both are read.
      `{ posts { ...F } } fragment F on Post { ${selections} } fragment F on Post { title }`,
    ]) {
      const { errors, data, status } = await server.ask(document);
      expect({ data, status }).toEqual({ data: undefined, status: 400 });
      expect(errors).toEqual([expect.objectContaining({ message, extensions: expect.objectContaining({ code }) })]);
    }
  });

  test('and so do all operations together, ten times as much', async () => {
    const document = (count: number) =>
      `${times(count, (i) => `query Q${i} { ...F }`)} fragment F on Query { __type(name: "Post") { ${'name '.repeat(19)} } }`;
    // Each of them, and the fragment by itself, is twenty fields.
    expect((await server.ask(document(14))).errors?.[0]?.message).toMatch(/^Could not determine/);
    expect((await server.ask(document(15))).errors?.[0]).toMatchObject({
      message: 'A document may have at most 300 fields',
      extensions: { code: 'FIELD_LIMIT_EXCEEDED' },
    });
  });
});

test.each([
  ['itself', 'fragment A on Post { author { posts { ...A } } }', 'Cannot spread fragment "A" within itself.'],
  [
    'each other',
    'fragment A on Post { ...B } fragment B on Post { title ...C } fragment C on Post { ...A } fragment D on Post { ...B }',
    'Cannot spread fragment "A" within itself via "B", "C".',
  ],
])('fragments that spread %s are refused before anything else is looked at', async (_what, fragments, message) => {
  for (const operation of ['{ posts { ...A } }', '{ __typename }', '{ unknown, another }']) {
    const { errors, data } = await server.ask(`${operation} ${fragments}`);
    expect(data).toBeUndefined();
    expect(errors?.map(({ message }) => message)).toEqual([message]);
    expect(errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
  }
});

test.each([
  ['in a list', (n: number) => ({ a: Array(n - 1).fill(1) })],
  ['in objects', (n: number) => ({ a: { b: Object.fromEntries(Array.from({ length: n - 2 }, (_, i) => [i, null])) } })],
  ['in variables', (n: number) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`a${i}`, '']))],
])('values %s are counted in variables, also in those that nobody declared', async (_where, variables) => {
  const ask = (n: number) => server.ask('{ __typename }', { variables: variables(n) });
  expect(await ask(LIMITS.input)).toMatchObject({ status: 200, data: { __typename: 'Query' } });
  for (const much of [LIMITS.input + 1, 60_000]) {
    const { status, data, errors } = await ask(much);
    expect({ status, data }).toEqual({ status: 400, data: undefined });
    expect(errors?.[0]).toMatchObject({
      message: 'Variables may hold at most 40 values',
      extensions: { code: 'INPUT_LIMIT_EXCEEDED' },
    });
  }
});

test('what stands in texts is no value', async () => {
  const variables = { s: '[{,"\\'.repeat(20_000) };
  expect((await server.ask('{ __typename }', { variables })).data).toEqual({ __typename: 'Query' });
});

test('tokens are counted while the document is read', async () => {
  const document = (count: number) =>
    `{ __type(name: "Post") { ${'name,'.repeat(5)} ${'#\n'.repeat(300)} } } #${'x'.repeat(count)}`;
  expect((await server.ask(document(10_000))).errors).toBeUndefined();
  const { errors, status } = await server.ask(`{ __type(name: "Post") { ${'name '.repeat(200)} } }`);
  expect(errors?.[0]).toMatchObject({
    message: 'A document may have at most 200 tokens',
    extensions: { code: 'TOKEN_LIMIT_EXCEEDED' },
  });
  expect(status).toBe(400);
});

test('operations of one document are counted one by one', async () => {
  const document = `query A { ${times(4, (i) => `a${i}: __typename`)} } query B { ${times(4, (i) => `b${i}: __typename`)} }`;
  const response = await fetch(server.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: document, operationName: 'B' }),
  });
  expect(await response.json()).toEqual({ data: { b0: 'Query', b1: 'Query', b2: 'Query', b3: 'Query' } });
});

describe('what is asked of the schema itself', () => {
  const ALL = 'types { name fields { name args { name type { name kind ofType { name } } } } }';
  let usual: TestServer;
  beforeAll(async () => {
    usual = await startServer();
  });
  afterAll(() => usual?.close());

  test('what clients and playgrounds send fits into the defaults, and into any cost', async () => {
    expect((await usual.ask(getIntrospectionQuery())).errors).toBeUndefined();
    await using cheap = await startBeside(usual, { limits: { ...DEFAULT_LIMITS, cost: 100 } });
    expect((await send(cheap.url, getIntrospectionQuery())).errors).toBeUndefined();
    expect(
      (await send(cheap.url, '{ posts(pagination: { limit: 100 }) { title } }')).errors?.[0]?.extensions.code,
    ).toBe('COST_LIMIT_EXCEEDED');
  });

  test.each<[string, string]>([
    ['under many names', `{ ${times(60, (i) => `a${i}: __schema { ${ALL} }`)} }`],
    [
      'of one type, many times',
      `{ ${times(190, (i) => `a${i}: __type(name: "Mutation") { fields { name args { name description type { name kind ofType { name } } } } }`)} }`,
    ],
    ['in a fragment', `{ ...F } fragment F on Query { ${times(60, (i) => `a${i}: __schema { ${ALL} }`)} }`],
    ['with many names in it', `{ __schema { types { fields { type { ${times(290, (i) => `a${i}: name`)} } } } } }`],
  ])('is counted as long as it is: %s', async (_what, document) => {
    const { status, data, errors } = await usual.ask(document);
    expect({ status, data, code: errors?.[0]?.extensions.code }).toEqual({
      status: 400,
      data: undefined,
      code: 'COST_LIMIT_EXCEEDED',
    });
  });
});
