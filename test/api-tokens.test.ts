import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hashOfApiToken, newApiTokenSecret } from '../src/authentication/api-token-secret.ts';
import { startServer, type TestServer } from './support/start.ts';

let server: TestServer;
let admin: string;
beforeAll(async () => {
  server = await startServer();
  admin = await server.adminToken();
});
afterAll(() => server?.close());

const DAY = 86_400_000;
let made = 0;

interface Made {
  readonly secret: string;
  readonly documentId: string;
}

async function make(data: Record<string, unknown> = {}): Promise<Made> {
  const { data: answer, text } = await server.askAdmin(
    'mutation ($data: CreateApiTokenInput!) { createApiToken(data: $data) { secret token { documentId } } }',
    {
      token: admin,
      variables: { data: { name: `token ${++made}`, kind: 'READ_ONLY', lifespan: 'UNLIMITED', ...data } },
    },
  );
  if (!answer?.createApiToken) throw new Error(text);
  const { secret, token } = answer.createApiToken;
  return { secret, documentId: token.documentId };
}

async function change(document: string, variables: Record<string, unknown>) {
  const { data, errors, text } = await server.askAdmin(document, { token: admin, variables });
  expect(errors, text).toBeUndefined();
  return data;
}

const POSTS = '{ posts(pagination: { limit: 1 }) { title author { name } } }';
const CREATE = 'mutation { createPost(data: { title: "By a program" }) { title } }';

async function outcomeOf(document: string, token: string): Promise<string> {
  const { status, errors } = await server.ask(document, { token });
  const { code, reason } = errors?.[0]?.extensions ?? {};
  return code === undefined ? 'answered' : [status, code, reason].filter((part) => part !== undefined).join(' ');
}

describe('a token of the kind', () => {
  const USERS = '{ usersPermissionsUsers { username email role { name } } }';

  test('READ_ONLY reads every content, and nothing else', async () => {
    const { secret } = await make();
    expect(await outcomeOf(POSTS, secret)).toBe('answered');
    expect(await outcomeOf('{ siteSetting { siteName } tags { name } }', secret)).toBe('answered');
    for (const document of [CREATE, USERS, '{ usersPermissionsRoles { name } }', '{ me { id } }']) {
      expect(await outcomeOf(document, secret)).toBe('200 FORBIDDEN');
    }
  });

  test('FULL_ACCESS may whatever the schema has, except what only a person can', async () => {
    const { secret } = await make({ kind: 'FULL_ACCESS' });
    for (const document of [POSTS, CREATE, USERS]) expect(await outcomeOf(document, secret)).toBe('answered');
    for (const document of [
      '{ me { id } }',
      '{ sessions { documentId } }',
      'mutation { changePassword(currentPassword: "a", password: "a good password", passwordConfirmation: "a good password") { jwt } }',
      'mutation { updateMe(data: { username: "somebody" }) { id } }',
      'mutation { logoutEverywhere { ok } }',
    ]) {
      expect(await outcomeOf(document, secret), document).toBe('200 FORBIDDEN');
    }
  });

  test('CUSTOM may what is listed, and what it is given later with the very next request', async () => {
    const { secret, documentId } = await make({ kind: 'CUSTOM', actions: ['post.find'] });
    expect(await outcomeOf('{ posts { title } }', secret)).toBe('answered');
    expect(await outcomeOf(POSTS, secret)).toBe('200 FORBIDDEN'); // the authors
    expect(await outcomeOf(CREATE, secret)).toBe('200 FORBIDDEN');
    const update =
      'mutation ($id: ID!, $data: UpdateApiTokenInput!) { updateApiToken(documentId: $id, data: $data) { name kind actions } }';
    const { updateApiToken } = await change(update, {
      id: documentId,
      data: { actions: ['post.find', 'post.create'] },
    });
    expect(updateApiToken.actions).toEqual(['post.create', 'post.find']);
    expect(await outcomeOf(CREATE, secret)).toBe('answered');
    await change(update, { id: documentId, data: { name: `renamed ${++made}`, description: 'Of the importer' } });
    expect(await outcomeOf(CREATE, secret)).toBe('answered');
    await change(update, { id: documentId, data: { kind: 'READ_ONLY' } });
    expect(await outcomeOf(CREATE, secret)).toBe('200 FORBIDDEN');
  });
});

