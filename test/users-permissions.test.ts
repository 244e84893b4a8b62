import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEMO_PASSWORD } from '../src/accounts/public-password.ts';
import { OWN_ACCOUNT } from '../src/authorization/new-roles.ts';
import { startServer, type TestServer } from './support/start.ts';

/** Users and roles on `/graphql`, under Strapi's names, for whoever was given them. */

const MANAGEMENT = ['user', 'role'].flatMap((type) =>
  ['find', 'findOne', 'create', 'update', 'delete'].map((verb) => `${type}.${verb}`),
);

let server: TestServer;
/** Of somebody who manages users and roles, and may read posts beside. */
let manager: string;
let managerRole: { documentId: string; id: string };
beforeAll(async () => {
  server = await startServer();
  await give('Manager', [...MANAGEMENT, 'post.find', 'tag.find']);
  managerRole = await roleOf('manager');
  manager = await memberOf('manager', 'the manager');
});
afterAll(() => server?.close());

async function admin(document: string, variables: Record<string, unknown>) {
  const { data, text } = await server.askAdmin(document, { token: await server.adminToken(), variables });
  if (!data) throw new Error(text);
  return data;
}

async function give(name: string, permissions: readonly string[]): Promise<void> {
  await admin('mutation ($data: CreateRoleInput!) { createRole(data: $data) { id } }', { data: { name, permissions } });
}

async function roleOf(type: string): Promise<{ documentId: string; id: string; permissions: string[] }> {
  const { roles } = await admin(
    'query ($t: String) { roles(filters: { type: { eq: $t } }) { id documentId permissions } }',
    { t: type },
  );
  return roles[0];
}

/** The token of a new user of this role. */
async function memberOf(type: string, username: string): Promise<string> {
  const { documentId } = await roleOf(type);
  const email = `${username.replaceAll(' ', '.')}@example.com`;
  const data = { username, email, password: DEMO_PASSWORD, role: documentId };
  await admin('mutation ($data: CreateUserInput!) { createUser(data: $data) { id } }', { data });
  return server.tokenOf(username);
}

function as(token: string | undefined, document: string, variables: Record<string, unknown> = {}) {
  return server.ask(document, { token, variables });
}

/** `FORBIDDEN user.update`, a message, or `done`. */
async function outcome(
  token: string | undefined,
  document: string,
  variables: Record<string, unknown> = {},
): Promise<string> {
  const { errors } = await as(token, document, variables);
  const [error] = errors ?? [];
  if (!error) return 'done';
  return error.extensions.code === 'FORBIDDEN'
    ? `FORBIDDEN ${error.extensions.error.details.action}`
    : (error.extensions.error.details.errors ?? [error]).map(({ message }) => message).join('; ');
}

const CREATE_USER =
  'mutation ($data: UsersPermissionsUserInput!) { createUsersPermissionsUser(data: $data) { data { id documentId username email confirmed blocked role { type } } } }';
const UPDATE_USER =
  'mutation ($id: ID!, $data: UsersPermissionsUserInput!) { updateUsersPermissionsUser(id: $id, data: $data) { data { username email blocked role { id documentId name } } } }';
const DELETE_USER =
  'mutation ($id: ID!) { deleteUsersPermissionsUser(id: $id) { data { documentId username email role { type } } } }';
const CREATE_ROLE = 'mutation ($data: UsersPermissionsRoleInput!) { createUsersPermissionsRole(data: $data) { ok } }';
const UPDATE_ROLE =
  'mutation ($id: ID!, $data: UsersPermissionsRoleInput!) { updateUsersPermissionsRole(id: $id, data: $data) { ok } }';
const DELETE_ROLE = 'mutation ($id: ID!, $to: ID) { deleteUsersPermissionsRole(id: $id, moveUsersTo: $to) { ok } }';

