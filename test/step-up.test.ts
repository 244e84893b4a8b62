import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createAdmin } from '../src/administration/admins.ts';
import { NO_CEILING } from '../src/administration/permission-ceiling.ts';
import { SERVER } from '../src/audit/actor.ts';
import type { AdminRole } from '../src/generated/prisma/client.ts';
import { logInWithCookie } from './support/admin-cookie.ts';
import { rootFieldsOf } from './support/root-fields.ts';
import { type Answer, send, startBeside, startServer, type TestServer } from './support/start.ts';

/** Sensitive acts need a proof of who the administrator is that is ten minutes old at most. */

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.close());

const MINUTE = 60_000;
const PASSWORD = 'a good password';

let token: string;
let email: string;
let people = 0;
beforeEach(async () => {
  ({ token, email } = await newLogin());
});

async function newLogin(role: AdminRole = 'ADMINISTRATOR'): Promise<{ token: string; email: string }> {
  const email = `prover${++people}@example.com`;
  const by = { actor: SERVER, ceiling: NO_CEILING };
  await createAdmin(server.gatehouse.administration, by, { email, name: undefined, role, password: PASSWORD });
  const { data } = await server.askAdmin(`mutation { login(email: "${email}", password: "${PASSWORD}") { jwt } }`);
  return { token: data.login.jwt, email };
}

const STEP_UP = 'mutation ($password: String!) { stepUp(input: { password: $password }) { until } }';
const stepUp = (password = PASSWORD, jwt = token) => server.askAdmin(STEP_UP, { token: jwt, variables: { password } });
const ask = (document: string, variables: Record<string, unknown> = {}) =>
  server.askAdmin(document, { token, variables });
const codesOf = ({ errors }: Answer) => (errors ?? []).map(({ extensions }) => extensions.code);

/** Runs it when no login counts as a proof any more. */
async function later<T>(work: () => Promise<T>): Promise<T> {
  server.advance(10 * MINUTE);
  try {
    return await work();
  } finally {
    server.advance(-10 * MINUTE);
  }
}

const role = (type: string) => server.database.prisma.role.findUniqueOrThrow({ where: { type } });

describe('every field of the schema', () => {
  /** Those that are sensitive whatever is sent. */
  const SENSITIVE = [
    'addPasskey',
    'confirmTotp',
    'createAdmin',
    'deleteAdmin',
    'deleteLoginProvider',
    'endAdminSessions',
    'impersonateUser',
    'newBackupCodes',
    'removePasskey',
    'removeTotp',
    'renamePasskey',
    'resetAdminSecondFactor',
    'resetUserSecondFactor',
    'sendAdminPasswordMail',
    'setLoginProvider',
    'startTotp',
    'updateAdmin',
  ];

  test('is refused without a proof if it is sensitive, and only then, and nothing is written', async () => {
    const fields = rootFieldsOf(server.gatehouse.adminSchema);
    const refused: string[] = [];
    for (const { name, document } of fields) {
      const { token: jwt } = await newLogin(); // some of them end it
      await later(async () => {
        await server.gatehouse.idle();
        server.statements.length = 0;
        const answer = await server.askAdmin(document, {
          token: jwt,
          headers: { accept: 'application/graphql-response+json' },
        });
        if (!codesOf(answer).includes('STEP_UP_REQUIRED')) return;
        refused.push(name);
        expect([answer.status, answer.data]).toEqual([403, { [name]: null }]);
        expect(answer.errors).toMatchObject([{ path: [name], extensions: { methods: ['password'] } }]);
        await server.gatehouse.idle();
        const writes = server.statements.filter((sql) => /^\s*(insert|update|delete)/i.test(sql));
        expect(writes.filter((sql) => !sql.includes('"lastUsedAt"'))).toEqual([]);
      });
    }
    expect(refused.sort()).toEqual(SENSITIVE);
  });

  test('is refused as not allowed to who only reads, with a proof or without', async () => {
    ({ token } = await newLogin('READ_ONLY'));
    await later(async () => {
      const answer = await ask('mutation { deleteAdmin(documentId: "x") { documentId } }');
      expect(codesOf(answer)).toEqual(['FORBIDDEN']);
      expect((await stepUp()).data.stepUp.until).toBeTypeOf('string');
    });
  });
});

