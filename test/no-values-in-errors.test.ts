import {
  type GraphQLInputType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
} from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Mailer } from '../src/mail/mailer.ts';
import { MailFailure } from '../src/mail/mailer.ts';
import { startServer, type TestServer } from './support/start.ts';

// Every way to fail, with marked secrets in every input: none of them is in an answer, a header or a line of the log.

/** What no answer may say again, wherever it was sent. Each is of a form that gets as far as it can. */
const SECRETS = {
  password: 'S3cretPassw0rd-tell-nobody',
  other: 'S3cretOther-tell-nobody',
  code: 'S3cretCode-tell-nobody-0123456789abcdefghij',
  token: 'S3cretToken.tell.nobody',
  refresh: `${'S3cretFamily'.padEnd(43, 'x')}.${'S3cretHalf'.padEnd(43, 'y')}`,
  email: 's3cret-mailbox@example.com',
  text: 'S3cretText-tell-nobody',
};

const refusing: Mailer = {
  send: async ({ to, link }) => {
    throw new MailFailure(
      Object.assign(new Error(`550 <${to}> ${link ?? ''}: no such mailbox`), { responseCode: 550 }),
    );
  },
  close: () => {},
};

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ mailer: refusing });
  await server.database.prisma.permission.createMany({
    data: ['author.create', 'author.update', 'tag.create'].map((action) => ({ action, roleId: 3 })),
    skipDuplicates: true,
  });
});
afterAll(() => server?.close());
beforeEach(() => {
  server.log.length = 0;
});

/** Marked, so that any piece that is long enough to tell something is found. */
const MARK = /s3cret|tell-nobody|tell\.nobody/i;

async function expectNothingTold(response: Response): Promise<void> {
  const text = await response.text();
  await server.gatehouse.idle();
  expect(text).not.toMatch(MARK);
  expect([...response.headers].join('\n')).not.toMatch(MARK);
  expect(server.log.join('\n')).not.toMatch(MARK);
}