describe('who was given them', () => {
  test('reads users and roles with the arguments and types of Strapi', async () => {
    const { data, errors } = await as(
      manager,
      `query ($filters: UsersPermissionsUserFiltersInput, $sort: [String], $pagination: PaginationArg) {
        usersPermissionsUsers(filters: $filters, sort: $sort, pagination: $pagination) { id documentId username role { name type permissions { action } } }
        usersPermissionsUsers_connection(filters: $filters) { nodes { email } pageInfo { total } }
        usersPermissionsRoles(sort: "type") { type users_connection { pageInfo { total } } }
      }`,
      {
        filters: { role: { type: { in: ['editor', 'moderator'] } } },
        sort: ['username:desc'],
        pagination: { pageSize: 1 },
      },
    );
    expect(errors).toBeUndefined();
    expect(
      data.usersPermissionsUsers.map(({ username, role }: { username: string; role: { type: string } }) => [
        username,
        role.type,
      ]),
    ).toEqual([['moderator', 'moderator']]);
    expect(data.usersPermissionsUsers[0].role.permissions).toContainEqual({ action: 'post.update' });
    expect(data.usersPermissionsUsers_connection.pageInfo.total).toBe(2);
    expect(data.usersPermissionsRoles.map(({ type }: { type: string }) => type)).toEqual(
      [...data.usersPermissionsRoles].map(({ type }: { type: string }) => type).sort(),
    );
    const [{ id, documentId }] = data.usersPermissionsUsers;
    for (const arguments_ of [
      `documentId: "${documentId}"`,
      `id: ${id}`,
      `id: "${documentId}"`,
      `documentId: "${id}"`,
    ]) {
      const found = await as(manager, `{ usersPermissionsUser(${arguments_}) { id documentId username } }`);
      expect(found.data.usersPermissionsUser).toEqual({ id, documentId, username: 'moderator' });
    }
    expect(await outcome(manager, '{ usersPermissionsUser { id } }')).toContain('documentId or id');
    expect(
      (await as(manager, '{ usersPermissionsUser(id: 2147483648) { id } usersPermissionsRole(id: "no") { id } }')).data,
    ).toEqual({
      usersPermissionsUser: null,
      usersPermissionsRole: null,
    });
  });

  test('filters, sorts and pages what a role holds, and finds roles by it', async () => {
    const { data, errors } = await as(
      manager,
      `{ usersPermissionsRoles(filters: { type: { in: ["editor", "public"] } }, sort: "type") {
           permissions(filters: { action: { startsWith: "post." } }, sort: "action:desc", pagination: { limit: 2 }) { documentId action role { type } }
           permissions_connection(filters: { action: { startsWith: "post." } }) { nodes { action } pageInfo { total pageCount } }
         }
         holders: usersPermissionsRoles(filters: { permissions: { action: { eq: "post.delete" } } }, sort: "type") { type } }`,
    );
    expect(errors).toBeUndefined();
    expect(data.usersPermissionsRoles).toEqual([
      {
        permissions: ['post.update', 'post.findOne'].map((action) => ({
          documentId: expect.stringMatching(/^\w{20,}$/),
          action,
          role: { type: 'editor' },
        })),
        permissions_connection: {
          nodes: expect.arrayContaining([{ action: 'post.create' }]),
          pageInfo: { total: 5, pageCount: 1 },
        },
      },
      {
        permissions: [
          { documentId: expect.any(String), action: 'post.findOne', role: { type: 'public' } },
          { documentId: expect.any(String), action: 'post.find', role: { type: 'public' } },
        ],
        permissions_connection: {
          nodes: [{ action: 'post.find' }, { action: 'post.findOne' }],
          pageInfo: { total: 2, pageCount: 1 },
        },
      },
    ]);
    expect(data.holders.map(({ type }: { type: string }) => type)).toEqual(['author', 'editor', 'moderator']);
    // There is no way to them but through a role, and none for who may not look at roles.
    const fields = (await as(manager, '{ __schema { queryType { fields { name } } } }')).data.__schema.queryType.fields;
    expect(JSON.stringify(fields)).not.toMatch(/PermissionsPermission/);
  });

  test('are made in Strapi’s order, and users log in by the provider local', async () => {
    const { data } = await as(
      manager,
      `{ usersPermissionsUsers(filters: { provider: { eq: "local" }, username: { eq: "editor" } }) { username provider }
         none: usersPermissionsUsers(filters: { provider: { ne: "local" } }) { username } }`,
    );
    expect(data?.usersPermissionsUsers).toEqual([{ username: 'editor', provider: 'local' }]);
    expect(data?.none).toEqual([]);
    const roles = await server.database.prisma.role.findMany({ where: { id: { in: [1, 2] } }, orderBy: { id: 'asc' } });
    expect(roles.map(({ id, type }) => [id, type])).toEqual([
      [1, 'authenticated'],
      [2, 'public'],
    ]);
  });

  test('makes, changes and deletes users, by either id', async () => {
    const { data: created, errors } = await as(manager, CREATE_USER, {
      data: {
        username: 'made',
        email: 'Made@Example.com',
        password: DEMO_PASSWORD,
        provider: 'local',
        confirmed: true,
        role: managerRole.id,
      },
    });
    expect(errors).toBeUndefined();
    const { data: user } = created.createUsersPermissionsUser;
    expect(user).toMatchObject({
      username: 'made',
      email: 'made@example.com',
      confirmed: true,
      blocked: false,
      role: { type: 'manager' },
    });
    const jwt = await server.tokenOf('made');
    const { data: updated } = await as(manager, UPDATE_USER, { id: user.id, data: { username: 'made anew' } });
    expect(updated.updateUsersPermissionsUser.data).toMatchObject({
      username: 'made anew',
      email: 'made@example.com',
      role: managerRole && { documentId: managerRole.documentId },
    });
    await as(manager, UPDATE_USER, { id: user.documentId, data: { blocked: true } });
    expect((await as(jwt, '{ me { id } }')).errors?.[0]?.extensions.reason).toBe('blocked');
    const { data: deleted } = await as(manager, DELETE_USER, { id: user.documentId });
    expect(deleted.deleteUsersPermissionsUser.data).toEqual({
      documentId: user.documentId,
      username: 'made anew',
      email: 'made@example.com',
      role: { type: 'manager' },
    });
    expect(await outcome(manager, DELETE_USER, { id: user.id })).toBe('User not found');
  });

  test('is answered with every field of who was deleted', async () => {
    const fields =
      'id documentId username email provider confirmed blocked createdAt updatedAt role { name description type } roles { type }';
    const list = '{ __type(name: "UsersPermissionsUser") { fields { name } } }';
    const { data: schema } = await as(manager, list);
    for (const { name } of schema.__type.fields) {
      // A page of the rows that are there: there are none of who was deleted.
      if (name !== 'roles_connection') expect(fields.split(' '), name).toContain(name);
    }
    const role = managerRole.id;
    const data = { username: 'soon gone', email: 'soon.gone@example.com', password: DEMO_PASSWORD, role };
    const { data: made } = await as(manager, CREATE_USER, { data });
    const { id } = made.createUsersPermissionsUser.data;
    const read = await as(manager, `query ($id: ID!) { usersPermissionsUser(documentId: $id) { ${fields} } }`, {
      id: made.createUsersPermissionsUser.data.documentId,
    });
    const document = `mutation ($id: ID!) { deleteUsersPermissionsUser(id: $id) { data { ${fields} } } }`;
    const deleted = await as(manager, document, { id });
    expect(deleted.errors).toBeUndefined();
    expect(deleted.data.deleteUsersPermissionsUser.data).toEqual(read.data.usersPermissionsUser);
  });

  test('is told every fault of an input, and nothing is made', async () => {
    expect(await outcome(manager, CREATE_USER, { data: {} })).toBe(
      'username is a required field; email is a required field; password is a required field',
    );
    expect(
      await outcome(manager, CREATE_USER, {
        data: { username: 'ab', email: 'x', password: 'y', role: managerRole.id },
      }),
    ).toBe(
      'username must be at least 3 characters; email must be a valid email; password must be at least 8 characters',
    );
    expect(
      await outcome(manager, CREATE_USER, {
        data: { username: 'somebody', email: 's@example.com', password: DEMO_PASSWORD, provider: 'github' },
      }),
    ).toBe('This provider is disabled');
    expect(await outcome(manager, CREATE_ROLE, { data: {} })).toBe('name is a required field');
    expect(
      await outcome(manager, UPDATE_ROLE, { id: managerRole.id, data: { permissions: ['post.find', 'post.fly'] } }),
    ).toContain('is no action');
  });

  test('makes roles, describes them without losing their permissions, and deletes them', async () => {
    expect(await outcome(manager, CREATE_ROLE, { data: { name: 'Reader of posts', permissions: ['post.find'] } })).toBe(
      'done',
    );
    const made = await roleOf('reader_of_posts');
    expect(made.permissions).toEqual([...OWN_ACCOUNT, 'post.find'].sort());
    expect(await outcome(manager, UPDATE_ROLE, { id: made.documentId, data: { description: 'Reads.' } })).toBe('done');
    expect((await roleOf('reader_of_posts')).permissions).toEqual(made.permissions);
    expect(await outcome(manager, UPDATE_ROLE, { id: made.id, data: { permissions: ['tag.find'] } })).toBe('done');
    expect((await roleOf('reader_of_posts')).permissions).toEqual(['tag.find']);
    expect(await outcome(manager, UPDATE_ROLE, { id: made.id, data: { type: 'public' } })).toBe(
      'The type of a role does not change',
    );
    await memberOf('reader_of_posts', 'a reader of posts');
    expect(await outcome(manager, DELETE_ROLE, { id: made.id, to: managerRole.id })).toBe('done');
    expect(
      (
        await as(
          manager,
          '{ usersPermissionsUsers(filters: { username: { eq: "a reader of posts" } }) { role { type } } }',
        )
      ).data.usersPermissionsUsers,
    ).toEqual([{ role: { type: 'manager' } }]);
  });
});