describe('a proof', () => {
  const create = () =>
    ask(
      `mutation { createAdmin(data: { email: "new${++people}@example.com", role: READ_ONLY, password: "${PASSWORD}" }) { email } }`,
    );

  test('is a login, for ten minutes', async () => {
    server.advance(10 * MINUTE - 1_000);
    expect(codesOf(await create())).toEqual([]);
    server.advance(1_000);
    expect(codesOf(await create())).toEqual(['STEP_UP_REQUIRED']);
    server.advance(-10 * MINUTE);
  });

  test('is the password given again, for ten minutes and for this session only', async () => {
    const elsewhere = await server.askAdmin(`mutation { login(email: "${email}", password: "${PASSWORD}") { jwt } }`);
    await later(async () => {
      const { data } = await stepUp();
      const left = Date.parse(data.stepUp.until) - Date.now();
      expect(left).toBeGreaterThan(19 * MINUTE);
      expect(left).toBeLessThanOrEqual(20 * MINUTE);
      expect(codesOf(await create())).toEqual([]);
      const here = token;
      token = elsewhere.data.login.jwt;
      expect(codesOf(await create())).toEqual(['STEP_UP_REQUIRED']);
      token = here;
      await later(async () => expect(codesOf(await create())).toEqual(['STEP_UP_REQUIRED']));
    });
  });

  test('is not renewed by a refresh', async () => {
    const { cookie } = await logInWithCookie(server, { email, password: PASSWORD });
    await later(async () => {
      const { data } = await server.askAdmin('mutation { refresh { jwt } }', { headers: { cookie } });
      token = data.refresh.jwt;
      expect(codesOf(await create())).toEqual(['STEP_UP_REQUIRED']);
      await stepUp();
      expect(codesOf(await create())).toEqual([]);
    });
  });

  test('comes with a new password, whose session is a new one', async () => {
    await later(async () => {
      const change =
        'mutation ($old: String!, $p: String!) { changePassword(currentPassword: $old, password: $p, passwordConfirmation: $p) { jwt } }';
      const { data } = await ask(change, { old: PASSWORD, p: 'another good password' });
      expect((await stepUp()).errors?.[0]?.extensions.reason).toBe('revoked');
      token = data.changePassword.jwt;
      expect(codesOf(await create())).toEqual([]);
    });
  });

  test('does not come from another administrator’s password', async () => {
    const other = await newLogin();
    await server.database.prisma.admin.update({
      where: { email: other.email },
      data: { passwordHash: 'none' },
    });
    await later(async () => {
      expect(codesOf(await stepUp(PASSWORD, other.token))).toEqual(['BAD_USER_INPUT']);
      expect(codesOf(await stepUp())).toEqual([]);
    });
  });
});

describe('a wrong password', () => {
  test('proves nothing, is named at its field, and is audited without what was sent', async () => {
    await later(async () => {
      const answer = await stepUp('a wrong password');
      expect(answer.errors?.[0]).toMatchObject({
        message: 'The password is not correct',
        extensions: { code: 'BAD_USER_INPUT', error: { details: { errors: [{ path: ['password'] }] } } },
      });
      const created = await ask('mutation { deleteAdmin(documentId: "x") { documentId } }');
      expect(codesOf(created)).toEqual(['STEP_UP_REQUIRED']);
    });
    const entries = await server.database.prisma.auditEntry.findMany({
      where: { event: 'admin.stepUp', actorName: email },
    });
    expect(entries).toMatchObject([{ outcome: 'refused', actorName: email, targetName: email, after: null }]);
    expect(JSON.stringify([entries.map(({ id: _id, ...entry }) => entry), server.log])).not.toContain('wrong password');
  });

  test.each([
    ['', 'password is a required field'],
    ['x'.repeat(4_000), 'Password must be less than 73 bytes'],
  ])('that is none is refused without a comparison', async (password, message) => {
    expect((await stepUp(password)).errors?.[0]?.message).toContain(message);
  });

  test('is counted, and so is a right one', async () => {
    await using careful = await startBeside(server, { authRateLimit: 3 });
    const url = careful.url.replace('/graphql', '/admin/graphql');
    const answers: Answer[] = [];
    for (const password of ['wrong', 'wrong', PASSWORD, PASSWORD]) {
      answers.push(await send(url, STEP_UP, { token, variables: { password } }));
    }
    expect(answers.map(codesOf)).toEqual([['BAD_USER_INPUT'], ['BAD_USER_INPUT'], [], ['RATE_LIMITED']]);
  });
});

