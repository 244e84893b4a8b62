import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from './support/start.ts';

/** Two administrators save the same: the database decides who was first, and the other one is refused, not overwritten. */

let server: TestServer;
let token: string;
beforeAll(async () => {
  server = await startServer();
  token = await server.adminToken();
});
afterAll(() => server?.close());

const ask = (document: string, variables: Record<string, unknown> = {}) =>
  server.askAdmin(document, { token, variables });

async function done(document: string, variables: Record<string, unknown> = {}) {
  const { data, errors, text } = await ask(document, variables);
  expect(errors, text).toBeUndefined();
  return Object.values(data)[0] as Record<string, string>;
}

async function faultsOf(document: string, variables: Record<string, unknown>) {
  const { errors, text } = await ask(document, variables);
  expect(errors, text).toHaveLength(1);
  return errors?.[0]?.extensions.error.details.errors?.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

const TAG = 'mutation ($n: String!) { createTag(data: { name: $n }) { documentId } }';

const THINGS = {
  'a document': {
    create: 'mutation ($n: String!) { createPost(data: { title: $n, slug: $n }) { documentId updatedAt } }',
    read: 'query ($id: ID!) { post(documentId: $id) { title updatedAt } }',
    update: `mutation ($id: ID!, $to: String!, $at: DateTime) {
      updatePost(documentId: $id, data: { title: $to }, ifUpdatedAt: $at) { updatedAt }
    }`,
    refused: 'ifUpdatedAt: The document was changed meanwhile: read it again',
  },
  'a document with a relation in another table': {
    create: 'mutation ($n: String!) { createPost(data: { title: $n, slug: $n }) { documentId updatedAt } }',
    read: 'query ($id: ID!) { post(documentId: $id) { title updatedAt tags { name } } }',
    update: `mutation ($id: ID!, $to: String!, $at: DateTime, $tag: ID!) {
      updatePost(documentId: $id, data: { title: $to, tags: [$tag] }, ifUpdatedAt: $at) { updatedAt }
    }`,
    refused: 'ifUpdatedAt: The document was changed meanwhile: read it again',
  },
  'an API token': {
    create: `mutation ($n: String!) {
      createApiToken(data: { name: $n, kind: READ_ONLY, lifespan: DAYS_7 }) { token { documentId updatedAt } }
    }`,
    read: 'query ($id: ID!) { apiToken(documentId: $id) { name description updatedAt } }',
    update: `mutation ($id: ID!, $to: String!, $at: DateTime) {
      updateApiToken(documentId: $id, data: { description: $to }, ifUpdatedAt: $at) { updatedAt }
    }`,
    refused: 'ifUpdatedAt: The token was changed meanwhile: read it again',
  },
} as const;

let made = 0;

describe.each(Object.entries(THINGS))('%s', (_what, { create, read, update, refused }) => {
  async function created() {
    const tag = update.includes('$tag') ? { tag: (await done(TAG, { n: `tag-${made}` }))['documentId'] } : {};
    const thing = await done(create, { n: `meanwhile-${++made}` });
    const { documentId, updatedAt } = (thing as { token?: typeof thing }).token ?? thing;
    server.advance(1_000);
    return { id: documentId, at: updatedAt, ...tag };
  }

  test('is changed where it is as it was read, and by nobody who read it before that', async () => {
    const thing = await created();
    const { updatedAt } = await done(update, { ...thing, to: 'first' });
    expect(updatedAt).not.toBe(thing.at);
    const now = await done(read, { id: thing.id });
    const events = await server.database.prisma.auditEntry.count();
    expect(await faultsOf(update, { ...thing, to: 'second' })).toEqual([refused]);
    expect(await done(read, { id: thing.id })).toEqual(now);
    expect(await server.database.prisma.auditEntry.count()).toBe(events);
    server.advance(1_000);
    await done(update, { ...thing, at: updatedAt, to: 'second' });
    await done(update, { ...thing, at: null, to: 'without a condition' });
  });

  test('is changed by one of several who save at the same time', async () => {
    const thing = await created();
    const answers = await Promise.all(['a', 'b', 'c', 'd'].map((to) => ask(update, { ...thing, to })));
    expect(answers.filter(({ errors }) => errors === undefined)).toHaveLength(1);
  });
});

test('a single document that is there is changed as it was read, and one that is gone is not made again', async () => {
  const update =
    'mutation ($at: DateTime) { updateSiteSetting(data: { siteName: "Ours" }, ifUpdatedAt: $at) { updatedAt } }';
  const { updatedAt } = await done(update);
  server.advance(1_000);
  const { updatedAt: next } = await done(update, { at: updatedAt });
  expect(await faultsOf(update, { at: updatedAt })).toEqual([THINGS['a document'].refused]);
  await done('mutation { deleteSiteSetting { documentId } }');
  expect((await ask(update, { at: next })).errors?.[0]?.extensions.code).toBe('NOT_FOUND');
  expect(await server.database.prisma.siteSetting.count()).toBe(0);
});

test('a single document that was not there is made by one of those who save it first', async () => {
  const update =
    'mutation ($name: String!, $at: DateTime) { updateSiteSetting(data: { siteName: $name }, ifUpdatedAt: $at) { siteName updatedAt } }';
  await server.database.prisma.siteSetting.deleteMany();
  const answers = await Promise.all(['a', 'b', 'c', 'd'].map((name) => ask(update, { name, at: null })));
  const [first, ...more] = answers
    .filter(({ errors }) => errors === undefined)
    .map(({ data }) => data.updateSiteSetting);
  expect(more).toEqual([]);
  for (const { errors } of answers.filter(({ errors }) => errors !== undefined)) {
    expect(errors?.[0]?.extensions.error.details.errors?.[0]?.path).toEqual(['ifUpdatedAt']);
  }
  expect(await faultsOf(update, { name: 'late', at: null })).toEqual([THINGS['a document'].refused]);
  expect(await server.database.prisma.siteSetting.findMany()).toMatchObject([{ siteName: first.siteName }]);
  // A client that does not say what it read replaces what is there.
  expect((await done(update, { name: 'whatever it was' }))['siteName']).toBe('whatever it was');
});

test('a relation in another table, set alone, is no change of the document: its time stays', async () => {
  const { create, update } = THINGS['a document'];
  const { documentId: id, updatedAt: at } = await done(create, { n: `meanwhile-${++made}` });
  const { documentId: tag } = await done(TAG, { n: `tag-of-${made}` });
  server.advance(1_000);
  const relate = 'mutation ($id: ID!, $tag: ID!) { updatePost(documentId: $id, data: { tags: [$tag] }) { updatedAt } }';
  expect(await done(relate, { id, tag })).toEqual({ updatedAt: at });
  await done(update, { id, at, to: 'is not stopped by it' });
});

test('a setting is changed as it was read, and others that somebody changed are no conflict', async () => {
  const update = `mutation ($data: SettingsInput!, $was: SettingsInput) {
    updateSettings(data: $data, was: $was) { passwordMinLength resetPasswordUrl defaultRole { documentId } }
  }`;
  const { passwordMinLength, defaultRole } = (await done(
    '{ settings { passwordMinLength defaultRole { documentId } } }',
  )) as Record<string, unknown>;
  const role = (defaultRole as { documentId: string }).documentId;
  const was = { passwordMinLength, resetPasswordUrl: null, defaultRole: role };
  const data = { passwordMinLength: 11, resetPasswordUrl: 'https://example.org/reset' };
  await done(update, { data, was });
  const events = await server.database.prisma.auditEntry.count();
  expect(await faultsOf(update, { data: { passwordMinLength: 12 }, was })).toEqual([
    'was.passwordMinLength: passwordMinLength was changed meanwhile: read it again',
    'was.resetPasswordUrl: resetPasswordUrl was changed meanwhile: read it again',
  ]);
  const editor = await server.database.prisma.role.findUniqueOrThrow({ where: { type: 'editor' } });
  expect(await faultsOf(update, { data: { passwordMinLength: 12 }, was: { defaultRole: editor.documentId } })).toEqual([
    'was.defaultRole: defaultRole was changed meanwhile: read it again',
  ]);
  expect(await server.database.prisma.auditEntry.count()).toBe(events);
  expect(await done(update, { data: { passwordMinLength: 12 }, was: { passwordMinLength: 11 } })).toMatchObject({
    ...{ passwordMinLength: 12, resetPasswordUrl: 'https://example.org/reset' },
  });
});

test('a document that is not there is not found, whatever the condition', async () => {
  const variables = { id: 'nothing', to: 'x', at: new Date().toISOString() };
  expect((await ask(THINGS['a document'].update, variables)).errors?.[0]?.extensions.code).toBe('NOT_FOUND');
});

test('clients of /graphql have no such argument', async () => {
  const document = 'mutation { updatePost(documentId: "x", data: {}, ifUpdatedAt: "2026-01-01T00:00:00Z") { title } }';
  const { errors } = await server.ask(document, { token: await server.tokenOf('editor') });
  expect(errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
});