describe('nobody gives, takes or becomes more than they have:', () => {
  test('no role with more, to nobody, in no way', async () => {
    const editor = await roleOf('editor');
    const self = (await as(manager, '{ me { documentId id } }')).data.me;
    const newUser = { username: 'an editor', email: 'an.editor@example.com', password: DEMO_PASSWORD };
    const before = await server.database.prisma.role.findMany({
      include: { permissions: true },
      orderBy: { id: 'asc' },
    });
    const attempts: [string, string, Record<string, unknown>][] = [
      ['a user of a role with more', CREATE_USER, { data: { ...newUser, role: editor.documentId } }],
      ['oneself a role with more', UPDATE_USER, { id: self.id, data: { role: editor.id } }],
      ['a role more', UPDATE_ROLE, { id: managerRole.id, data: { permissions: [...MANAGEMENT, 'post.delete'] } }],
      ['a new role more', CREATE_ROLE, { data: { name: 'More', permissions: ['post.delete'] } }],
      ['a role with more its last right', UPDATE_ROLE, { id: editor.id, data: { permissions: [] } }],
      ['a role with more another name', UPDATE_ROLE, { id: editor.id, data: { name: 'Mine' } }],
      ['a role with more an end', DELETE_ROLE, { id: editor.id, to: managerRole.id }],
    ];
    for (const [what, document, variables] of attempts) {
      expect(await outcome(manager, document, variables), what).toMatch(/^FORBIDDEN (user|role)\./);
    }
    expect(
      await server.database.prisma.role.findMany({ include: { permissions: true }, orderBy: { id: 'asc' } }),
    ).toEqual(before);
    expect((await as(manager, '{ me { role { type } } }')).data.me.role.type).toBe('manager');
  });

  test('no hand on somebody who has more: not their password, e-mail, name, block or life', async () => {
    const { id } = (await as(await server.tokenOf('editor'), '{ me { id } }')).data.me;
    for (const data of [
      { password: 'known to the manager' },
      { email: 'manager.too@example.com' },
      { username: 'not an editor' },
      { blocked: true },
      { role: managerRole.id },
      {},
    ]) {
      expect(await outcome(manager, UPDATE_USER, { id, data })).toBe('FORBIDDEN user.update');
    }
    expect(await outcome(manager, DELETE_USER, { id })).toBe('FORBIDDEN user.delete');
    expect(await server.tokenOf('editor')).toBeTypeOf('string');
  });

  test('a role’s users go to no role with more', async () => {
    await as(manager, CREATE_ROLE, { data: { name: 'Passing', permissions: ['post.find'] } });
    const passing = await roleOf('passing');
    await memberOf('passing', 'passing through');
    const editor = await roleOf('editor');
    expect(await outcome(manager, DELETE_ROLE, { id: passing.id, to: editor.id })).toBe('FORBIDDEN role.delete');
    // Without a target they go to who registers, who has more than the manager, too.
    expect(await outcome(manager, DELETE_ROLE, { id: passing.id })).toBe('FORBIDDEN role.delete');
    expect(await outcome(manager, DELETE_ROLE, { id: passing.id, to: managerRole.id })).toBe('done');
  });

  test('an API token has its own as the bound, and Public what it was given', async () => {
    const { createApiToken } = await admin(
      'mutation ($a: [String!]) { createApiToken(data: { name: "roles", kind: CUSTOM, actions: $a, lifespan: UNLIMITED }) { secret } }',
      {
        a: ['role.create', 'role.update', 'post.find', 'user.update'],
      },
    );
    const { secret } = createApiToken;
    expect(await outcome(secret, CREATE_ROLE, { data: { name: 'By a token', permissions: ['post.find'] } })).toBe(
      'done',
    );
    // What people need for their own account is given as far as the token has it: not at all.
    expect((await roleOf('by_a_token')).permissions).toEqual(['post.find']);
    expect(await outcome(secret, CREATE_ROLE, { data: { name: 'By a token too', permissions: ['post.create'] } })).toBe(
      'FORBIDDEN role.create',
    );
    expect(await outcome(secret, UPDATE_USER, { id: (await roleOf('manager')).id, data: { blocked: true } })).toMatch(
      /^(FORBIDDEN|User not found)/,
    );

    const { createApiToken: full } = await admin(
      'mutation { createApiToken(data: { name: "everything", kind: FULL_ACCESS, lifespan: UNLIMITED }) { secret } }',
      {},
    );
    expect(
      await outcome(full.secret, CREATE_ROLE, { data: { name: 'By everything', permissions: ['post.delete'] } }),
    ).toBe('done');

    expect(await outcome(undefined, CREATE_ROLE, { data: { name: 'By nobody' } })).toBe('FORBIDDEN role.create');
    await server.database.prisma.permission.create({
      data: { role: { connect: { type: 'public' } }, action: 'role.create' },
    });
    expect(await outcome(undefined, CREATE_ROLE, { data: { name: 'By nobody', permissions: ['post.create'] } })).toBe(
      'FORBIDDEN role.create',
    );
    expect(await outcome(undefined, CREATE_ROLE, { data: { name: 'By nobody', permissions: ['tag.find'] } })).toBe(
      'done',
    );
    await server.database.prisma.permission.deleteMany({ where: { role: { type: 'public' }, action: 'role.create' } });
  });

  test('whoever loses a right in the same moment does not give it', async () => {
    await give('Fading', ['role.create', 'tag.delete']);
    const fading = await roleOf('fading');
    const token = await memberOf('fading', 'somebody fading');
    const take =
      'mutation ($role: ID!, $version: Int!) { setPermissions(role: $role, version: $version, remove: ["tag.delete"]) { version } }';
    const { roles } = await admin('{ roles(filters: { type: { eq: "fading" } }) { version } }', {});
    const administrator = await server.adminToken();
    const [, ...given] = await Promise.all([
      server.askAdmin(take, {
        token: administrator,
        variables: { role: fading.documentId, version: roles[0].version },
      }),
      ...Array.from({ length: 8 }, (_, number) =>
        outcome(token, CREATE_ROLE, { data: { name: `Given ${number}`, permissions: ['tag.delete'] } }),
      ),
    ]);
    const entries = await server.database.prisma.auditEntry.findMany({
      where: {
        OR: [
          { event: 'role.setPermissions', targetName: 'fading' },
          { event: 'role.create', targetName: { startsWith: 'given_' } },
        ],
      },
      orderBy: { id: 'asc' },
    });
    // After it was taken, nobody got it any more.
    expect(entries.at(-1)?.event).toBe('role.setPermissions');
    expect(entries).toHaveLength(1 + given.filter((one) => one === 'done').length);
  });
});