describe('a mutation', () => {
  test('with a sensitive act is refused as a whole, however the act is written', async () => {
    const { prisma } = server.database;
    const before = [await prisma.tag.count(), await prisma.admin.count()];
    await later(async () => {
      const answer = await ask(
        `mutation ($id: ID!, $not: Boolean!) {
          createTag(data: { name: "unwritten" }) { name }
          ...Acts
          left: deleteAdmin(documentId: $id) @include(if: $not) { documentId }
        }
        fragment Acts on Mutation {
          one: endAdminSessions(documentId: $id) { email }
          ... on Mutation { other: updateAdmin(documentId: $id, data: { name: "x" }) { email } }
        }`,
        { id: 'nobody', not: false },
      );
      expect(answer.data).toEqual({ createTag: null, one: null, other: null });
      expect(answer.errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([
        [['one'], 'STEP_UP_REQUIRED'],
        [['other'], 'STEP_UP_REQUIRED'],
      ]);
    });
    expect([await prisma.tag.count(), await prisma.admin.count()]).toEqual(before);
  });

  test('that proves and acts at once is refused: the proof comes first', async () => {
    await later(async () => {
      const answer = await ask(
        `mutation { stepUp(input: { password: "${PASSWORD}" }) { until } deleteAdmin(documentId: "x") { documentId } }`,
      );
      expect(answer.errors?.map(({ path }) => path)).toEqual([['deleteAdmin']]);
      expect(answer.data).toEqual({ stepUp: null, deleteAdmin: null });
    });
  });
});

describe('API tokens', () => {
  const created = async (kind: string) => {
    const name = `token ${++people}`;
    const { data } = await ask(
      `mutation ($name: String!) { createApiToken(data: { name: $name, kind: ${kind}, lifespan: UNLIMITED${kind === 'CUSTOM' ? ', actions: ["tag.find"]' : ''} }) { token { documentId } } }`,
      { name },
    );
    return data.createApiToken.token.documentId as string;
  };
  const needsProof = async (document: string, variables: Record<string, unknown>) =>
    codesOf(await later(() => ask(document, variables))).includes('STEP_UP_REQUIRED');
  const CREATE =
    'mutation ($name: String!, $kind: ApiTokenKind!, $actions: [String!]) { createApiToken(data: { name: $name, kind: $kind, lifespan: UNLIMITED, actions: $actions }) { secret } }';
  const REGENERATE = 'mutation ($id: ID!) { regenerateApiToken(documentId: $id) { secret } }';
  const UPDATE =
    'mutation ($id: ID!, $data: UpdateApiTokenInput!) { updateApiToken(documentId: $id, data: $data) { kind } }';

  test('with full access are sensitive to create, to regenerate and to become, and others are not', async () => {
    const [full, custom] = [await created('FULL_ACCESS'), await created('CUSTOM')];
    expect({
      'create FULL_ACCESS': await needsProof(CREATE, { name: `n${++people}`, kind: 'FULL_ACCESS' }),
      'create READ_ONLY': await needsProof(CREATE, { name: `n${++people}`, kind: 'READ_ONLY' }),
      'create CUSTOM': await needsProof(CREATE, { name: `n${++people}`, kind: 'CUSTOM', actions: ['tag.find'] }),
      'regenerate FULL_ACCESS': await needsProof(REGENERATE, { id: full }),
      'regenerate CUSTOM': await needsProof(REGENERATE, { id: custom }),
      'regenerate nothing': await needsProof(REGENERATE, { id: 'nothing' }),
      'become FULL_ACCESS': await needsProof(UPDATE, { id: custom, data: { kind: 'FULL_ACCESS' } }),
      'become READ_ONLY': await needsProof(UPDATE, { id: full, data: { kind: 'READ_ONLY' } }),
      rename: await needsProof(UPDATE, { id: custom, data: { name: `n${++people}` } }),
      revoke: await needsProof('mutation ($id: ID!) { revokeApiToken(documentId: $id) { name } }', { id: full }),
    }).toEqual({
      'create FULL_ACCESS': true,
      'create READ_ONLY': false,
      'create CUSTOM': false,
      'regenerate FULL_ACCESS': true,
      'regenerate CUSTOM': false,
      'regenerate nothing': false,
      'become FULL_ACCESS': true,
      'become READ_ONLY': false,
      rename: false,
      revoke: false,
    });
  });
});

describe('what Public is given', () => {
  const SET =
    'mutation ($role: ID!, $version: Int!, $add: [String!], $remove: [String!]) { setPermissions(role: $role, version: $version, add: $add, remove: $remove) { version } }';
  const SET_GRANTS =
    'mutation ($role: ID!, $version: Int!, $grants: [ActionGrantsInput!]) { setPermissions(role: $role, version: $version, grants: $grants) { version } }';
  const GRANTS =
    'mutation ($role: ID!, $version: Int!, $action: String!, $grants: [GrantInput!]) { setGrants(role: $role, version: $version, action: $action, grants: $grants) { version } }';
  const INCLUDE =
    'mutation ($role: ID!, $includes: [ID!]!) { updateRole(documentId: $role, data: { includes: $includes }) { version } }';

  /** Whether it needs a proof. Without one nothing is changed; with none needed it is carried out. */
  async function needsProof(document: string, type: string, variables: Record<string, unknown>): Promise<boolean> {
    const { documentId, version } = await role(type);
    const answer = await later(() => ask(document, { role: documentId, version, ...variables }));
    if (codesOf(answer).length === 0) return false;
    expect(codesOf(answer)).toEqual(['STEP_UP_REQUIRED']);
    expect((await role(type)).version).toBe(version);
    return true;
  }

  test('is sensitive: actions, wider grants, includes; by itself, or by a role that it includes', async () => {
    const { prisma } = server.database;
    const inner = await ask(
      'mutation { createRole(data: { name: "Inner", permissions: ["tag.find"] }) { documentId type } }',
    );
    const { documentId: innerId, type: innerType } = inner.data.createRole;
    const own = [{ where: { title: { eq: 'x' } } }];
    const narrower = [{ where: { and: [{ title: { eq: 'x' } }, { slug: { eq: 'y' } }] } }];
    await prisma.permission.deleteMany({
      where: { role: { type: 'public' }, action: { in: ['tag.create', 'post.delete'] } },
    });

    expect(await needsProof(SET, 'public', { add: ['tag.create'] })).toBe(true);
    expect(await needsProof(SET, 'public', { remove: ['post.find'] })).toBe(false);
    expect(await needsProof(SET, 'public', { add: ['post.find'] })).toBe(true);
    expect(await needsProof(SET, 'public', { add: ['tag.find'] })).toBe(false); // it has that
    expect(await needsProof(SET, 'authenticated', { add: ['tag.create'] })).toBe(false);

    expect(await needsProof(GRANTS, 'public', { action: 'post.find', grants: own })).toBe(true);
    expect(await needsProof(GRANTS, 'public', { action: 'post.find', grants: null })).toBe(true);
    await prisma.permission.create({
      data: { role: { connect: { type: 'public' } }, action: 'post.find', grants: own },
    });
    expect(await needsProof(GRANTS, 'public', { action: 'post.find', grants: null })).toBe(true);
    expect(
      await needsProof(GRANTS, 'public', { action: 'post.find', grants: [...own, { where: { slug: { eq: 'y' } } }] }),
    ).toBe(true);
    expect(await needsProof(GRANTS, 'public', { action: 'post.find', grants: narrower })).toBe(false);
    expect(await needsProof(GRANTS, 'authenticated', { action: 'post.find', grants: null })).toBe(false);
    const asGrants = (grants: unknown) => ({ grants: [{ action: 'post.find', grants }] });
    expect(await needsProof(SET_GRANTS, 'public', asGrants(null))).toBe(true);
    expect(await needsProof(SET_GRANTS, 'public', asGrants(own))).toBe(true);
    expect(await needsProof(SET_GRANTS, 'public', asGrants(narrower))).toBe(false);
    expect(await needsProof(SET_GRANTS, 'authenticated', asGrants(own))).toBe(false);

    expect(await needsProof(INCLUDE, 'authenticated', { includes: [innerId] })).toBe(false);
    expect(await needsProof(SET, innerType, { add: ['tag.delete'] })).toBe(false);
    expect(await needsProof(INCLUDE, 'public', { includes: [innerId] })).toBe(true);
    const answer = await ask(INCLUDE, { role: (await role('public')).documentId, includes: [innerId] });
    expect(answer.errors).toBeUndefined();
    expect(await needsProof(INCLUDE, 'public', { includes: [innerId] })).toBe(false); // as it is
    expect(await needsProof(SET, innerType, { add: ['tag.create'] })).toBe(true);
    expect(await needsProof(GRANTS, innerType, { action: 'post.find', grants: null })).toBe(true);
    expect(await needsProof(SET, innerType, { remove: ['tag.delete'] })).toBe(false);
    expect(await needsProof(INCLUDE, 'public', { includes: [] })).toBe(false);
    expect(await needsProof(SET, innerType, { add: ['tag.create'] })).toBe(false);
  });
});