describe('a token is refused', () => {
  test('at its end, to the second', async () => {
    const { secret } = await make({ lifespan: 'DAYS_7' });
    server.advance(7 * DAY - 5_000);
    expect(await outcomeOf(POSTS, secret)).toBe('answered');
    server.advance(6_000);
    expect(await outcomeOf(POSTS, secret)).toBe('401 UNAUTHENTICATED expired');
    admin = await server.adminToken();
  });

  test('once it is revoked, regenerated or deleted, with the very next request', async () => {
    const one = await make();
    await change('mutation ($id: ID!) { revokeApiToken(documentId: $id) { status } }', { id: one.documentId });
    expect(await outcomeOf(POSTS, one.secret)).toBe('401 UNAUTHENTICATED revoked');

    const two = await make({ lifespan: 'DAYS_30' });
    server.advance(20 * DAY);
    admin = await server.adminToken();
    const { regenerateApiToken } = await change(
      'mutation ($id: ID!) { regenerateApiToken(documentId: $id) { secret token { expiresAt status } } }',
      { id: two.documentId },
    );
    expect(await outcomeOf(POSTS, two.secret)).toBe('401 UNAUTHENTICATED invalid');
    server.advance(25 * DAY);
    expect(await outcomeOf(POSTS, regenerateApiToken.secret)).toBe('answered');
    admin = await server.adminToken();

    const three = await make();
    await change('mutation ($id: ID!) { deleteApiToken(documentId: $id) { documentId } }', { id: three.documentId });
    expect(await outcomeOf(POSTS, three.secret)).toBe('401 UNAUTHENTICATED invalid');

    const { errors } = await server.askAdmin('mutation ($id: ID!) { regenerateApiToken(documentId: $id) { secret } }', {
      token: admin,
      variables: { id: one.documentId },
    });
    expect(errors?.[0]?.message).toContain('cannot be regenerated');
  });

  test('when it was mistyped, without a look into the database', async () => {
    const { secret } = await make();
    server.statements.length = 0;
    for (const wrong of [
      secret.slice(0, -1),
      `${secret}0`,
      secret.replace(/.$/, (digit) => (digit === '0' ? '1' : '0')),
    ]) {
      expect(await outcomeOf(POSTS, wrong)).toBe('401 UNAUTHENTICATED invalid');
    }
    expect(server.statements).toEqual([]);
    expect(await outcomeOf(POSTS, newApiTokenSecret().text)).toBe('401 UNAUTHENTICATED invalid');
    expect(server.statements).toHaveLength(1);
  });
});