test('who was not given them is refused, and names of others are not told', async () => {
  for (const who of ['reader', 'editor']) {
    const token = await server.tokenOf(who);
    // Users find themselves, by name.
    expect((await as(token, '{ usersPermissionsUsers { username } }')).data.usersPermissionsUsers).toEqual([
      { username: who },
    ]);
    for (const document of [
      '{ usersPermissionsUsers { email } }',
      '{ usersPermissionsUsers { role { name } } }',
      '{ usersPermissionsRoles { name } }',
      '{ usersPermissionsUser(id: 1) { email } }',
    ]) {
      expect(await outcome(token, document)).toMatch(/^FORBIDDEN (user|role)\.find/);
    }
  }
});

test('a role of its own is refused to who may see users and not roles', async () => {
  await give('Clerk', ['user.find']);
  const clerk = await memberOf('clerk', 'the clerk');
  const { data, errors } = await as(clerk, '{ usersPermissionsUsers { username role { name } } }');
  expect(errors?.map(({ path }) => path?.slice(-1))).toEqual([['role']]);
  expect(data.usersPermissionsUsers.every(({ role }: { role: unknown }) => role === null)).toBe(true);
  expect(
    await outcome(clerk, '{ usersPermissionsUsers(filters: { role: { type: { eq: "editor" } } }) { username } }'),
  ).toBe('Invalid key role');
});