function post(body: unknown, headers: Record<string, string> = {}) {
  return fetch(server.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

/** Values of the type that get as far as they can, and then values that do not get that far. */
function valuesFor(name: string, type: GraphQLInputType, level = 0): unknown[] {
  if (level > 4) return [null]; // filters stand in filters
  const inner = isNonNullType(type) ? type.ofType : type;
  if (isListType(inner)) return [valuesFor(name, inner.ofType, level + 1), SECRETS.text];
  if (isInputObjectType(inner)) {
    const fields = Object.values(inner.getFields());
    const first = Object.fromEntries(
      fields.slice(0, 8).map((field) => [field.name, valuesFor(field.name, field.type, level + 1)[0]]),
    );
    return [first, { ...first, unknown: SECRETS.text }, SECRETS.text];
  }
  if (isScalarType(inner) && inner.name !== 'String' && inner.name !== 'ID') return [null, SECRETS.text];
  if (/mail/i.test(name)) return [SECRETS.email, SECRETS.text, { s3cret: SECRETS.email }];
  if (/refresh/i.test(name)) return [SECRETS.refresh, SECRETS.token];
  if (/code|confirmation$/i.test(name)) return [SECRETS.code, [SECRETS.code]];
  if (/password/i.test(name))
    return [SECRETS.password, SECRETS.other, `${SECRETS.password}${'x'.repeat(80)}`, `\0${SECRETS.password}`];
  return [SECRETS.text, [SECRETS.text], { s3cret: SECRETS.text }, `${SECRETS.text}\0`, `${SECRETS.text}\ud800`];
}

interface RootField {
  readonly operation: 'query' | 'mutation';
  readonly name: string;
  readonly args: readonly { readonly name: string; readonly type: GraphQLInputType }[];
  readonly selection: string;
}

/** As `getNamedType` would, but without the account that every answer of a mutation would tell its owner. */
function rootFields(from: TestServer): RootField[] {
  const { schema } = from.gatehouse;
  return (['query', 'mutation'] as const).flatMap((operation) => {
    const type = operation === 'query' ? schema.getQueryType() : schema.getMutationType();
    return Object.values(type?.getFields() ?? {}).map(({ name, args, type: returned }) => {
      const ofType = isListType(returned) ? returned.ofType : returned;
      const named = isNonNullType(ofType) ? ofType.ofType : ofType;
      return { operation, name, args, selection: isObjectType(named) ? ' { __typename }' : '' };
    });
  });
}

test('every field, with every value that it takes and does not take, as anybody', async () => {
  const fields = rootFields(server).filter(({ args }) => args.length > 0);
  expect(fields.length).toBeGreaterThan(25);
  let asked = 0;
  for (const { operation, name, args, selection } of fields) {
    const token = /logout|revoke/i.test(name) ? undefined : await server.tokenOf('editor');
    server.log.length = 0;
    for (const arg of args) {
      for (const value of valuesFor(arg.name, arg.type)) {
        const variables = Object.fromEntries(args.map((other) => [other.name, valuesFor(other.name, other.type)[0]]));
        variables[arg.name] = value;
        const declared = args.map((one) => `$${one.name}: ${one.type}`).join(', ');
        const given = args.map((one) => `${one.name}: $${one.name}`).join(', ');
        const query = `${operation} (${declared}) { ${name}(${given})${selection} }`;
        for (const headers of [{}, { authorization: `Bearer ${token}` }]) {
          if (token === undefined && 'authorization' in headers) continue;
          const response = await post({ query, variables }, headers);
          expect(await response.clone().text(), query).not.toContain('INTERNAL_SERVER_ERROR');
          await expectNothingTold(response);
          asked += 1;
        }
      }
    }
  }
  expect(asked).toBeGreaterThan(200);
});

describe('and around the fields', () => {
  const login = (password: string) =>
    `mutation { login(input: { identifier: "editor", password: ${password} }) { jwt } }`;

  test.each<[string, () => Promise<Response>]>([
    ['a document that does not parse', () => post({ query: `{ login(input: { password: "${SECRETS.password}" ` })],
    ['a literal of the wrong type', () => post({ query: login(`["${SECRETS.password}"]`) })],
    ['a literal of a wrong kind', () => post({ query: login(SECRETS.password.replaceAll('-', '_')) })],
    ['a block string', () => post({ query: login(`"""${SECRETS.password}"""`) })],
    [
      'an unknown field of an input',
      () =>
        post({
          query: `mutation { login(input: { identifier: "x", password: "y", secret: "${SECRETS.password}" }) { jwt } }`,
        }),
    ],
    [
      'an unknown argument',
      () => post({ query: `mutation { forgotPassword(email: "a@example.com", code: "${SECRETS.code}") { ok } }` }),
    ],
    ['a directive', () => post({ query: `{ __typename @include(if: "${SECRETS.text}") }` })],
    [
      'an unknown variable',
      () =>
        post({
          query: 'query ($x: Int!) { posts(pagination: { limit: $x }) { title } }',
          variables: { x: SECRETS.text },
        }),
    ],
    ['variables that are none', () => post({ query: '{ __typename }', variables: SECRETS.text })],
    ['an operation that is not there', () => post({ query: 'query A { __typename }', operationName: SECRETS.text })],
    ['a body that is not JSON', () => post(`{ "query": "${SECRETS.password}`)],
    ['a body that is a list', () => post([SECRETS.password])],
    ['a query that is no text', () => post({ query: { s3cret: SECRETS.password } })],
    ['a body of another type', () => post(SECRETS.password, { 'content-type': 'text/plain' })],
    ['a content type', () => post('{}', { 'content-type': `application/${SECRETS.text}` })],
    ['an accept that nobody has', () => post({ query: '{ __typename }' }, { accept: `application/${SECRETS.text}` })],
    ['a token that is none', () => post({ query: '{ __typename }' }, { authorization: `Bearer ${SECRETS.token}` })],
    [
      'a password as a credential',
      () => post({ query: '{ __typename }' }, { authorization: `Basic ${SECRETS.password}` }),
    ],
    [
      'a cookie',
      () => post({ query: 'mutation { refresh { jwt } }' }, { cookie: `gatehouse-refresh=${SECRETS.refresh}` }),
    ],
    ['an origin', () => post({ query: '{ __typename }' }, { origin: `https://${SECRETS.text}.example` })],
    [
      'the address of a request',
      () => fetch(new URL(`/graphql?query={${SECRETS.text}}&code=${SECRETS.code}`, server.url)),
    ],
    [
      'a GET',
      () =>
        fetch(new URL(`/graphql?query={__typename}&variables=${SECRETS.code}`, server.url), {
          headers: { 'x-requested-with': 'x' },
        }),
    ],
    [
      'a mutation by GET',
      () =>
        fetch(new URL(`/graphql?query=${encodeURIComponent(login(`"${SECRETS.password}"`))}`, server.url), {
          headers: { 'x-requested-with': 'x' },
        }),
    ],
    ['a page', () => fetch(new URL(`/reset-password?code=${SECRETS.code}`, server.url))],
    [
      'another method',
      () => fetch(new URL(`/graphql?code=${SECRETS.code}`, server.url), { method: 'PUT', body: SECRETS.password }),
    ],
  ])('%s', async (_what, ask) => {
    await expectNothingTold(await ask());
  });

  test('a fault of the database', async () => {
    await server.database.query('ALTER TABLE users RENAME COLUMN "passwordHash" TO elsewhere', []);
    try {
      for (const document of [
        login(`"${SECRETS.password}"`),
        `mutation { register(input: { username: "${SECRETS.text}", email: "${SECRETS.email}", password: "${SECRETS.password}" }) { jwt } }`,
      ]) {
        const response = await post({ query: document });
        expect(await response.clone().text()).toContain('INTERNAL_SERVER_ERROR');
        await expectNothingTold(response);
      }
    } finally {
      await server.database.query('ALTER TABLE users RENAME COLUMN elsewhere TO "passwordHash"', []);
    }
  });

  test('a mail that is refused', async () => {
    const { prisma } = server.database;
    await prisma.settings.update({ where: { id: 1 }, data: { emailConfirmation: true } });
    const query = `mutation { register(input: { username: "somebody told", email: "s3cret-other@example.com", password: "${SECRETS.password}" }) { jwt } }`;
    const response = await post({ query });
    expect(await response.clone().text()).toContain('Error sending confirmation email');
    await expectNothingTold(response);
    await prisma.settings.update({ where: { id: 1 }, data: { emailConfirmation: false } });
  });
});

test('the mark is found where it is: the test would fail', async () => {
  server.log.push(SECRETS.password);
  await expect(expectNothingTold(await post({ query: '{ __typename }' }))).rejects.toThrow();
});