describe('the secret', () => {
  test('is 256 random bits behind a prefix, and one wrong or exchanged digit is found', () => {
    const { text, prefix, hash } = newApiTokenSecret();
    expect(text).toMatch(/^gatehouse_[0-9A-Za-z]{49}$/);
    expect(text.startsWith(prefix)).toBe(true);
    expect(hashOfApiToken(text)).toBe(hash);
    expect(new Set(Array.from({ length: 200 }, () => newApiTokenSecret().text)).size).toBe(200);
    const digits = [...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'];
    fc.assert(
      fc.property(fc.integer({ min: 10, max: text.length - 1 }), fc.constantFrom(...digits), (position, digit) => {
        const typed = text.slice(0, position) + digit + text.slice(position + 1);
        expect(hashOfApiToken(typed)).toBe(typed === text ? hash : undefined);
      }),
    );
    for (let position = 10; position < text.length - 1; position++) {
      const [one = '', other = ''] = text.slice(position, position + 2);
      const exchanged = text.slice(0, position) + other + one + text.slice(position + 2);
      expect(hashOfApiToken(exchanged)).toBe(one === other ? hash : undefined);
    }
  });

  test('is shown once: the list has its beginning, the database its hash, and the log nothing of it', async () => {
    const { secret } = await make();
    expect(await outcomeOf(POSTS, secret)).toBe('answered');
    await server.gatehouse.idle();
    const { text } = await server.askAdmin(
      '{ apiTokens(pagination: { limit: 100 }) { name prefix } auditEntries(pagination: { limit: 100 }) { nodes { before after } } }',
      { token: admin },
    );
    const rows = JSON.stringify([
      await server.database.prisma.apiToken.findMany(),
      (await server.database.prisma.auditEntry.findMany()).map(({ before, after }) => [before, after]),
    ]);
    const random = secret.slice('gatehouse_'.length + 6);
    for (const place of [text, rows, server.log.join('\n')]) expect(place).not.toContain(random);
    expect(text).toContain(secret.slice(0, 16));
  });
});

test('its last use is kept, when and from where, without a write for each request', async () => {
  const { secret, documentId } = await make();
  const used = async () => {
    await server.gatehouse.idle();
    return server.database.prisma.apiToken.findUniqueOrThrow({ where: { documentId } });
  };
  const writes = () => server.statements.filter((sql) => sql.startsWith('UPDATE "api_tokens"')).length;
  expect((await used()).lastUsedAt).toBeNull();
  server.statements.length = 0;
  for (let time = 0; time < 10; time++) await server.ask(POSTS, { token: secret });
  const { lastUsedAt, lastUsedFrom, updatedAt } = await used();
  expect(lastUsedAt).not.toBeNull();
  expect(lastUsedFrom).toBe('127.0.0.1');
  const firstWrites = writes();
  expect(firstWrites).toBeLessThanOrEqual(2);
  server.advance(4 * 60_000);
  await server.ask(POSTS, { token: secret });
  expect((await used()).lastUsedAt).toEqual(lastUsedAt);
  expect(writes()).toBe(firstWrites);
  server.advance(2 * 60_000);
  await server.ask(POSTS, { token: secret });
  const later = await used();
  expect(later.lastUsedAt?.getTime()).toBeGreaterThan(lastUsedAt?.getTime() ?? 0);
  expect(later.updatedAt).toEqual(updatedAt);
});

test('who asks with a token is one statement, and none the next time', async () => {
  const { secret } = await make();
  await server.ask(POSTS, { token: secret });
  const { secret: another } = await make();
  await server.gatehouse.idle();
  for (const [token, count] of [
    [secret, 1],
    [another, 2],
    [secret, 1],
  ] as const) {
    server.statements.length = 0;
    expect(await outcomeOf(POSTS, token)).toBe('answered');
    expect(server.statements.filter((sql) => sql.startsWith('SELECT'))).toHaveLength(count);
    await server.gatehouse.idle();
  }
});

test('administrators see what each kind of token allows', async () => {
  const { actions, reading } = { actions: ['post.create', 'post.find'], reading: ['author.find', 'post.findOne'] };
  const allowed = async (data: Record<string, unknown>): Promise<string[]> => {
    const { documentId } = await make(data);
    const token = await change('query ($id: ID!) { apiToken(documentId: $id) { effectivePermissions } }', {
      id: documentId,
    });
    return token.apiToken.effectivePermissions;
  };
  expect(await allowed({ kind: 'CUSTOM', actions })).toEqual(actions);
  const all = await allowed({ kind: 'FULL_ACCESS' });
  expect(all).toEqual([...server.gatehouse.administration.tokenActions.all].sort());
  const reads = await allowed({ kind: 'READ_ONLY' });
  expect(reads).toEqual(expect.arrayContaining(reading));
  expect(reads.filter((action) => !/\.find(One)?$/.test(action) || action.startsWith('user.'))).toEqual([]);
});

test('what is no token is refused with every fault', async () => {
  const { errors } = await server.askAdmin(
    'mutation { createApiToken(data: { name: " ", kind: CUSTOM, actions: ["post.find", "post.fly"], lifespan: DAYS_90 }) { secret } }',
    { token: admin },
  );
  expect(errors?.[0]?.extensions.error.details.errors?.map(({ path, message }) => [path.join('.'), message])).toEqual([
    ['name', 'name is a required field'],
    ['actions.1', 'actions has a name that is no action'],
  ]);
  for (const [data, message] of [
    ['kind: CUSTOM', 'actions must be defined.'],
    ['kind: READ_ONLY, actions: ["post.find"]', 'actions are listed for tokens of the kind CUSTOM only'],
  ]) {
    const answer = await server.askAdmin(
      `mutation { createApiToken(data: { name: "no token", lifespan: DAYS_90, ${data} }) { secret } }`,
      { token: admin },
    );
    expect(answer.errors?.[0]?.message).toBe(message);
  }
  await make({ name: 'the only one' });
  await expect(make({ name: 'the only one' })).rejects.toThrow('This attribute must be unique');
});
