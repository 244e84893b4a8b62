import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommandOn } from './support/command.ts';
import { startServer, type TestServer } from './support/start.ts';

/** How administrators restrict actions to rows and fields, and what becomes of it with the very next request. */

let server: TestServer;
let token: string;
beforeAll(async () => {
  server = await startServer();
  token = await server.adminToken();
});
afterAll(() => server?.close());

type Grants = readonly Record<string, unknown>[] | null;

async function done(document: string, variables: Record<string, unknown> = {}) {
  const { data, errors, text } = await server.askAdmin(document, { token, variables });
  expect(errors, text).toBeUndefined();
  return data;
}

/** The validation errors of a refusal, each with its path, or its message. */
async function refused(document: string, variables: Record<string, unknown> = {}): Promise<string[]> {
  const { errors, text } = await server.askAdmin(document, { token, variables });
  expect(errors, text).toHaveLength(1);
  const { message, details } = errors?.[0]?.extensions.error ?? { message: '', details: {} };
  return details.errors?.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [message];
}

const SET =
  'mutation ($role: ID!, $action: String!, $grants: [GrantInput!], $version: Int!) { setGrants(role: $role, action: $action, grants: $grants, version: $version) { version permissions grants { action inWords grants { where fields check set } } problems } }';

let roles = 0;

/** A new role with these actions, and what it needs to be changed. */
async function newRole(...permissions: string[]) {
  const name = `Role ${++roles}`;
  const { createRole } = await done(
    'mutation ($data: CreateRoleInput!) { createRole(data: $data) { documentId type } }',
    { data: { name, permissions } },
  );
  return { name, ...(createRole as { documentId: string; type: string }) };
}

async function roleOf(documentId: string) {
  const { role } = await done(
    'query ($id: ID!) { role(documentId: $id) { version permissions problems grants { action inWords grants { where fields check set } } } }',
    { id: documentId },
  );
  return role;
}

async function setGrants(role: { documentId: string }, action: string, grants: Grants) {
  const { version } = await roleOf(role.documentId);
  return (await done(SET, { role: role.documentId, action, grants, version })).setGrants;
}

async function faultsOf(role: { documentId: string }, action: string, grants: unknown): Promise<string[]> {
  const { version } = await roleOf(role.documentId);
  return refused(SET, { role: role.documentId, action, grants, version });
}

/** The token of a new user with this role. */
async function userWith(role: { documentId: string; type: string }): Promise<string> {
  const username = `user of ${role.type}`;
  const data = { username, email: `${role.type}@example.com`, password: 'gatehouse-demo', role: role.documentId };
  await done('mutation ($data: CreateUserInput!) { createUser(data: $data) { id } }', { data });
  return server.tokenOf(username);
}

const FEATURED = { featured: { eq: true } };
const shown = { where: null, fields: null, check: null, set: null };

describe('grants', () => {
  test('restrict an action with the next request, and null lifts the restriction', async () => {
    const role = await newRole('post.find');
    const jwt = await userWith(role);
    const featured = async () =>
      (await server.ask('{ posts(pagination: { limit: 100 }) { featured } }', { token: jwt })).data.posts.map(
        (post: { featured: boolean }) => post.featured,
      );
    const all: boolean[] = await featured();
    expect(new Set(all)).toEqual(new Set([true, false]));
    const set = await setGrants(role, 'post.find', [{ where: FEATURED }]);
    expect(set.grants).toEqual([
      { action: 'post.find', inWords: 'where featured is true', grants: [{ ...shown, where: FEATURED }] },
    ]);
    expect(set.permissions).toContain('post.find');
    expect(await featured()).toEqual(all.filter((is) => is));
    expect((await setGrants(role, 'post.find', null)).grants).toEqual([]);
    expect(await featured()).toEqual(all);
  });

  test('give the action to a role that lacks it, and to no other', async () => {
    const [role, other] = [await newRole(), await newRole()];
    const jwt = await userWith(role);
    const read = async () => (await server.ask('{ posts { title } }', { token: jwt })).errors?.[0]?.extensions.code;
    expect(await read()).toBe('FORBIDDEN');
    await setGrants(role, 'post.find', [{ fields: ['title'] }]);
    expect(await read()).toBeUndefined();
    const content = await server.ask('{ posts { content } }', { token: jwt });
    expect(content.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    expect((await roleOf(other.documentId)).permissions).not.toContain('post.find');
    // Without restriction, too.
    expect((await setGrants(other, 'tag.find', null)).permissions).toContain('tag.find');
  });

  test('are kept in their order, in the form in which they were sent', async () => {
    const role = await newRole();
    const grants = [
      { where: { owner: '$user' }, fields: ['title', 'content'], check: { title: { ne: '$$5' } }, set: { views: 0 } },
      { where: { or: [{ publishedAt: { lt: '$now-7d' } }, { tags: { name: { eq: 'news' } } }] } },
    ];
    const set = await setGrants(role, 'post.update', grants);
    expect(set.grants[0].grants).toEqual([
      { ...shown, ...grants[0] },
      { ...shown, ...grants[1] },
    ]);
    expect(set.grants[0].inWords).toBe(
      'where owner is the user, fields content, title, set views to 0, and afterwards title is not "$5"; or ' +
        'where publishedAt is before 7 days ago or tags include one where name is "news"',
    );
    expect((await roleOf(role.documentId)).grants).toEqual(set.grants);
  });

  test('that are the same change nothing and are no event', async () => {
    const role = await newRole();
    const grants = [{ where: { featured: { eq: true }, title: { ne: 'a' } }, fields: ['title', 'slug'] }];
    const { version } = await setGrants(role, 'post.find', grants);
    const [{ count }] = (await server.database.query('SELECT count(*)::int AS count FROM "audit_entries"', [])) as [
      { count: number },
    ];
    const again = [{ fields: ['slug', 'title'], where: { title: { ne: 'a' }, featured: { eq: true } } }];
    expect((await setGrants(role, 'post.find', again)).version).toBe(version);
    expect(await server.database.query('SELECT count(*)::int AS count FROM "audit_entries"', [])).toEqual([{ count }]);
  });

  test.each<[what: string, action: string, grants: unknown, faults: (string | RegExp)[]]>([
    ['an empty list', 'post.find', [], [/^grants: .*take the action away/]],
    ['eleven', 'post.find', Array.from({ length: 11 }, () => ({ fields: ['title'] })), [/^grants: .*at most 10/]],
    ['an action of accounts', 'auth.login', [{ fields: ['title'] }], [/^grants: auth\.login takes no grants/]],
    ['an unknown action', 'post.fly', [{}], ['action: action has a name that is no action']],
    ['an unknown action without grants', 'post.fly', null, ['action: action has a name that is no action']],
    ['an unknown column', 'post.find', [{ where: { colour: { eq: 'red' } } }], [/^grants\.0\.where\.colour: /]],
    ['an unknown field', 'post.find', [{ fields: ['title', 'colour'] }], [/^grants\.0\.fields\.1: colour /]],
    [
      'an unknown variable',
      'post.find',
      [{ where: { title: { eq: '$me' } } }],
      [/^grants\.0\.where\.title\.eq: \$me /],
    ],
    [
      'a variable of another type',
      'post.find',
      [{ where: { views: { eq: '$now' } } }],
      [/^grants\.0\.where\.views\.eq: /],
    ],
    ['a hash', 'user.find', [{ where: { passwordHash: { startsWith: 'a' } } }], [/^grants\.0\.where\.passwordHash: /]],
    ['a grant that is empty', 'post.find', [{ fields: ['title'] }, {}], [/^grants\.1: .*everything/]],
    [
      'a condition that is null, as a variable that somebody forgot',
      'post.find',
      [{ where: null, fields: ['title'] }],
      [/^grants\.0\.where: .*null/],
    ],
    [
      'set when reading',
      'post.find',
      [{ fields: ['title'] }, { set: { views: 1 } }],
      [/^grants\.1\.set: set means nothing/],
    ],
    ['where when creating', 'post.create', [{ where: FEATURED }], [/^grants\.0\.where: where means nothing/]],
    ['check when deleting', 'post.delete', [{ check: FEATURED }], [/^grants\.0\.check: check means nothing/]],
    ['nothing to choose from', 'post.find', [{ where: { or: [] } }], [/^grants\.0\.where\.or: /]],
    ['an empty condition', 'post.find', [{ where: {} }], [/^grants\.0\.where: .*every row/]],
    ['a text for a condition', 'post.find', [{ where: 'all' }], [/^grants\.0\.where: /]],
    [
      'more relations than the filters of clients',
      'post.find',
      [{ where: { or: Array.from({ length: 7 }, () => ({ tags: { posts: { author: { name: { eq: 'A' } } } } })) } }],
      [/^grants\.0\.where\.or\.6\.tags\.posts\.author: .*at most 20 relations/],
    ],
    [
      'several faults',
      'post.update',
      [{ where: { colour: 1 }, fields: ['x'], set: { y: 1 } }],
      [/^grants\.0\.fields\.0: /, /^grants\.0\.set\.y: /, /^grants\.0\.where\.colour: /],
    ],
  ])('are refused with %s, and nothing is changed', async (_what, action, grants, faults) => {
    const role = await newRole();
    const before = await roleOf(role.documentId);
    const found = await faultsOf(role, action, grants);
    expect(found.sort()).toEqual(
      faults.map((fault) => (typeof fault === 'string' ? fault : expect.stringMatching(fault))).sort(),
    );
    expect(await roleOf(role.documentId)).toEqual(before);
  });

  test('with $user are refused for Public, which is nobody', async () => {
    const { roles } = await done('{ roles(filters: { type: { eq: "public" } }) { documentId } }');
    expect(await faultsOf(roles[0], 'post.find', [{ where: { owner: '$user' } }])).toEqual([
      expect.stringMatching(/^grants\.0\.where\.owner: /),
    ]);
  });

  test('that were forgotten are not taken for none: a restriction stays', async () => {
    const role = await newRole();
    const { version } = await setGrants(role, 'post.find', [{ where: FEATURED }]);
    expect(await refused(SET, { role: role.documentId, action: 'post.find', version })).toEqual([
      'grants: grants must be defined: null is without restriction',
    ]);
    expect((await roleOf(role.documentId)).grants).toHaveLength(1);
  });

  test('of two administrators at once are those of one, and the other is told', async () => {
    const role = await newRole('post.find');
    const { version } = await roleOf(role.documentId);
    const set = (grants: Grants) =>
      server.askAdmin(SET, { token, variables: { role: role.documentId, action: 'post.find', grants, version } });
    const [one, other] = await Promise.all([set([{ fields: ['title'] }]), set([{ where: FEATURED }])]);
    const [lost, won] = one.errors ? [one, other] : [other, one];
    expect(won.errors).toBeUndefined();
    expect(lost.errors?.[0]?.message).toBe('The role was changed meanwhile: read it again');
    expect((await roleOf(role.documentId)).grants).toEqual(won.data.setGrants.grants);
    // Permissions and grants have one version: neither overwrites the other.
    const permissions = await refused(
      'mutation ($role: ID!, $version: Int!) { setPermissions(role: $role, version: $version, remove: ["post.find"]) { version } }',
      { role: role.documentId, version },
    );
    expect(permissions).toEqual(['The role was changed meanwhile: read it again']);
  });

  test('of a role that does not exist are not found', async () => {
    expect(await refused(SET, { role: 'nowhere', action: 'post.find', grants: null, version: 1 })).toEqual([
      'Role not found',
    ]);
  });
});

describe('JSON of clients', () => {
  const nested = (levels: number): unknown => (levels === 0 ? FEATURED : { not: nested(levels - 1) });
  const secret = 'S3cretText-tell-nobody';

  test.each<[what: string, where: unknown]>([
    ['deeper than 20 levels', nested(19)],
    ['larger than 64 KB', { title: { in: [secret, 'x'.repeat(65_536)] } }],
    ['with __proto__', JSON.parse(`{ "__proto__": { "title": { "eq": "${secret}" } } }`)],
    ['with constructor in a list', { or: [{ constructor: { eq: secret } }] }],
    ['with prototype', { prototype: secret }],
  ])('%s is refused, and never repeated', async (_what, where) => {
    const role = await newRole();
    const { version } = await roleOf(role.documentId);
    const variables = { role: role.documentId, action: 'post.find', grants: [{ where }], version };
    server.log.length = 0;
    const { errors, text } = await server.askAdmin(SET, { token, variables });
    expect(errors?.[0]?.extensions.code, text).toMatch(/^(BAD_USER_INPUT|GRAPHQL_VALIDATION_FAILED)$/);
    expect(text).not.toContain('tell-nobody');
    expect(server.log.join('\n')).not.toContain('tell-nobody');
    expect((await roleOf(role.documentId)).grants).toEqual([]);
  });

  test('in the document is read like that in a variable', async () => {
    const role = await newRole();
    const { version } = await roleOf(role.documentId);
    const set = (where: string) =>
      server.askAdmin(
        `mutation { setGrants(role: "${role.documentId}", action: "post.find", version: ${version}, grants: [{ where: ${where} }]) { grants { grants { where } } } }`,
        { token },
      );
    const bad = await set(`{ title: { eq: "${secret}" }, __proto__: { eq: "${secret}" } }`);
    expect(bad.errors?.[0]?.extensions.code).toMatch(/^(BAD_USER_INPUT|GRAPHQL_VALIDATION_FAILED)$/);
    expect(bad.text).not.toContain('tell-nobody');
    const { data, text } = await set('{ title: { in: ["a", "b"] }, views: { gte: 3 }, rating: null }');
    expect(data?.setGrants.grants[0].grants[0].where, text).toEqual({
      title: { in: ['a', 'b'] },
      views: { gte: 3 },
      rating: null,
    });
  });
});

describe('other ways to change a role', () => {
  test('keep the grants of an action that is given again, and take them with the action', async () => {
    const role = await newRole('tag.find');
    const { grants, version } = await setGrants(role, 'post.find', [{ where: FEATURED }]);
    const PERMISSIONS =
      'mutation ($role: ID!, $version: Int!, $add: [String!], $remove: [String!]) { setPermissions(role: $role, version: $version, add: $add, remove: $remove) { version grants { action inWords grants { where fields check set } } } }';
    const { setPermissions } = await done(PERMISSIONS, {
      role: role.documentId,
      version,
      add: ['post.find', 'tag.create'],
    });
    expect(setPermissions.grants).toEqual(grants);
    const taken = await done(PERMISSIONS, {
      role: role.documentId,
      version: setPermissions.version,
      remove: ['post.find'],
    });
    const given = await done(PERMISSIONS, {
      role: role.documentId,
      version: taken.setPermissions.version,
      add: ['post.find'],
    });
    expect(given.setPermissions.grants).toEqual([]);
  });

  test('copy grants with the role', async () => {
    const role = await newRole('post.findOne');
    const { grants } = await setGrants(role, 'post.find', [{ where: FEATURED, fields: ['title'] }]);
    const { createRole } = await done(
      'mutation ($data: CreateRoleInput!) { createRole(data: $data) { grants { action inWords grants { where fields check set } } permissions } }',
      { data: { name: 'A copy with grants', copyOf: role.documentId, permissions: ['post.find', 'tag.find'] } },
    );
    expect(createRole.grants).toEqual(grants);
    expect(createRole.permissions).toContain('tag.find');
  });

  test('on /graphql give actions by name, without restriction, and keep the grants of those that stay', async () => {
    const manager = await newRole('role.create', 'role.update', 'post.find', 'post.findOne', 'tag.find');
    const jwt = await userWith(manager);
    const create = 'mutation ($data: UsersPermissionsRoleInput!) { createUsersPermissionsRole(data: $data) { ok } }';
    const update =
      'mutation ($id: ID!, $data: UsersPermissionsRoleInput!) { updateUsersPermissionsRole(id: $id, data: $data) { ok } }';
    await server.ask(create, { token: jwt, variables: { data: { name: 'Made by name', permissions: ['post.find'] } } });
    const { id, documentId } = await server.database.prisma.role.findUniqueOrThrow({ where: { name: 'Made by name' } });
    expect((await roleOf(documentId)).grants).toEqual([]);
    const { grants } = await setGrants({ documentId }, 'post.find', [{ where: FEATURED }]);
    const kept = { id: String(id), data: { permissions: ['post.find', 'tag.find'] } };
    expect((await server.ask(update, { token: jwt, variables: kept })).errors).toBeUndefined();
    const now = await roleOf(documentId);
    expect([now.grants, now.permissions]).toEqual([grants, ['post.find', 'tag.find']]);
  });
});

describe('the ceiling', () => {
  test.each<[what: string, own: Grants, given: Grants, may: boolean]>([
    ['the same', [{ where: FEATURED, fields: ['title'] }], [{ fields: ['title'], where: FEATURED }], true],
    ['that and more', [{ where: FEATURED }], [{ where: { and: [FEATURED, { views: { gt: 1 } }] } }], true],
    ['fewer fields', [{ fields: ['title', 'slug'] }], [{ fields: ['slug'] }], true],
    ['one of several', [{ where: FEATURED }, { fields: ['title'] }], [{ fields: ['title'] }], true],
    ['a restriction of what has none', null, [{ where: FEATURED }], true],
    ['without restriction', [{ where: FEATURED }], null, false],
    ['a check that is narrower', [{ check: FEATURED }], [{ check: { and: [FEATURED, { views: { gt: 1 } }] } }], true],
    ['a condition in place of a check', [{ check: FEATURED }], [{ where: { views: { gt: 1 } } }], false],
    [
      'a check in place of a condition',
      [{ where: FEATURED }],
      [{ where: FEATURED, check: { views: { gt: 1 } } }],
      false,
    ],
    ['the same value', [{ set: { views: 0 } }], [{ fields: ['title'], set: { views: 0 } }], true],
    ['another value', [{ set: { views: 0 } }], [{ set: { views: 1 } }], false],
    ['no value', [{ set: { views: 0 } }], [{ fields: ['title'] }], false],
    ['the value of an own field', [{ fields: ['title', 'slug'] }], [{ fields: ['slug'], set: { title: 'A' } }], true],
    ['the value of another field', [{ fields: ['slug'] }], [{ fields: ['slug'], set: { title: 'A' } }], false],
    ['a relation that nobody can send', [{ where: FEATURED }], [{ where: FEATURED, set: { owner: '$user' } }], false],
    ['another condition', [{ where: FEATURED }], [{ where: { featured: { eq: false } } }], false],
    ['that or another', [{ where: FEATURED }], [{ where: { or: [FEATURED, { views: { gt: 1 } }] } }], false],
    ['no condition', [{ where: FEATURED, fields: ['title'] }], [{ fields: ['title'] }], false],
    ['another field', [{ fields: ['title'] }], [{ fields: ['title', 'slug'] }], false],
    ['all fields', [{ fields: ['title'] }], [{ where: FEATURED }], false],
    [
      'rows of one and fields of another',
      [{ where: FEATURED }, { fields: ['title'] }],
      [{ where: FEATURED }, { where: { views: { gte: 0 } } }],
      false,
    ],
  ])('of who has grants: a user can be given %s or not', async (_what, own, given, may) => {
    const manager = await newRole('user.create', 'post.update');
    const target = await newRole('post.update');
    // Every role begins with the own account, which the manager has, too.
    await setGrants(manager, 'post.update', own);
    await setGrants(target, 'post.update', given);
    const jwt = await userWith(manager);
    const data = {
      username: `made for ${target.type}`,
      email: `made.for.${target.type}@example.com`,
      password: 'gatehouse-demo',
      role: target.documentId,
    };
    const { errors } = await server.ask(
      'mutation ($data: UsersPermissionsUserInput!) { createUsersPermissionsUser(data: $data) { __typename } }',
      { token: jwt, variables: { data } },
    );
    expect(errors?.[0]?.extensions.code).toBe(may ? undefined : 'FORBIDDEN');
    const made = await server.database.prisma.user.count({ where: { username: data.username } });
    expect(made).toBe(may ? 1 : 0);
  });

  /** As somebody may have left them in the database. */
  async function writeGrants({ documentId }: { documentId: string }, grants: unknown) {
    await server.database.query(
      `UPDATE "permissions" SET "grants" = $2::jsonb WHERE "action" = 'post.update' AND "roleId" = (SELECT "id" FROM "roles" WHERE "documentId" = $1)`,
      [documentId, JSON.stringify(grants)],
    );
  }

  test.each<[what: string, own: readonly unknown[], given: readonly unknown[]]>([
    ['all rows, for a misspelt condition', [{ wheer: FEATURED }], [{}]],
    ['a field, for that and one that is gone', [{ fields: ['title', 'colour'] }], [{ fields: ['title'] }]],
    ['rows, for a condition that is no object', [{ where: null, fields: 'title' }], [{ where: FEATURED }]],
    ['the same, which allows nothing either', [{ wheer: FEATURED }], [{ wheer: FEATURED }]],
    ['rows, for what is no grant at all', [null, 5], [{ where: FEATURED }]],
  ])('of who has a grant that cannot be read: a user cannot be given %s', async (_what, own, given) => {
    const [manager, beside, target] = [
      await newRole('user.create', 'post.update'),
      await newRole('post.update'),
      await newRole('post.update'),
    ];
    const jwt = await userWith(manager);
    for (const role of [manager, beside]) await writeGrants(role, own);
    await writeGrants(target, given);
    const { prisma } = server.database;
    const { id: roleId } = await prisma.role.findUniqueOrThrow({ where: { documentId: beside.documentId } });
    const users = await prisma.user.findMany({ where: { role: { documentId: manager.documentId } } });
    await prisma.userRole.createMany({ data: users.map(({ id }) => ({ userId: id, roleId })) });
    const data = {
      username: `hand made for ${target.type}`,
      email: `hand.made.for.${target.type}@example.com`,
      password: 'gatehouse-demo',
      role: target.documentId,
    };
    const { errors } = await server.ask(
      'mutation ($data: UsersPermissionsUserInput!) { createUsersPermissionsUser(data: $data) { __typename } }',
      { token: jwt, variables: { data } },
    );
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    // Other tests pull all roles into a file, which has no place for what is no grant at all.
    for (const role of [manager, beside, target]) await writeGrants(role, [{ where: FEATURED }]);
  });

  test('refuses an action by name to who has it restricted', async () => {
    const manager = await newRole('role.create');
    await setGrants(manager, 'post.find', [{ where: FEATURED }]);
    const jwt = await userWith(manager);
    const { errors } = await server.ask(
      'mutation { createUsersPermissionsRole(data: { name: "Wider", permissions: ["post.find"] }) { ok } }',
      { token: jwt },
    );
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    expect(await server.database.prisma.role.count({ where: { name: 'Wider' } })).toBe(0);
  });
});

test('grants are in the audit log, before and after', async () => {
  const role = await newRole();
  const log = async () =>
    (
      await done(
        'query ($f: AuditFiltersInput) { auditEntries(filters: $f, pagination: { limit: 1 }) { nodes { event before after } } }',
        { f: { target: role.documentId } },
      )
    ).auditEntries.nodes[0];
  const [one, other] = [[{ where: FEATURED }], [{ fields: ['title'] }]];
  await setGrants(role, 'post.find', one);
  expect(await log()).toEqual({
    event: 'role.setPermissions',
    before: { removed: [], grants: {} },
    after: { added: ['post.find'], grants: { 'post.find': one } },
  });
  await setGrants(role, 'post.find', other);
  expect(await log()).toEqual({
    event: 'role.setPermissions',
    before: { removed: [], grants: { 'post.find': one } },
    after: { added: [], grants: { 'post.find': other } },
  });
  await setGrants(role, 'post.find', null);
  expect(await log()).toEqual({
    event: 'role.setPermissions',
    before: { removed: [], grants: { 'post.find': other } },
    after: { added: [], grants: {} },
  });
});

describe('API tokens', () => {
  const CREATE =
    'mutation ($data: CreateApiTokenInput!) { createApiToken(data: $data) { secret token { documentId } } }';
  const GRANTS =
    'mutation ($token: ID!, $action: String!, $grants: [GrantInput!]) { setTokenGrants(token: $token, action: $action, grants: $grants) { actions grants { action inWords grants { where fields check set } } } }';

  async function newToken(name: string, kind = 'CUSTOM') {
    const data = { name, kind, lifespan: 'UNLIMITED', ...(kind === 'CUSTOM' && { actions: ['tag.find'] }) };
    const { createApiToken } = await done(CREATE, { data });
    return { secret: createApiToken.secret as string, documentId: createApiToken.token.documentId as string };
  }

  test('have grants of their own, from the next request on, which an update of their actions keeps', async () => {
    const { secret, documentId } = await newToken('restricted');
    const featured = async () =>
      (await server.ask('{ posts { featured } }', { token: secret })).data?.posts?.map(
        (post: { featured: boolean }) => post.featured,
      );
    expect(await featured()).toBeUndefined();
    const { setTokenGrants } = await done(GRANTS, {
      token: documentId,
      action: 'post.find',
      grants: [{ where: FEATURED }],
    });
    expect(setTokenGrants).toEqual({
      actions: ['post.find', 'tag.find'],
      grants: [{ action: 'post.find', inWords: 'where featured is true', grants: [{ ...shown, where: FEATURED }] }],
    });
    expect(new Set(await featured())).toEqual(new Set([true]));
    const { updateApiToken } = await done(
      'mutation ($id: ID!) { updateApiToken(documentId: $id, data: { actions: ["post.find", "tag.create"] }) { actions grants { action } } }',
      { id: documentId },
    );
    expect(updateApiToken).toEqual({ actions: ['post.find', 'tag.create'], grants: [{ action: 'post.find' }] });
    expect(new Set(await featured())).toEqual(new Set([true]));
    expect(
      (await done(GRANTS, { token: documentId, action: 'post.find', grants: null })).setTokenGrants.grants,
    ).toEqual([]);
    expect(new Set(await featured())).toEqual(new Set([true, false]));
    const { auditEntries } = await done(
      'query ($f: AuditFiltersInput) { auditEntries(filters: $f) { nodes { event before after } } }',
      { f: { target: documentId, event: 'apiToken.update' } },
    );
    expect(auditEntries.nodes.at(-1)).toEqual({
      event: 'apiToken.update',
      before: { actions: ['tag.find'], grants: null },
      after: { actions: ['post.find', 'tag.find'], grants: { 'post.find': [{ where: FEATURED }] } },
    });
  });

  const CREATE_TOKEN =
    'mutation ($data: CreateApiTokenInput!) { createApiToken(data: $data) { secret token { documentId actions problems grants { action inWords } } } }';
  const UPDATE_TOKEN =
    'mutation ($id: ID!, $data: UpdateApiTokenInput!) { updateApiToken(documentId: $id, data: $data) { actions problems grants { action inWords } } }';
  const lastEvent = async () => server.database.prisma.auditEntry.findFirst({ orderBy: { id: 'desc' } });

  test('are there from the first request on, where the token is created with them', async () => {
    const data = {
      ...{ name: 'restricted at once', kind: 'CUSTOM', lifespan: 'UNLIMITED', actions: ['tag.find'] },
      grants: [{ action: 'post.find', grants: [{ where: FEATURED }] }],
    };
    const { createApiToken } = await done(CREATE_TOKEN, { data });
    expect(createApiToken.token).toMatchObject({
      ...{ actions: ['post.find', 'tag.find'], problems: [] },
      grants: [{ action: 'post.find', inWords: 'where featured is true' }],
    });
    const { data: shown } = await server.ask('{ posts { featured } }', { token: createApiToken.secret });
    expect(new Set(shown.posts.map(({ featured }: { featured: boolean }) => featured))).toEqual(new Set([true]));
    expect(await lastEvent()).toMatchObject({
      event: 'apiToken.create',
      after: { actions: ['post.find', 'tag.find'], grants: { 'post.find': [{ where: FEATURED }] } },
    });
  });

  test('are changed together with the actions: what is named again keeps its own', async () => {
    const { createApiToken } = await done(CREATE_TOKEN, {
      data: {
        ...{ name: 'changed at once', kind: 'CUSTOM', lifespan: 'UNLIMITED', actions: ['tag.find'] },
        grants: ['post.find', 'post.findOne'].map((action) => ({ action, grants: [{ where: FEATURED }] })),
      },
    });
    const id = createApiToken.token.documentId;
    const { updateApiToken } = await done(UPDATE_TOKEN, {
      id,
      data: {
        actions: ['post.find', 'post.findOne', 'author.find'],
        grants: [
          { action: 'post.findOne', grants: null },
          { action: 'tag.find', grants: [{ fields: ['name'] }] },
        ],
      },
    });
    expect(updateApiToken.actions).toEqual(['author.find', 'post.find', 'post.findOne', 'tag.find']);
    expect(updateApiToken.grants).toEqual([
      { action: 'post.find', inWords: 'where featured is true' },
      { action: 'tag.find', inWords: 'fields name' },
    ]);
    const before = await lastEvent();
    const unlike = [{ action: 'post.find', grants: [{ where: { owner: '$user' } }] }];
    expect(await refused(UPDATE_TOKEN, { id, data: { actions: ['author.find'], grants: unlike } })).toEqual([
      expect.stringMatching(/^grants\.0\.grants\.0\.where\.owner: .*API token is no user/),
    ]);
    expect(await refused(UPDATE_TOKEN, { id, data: { grants: [{ action: 'post.find' }] } })).toEqual([
      'grants.0.grants: grants must be defined: null is without restriction',
    ]);
    expect(await refused(UPDATE_TOKEN, { id, data: { kind: 'READ_ONLY', grants: unlike } })).toEqual([
      'grants: grants are listed for tokens of the kind CUSTOM only',
    ]);
    expect(await lastEvent()).toEqual(before);
    // The other kinds have none, and what a custom one had goes.
    const other = await done(UPDATE_TOKEN, { id, data: { kind: 'READ_ONLY' } });
    expect(other.updateApiToken).toMatchObject({ actions: [], grants: [] });
  });

  test('that can no longer be read are named', async () => {
    const { prisma } = server.database;
    const { documentId } = await prisma.apiToken.create({
      data: {
        ...{ name: 'drifted token', kind: 'CUSTOM', prefix: 'x', hash: 'drifted token' },
        permissions: { create: [{ action: 'post.find', grants: [{ where: { colour: 1 } }] }] },
      },
    });
    const { apiToken } = await done('query ($id: ID!) { apiToken(documentId: $id) { problems } }', { id: documentId });
    expect(apiToken.problems).toEqual([expect.stringMatching(/^post\.find\.0\.where\.colour: /)]);
    await prisma.apiToken.delete({ where: { documentId } });
  });

  test('are refused a variable of the user, and the kinds that list no actions have no grants', async () => {
    const custom = await newToken('nobody');
    const grants = [{ where: { owner: '$user' } }];
    expect(await refused(GRANTS, { token: custom.documentId, action: 'post.find', grants })).toEqual([
      expect.stringMatching(/^grants\.0\.where\.owner: .*API token is no user/),
    ]);
    const full = await newToken('full', 'FULL_ACCESS');
    expect(
      await refused(GRANTS, { token: full.documentId, action: 'post.find', grants: [{ where: FEATURED }] }),
    ).toEqual(['token: Only a token of the kind CUSTOM has actions of its own']);
    expect(await refused(GRANTS, { token: 'nowhere', action: 'post.find', grants: null })).toEqual([
      'API token not found',
    ]);
    expect(await refused(GRANTS, { token: custom.documentId, action: 'post.fly', grants: null })).toEqual([
      'action: action has a name that is no action',
    ]);
  });
});

describe('a preview', () => {
  const PREVIEW =
    'query ($role: ID!, $action: String!, $grants: [GrantInput!], $as: ID) { previewGrants(role: $role, action: $action, grants: $grants, as: $as) { problems inWords rows of indexesMissing warnings } }';
  const preview = async (variables: Record<string, unknown>) => (await done(PREVIEW, variables)).previewGrants;

  test('says what grants let through, in words and in numbers, and changes nothing', async () => {
    const role = await newRole('post.find', 'post.findOne', 'post.update');
    const before = await roleOf(role.documentId);
    const { prisma } = server.database;
    const [of, featured] = [await prisma.post.count(), await prisma.post.count({ where: { featured: true } })];
    server.statements.length = 0;
    const grants = [{ where: { featured: { eq: true } }, fields: ['title'] }];
    expect(await preview({ role: role.documentId, action: 'post.find', grants })).toEqual({
      problems: [],
      inWords: 'where featured is true, fields title',
      rows: featured,
      of,
      indexesMissing: ['Post.featured'],
      warnings: [
        'post.find is limited, and post.findOne allows more: with its documentId a document can be read',
        'Post.featured leads no index: a rule on it looks at every row',
      ],
    });
    expect(server.statements.filter((sql) => /^\s*(insert|update|delete)/i.test(sql))).toEqual([]);
    expect(await preview({ role: role.documentId, action: 'post.find', grants: null })).toEqual({
      problems: [],
      inWords: 'all rows and fields',
      rows: of,
      of,
      indexesMissing: [],
      warnings: [],
    });
    expect(await roleOf(role.documentId)).toEqual(before);
  });

  test('counts a condition with $user only for a named user', async () => {
    const role = await newRole('post.find');
    const { prisma } = server.database;
    const [reader, editor] = [
      await prisma.user.findFirstOrThrow({ where: { username: 'reader' } }),
      await prisma.user.findFirstOrThrow({ where: { username: 'editor' } }),
    ];
    const post = await prisma.post.findFirstOrThrow({ orderBy: { id: 'asc' } });
    await prisma.post.updateMany({ data: { ownerId: null } });
    await prisma.post.update({ where: { id: post.id }, data: { ownerId: reader.id } });
    const of = await prisma.post.count();
    const own = { role: role.documentId, action: 'post.find', grants: [{ where: { owner: '$user' } }] };
    // Not 0, and not the posts that are nobody's.
    expect(await preview(own)).toMatchObject({ problems: [], rows: null, of: null });
    expect(await preview({ ...own, as: reader.documentId })).toMatchObject({ rows: 1, of });
    expect(await preview({ ...own, as: String(editor.id) })).toMatchObject({ rows: 0, of });
    const roles = { ...own, grants: [{ where: { title: { notIn: '$roles' } } }] };
    expect(await preview(roles)).toMatchObject({ rows: null });
    expect(await preview({ ...roles, as: reader.documentId })).toMatchObject({ rows: of, of });
    expect(await refused(PREVIEW, { ...own, as: 'nobody' })).toEqual(['as: as names a user that does not exist']);
  });

  test('counts nothing for who cannot set grants', async () => {
    const role = await newRole();
    // Counting by a condition would tell what a column holds that no content type shows: only who can set grants is told.
    const hidden = {
      role: role.documentId,
      action: 'author.find',
      grants: [{ where: { email: { startsWith: 'a' } } }],
    };
    expect((await preview(hidden)).rows).toBeGreaterThan(0);
    const reading = await server.askAdmin(PREVIEW, { token: await server.adminToken('READ_ONLY'), variables: hidden });
    expect(reading.errors).toBeUndefined();
    expect(reading.data.previewGrants).toMatchObject({ problems: [], rows: null, of: null });
  });

  test('of a create counts nothing, and with a problem says only that', async () => {
    const role = await newRole();
    const create = await preview({ role: role.documentId, action: 'post.create', grants: [{ fields: ['title'] }] });
    expect(create).toMatchObject({ problems: [], rows: null, of: null });
    const wrong = await preview({ role: role.documentId, action: 'post.find', grants: [{ where: { colour: null } }] });
    expect(wrong).toEqual({
      problems: [expect.stringMatching(/^grants\.0\.where\.colour: /)],
      inWords: 'where colour is empty',
      rows: null,
      of: null,
      indexesMissing: [],
      warnings: [],
    });
  });

  test('warns of a write that reaches further than reading, and of fields that only some rows show', async () => {
    const role = await newRole('post.update');
    await setGrants(role, 'post.find', [{ where: FEATURED }]);
    const grants = [{ where: { views: { gt: 1 } } }];
    const { warnings } = await preview({ role: role.documentId, action: 'post.update', grants });
    expect(warnings).toContain('post.update is wider than post.find: it changes documents that cannot be found');
    const narrow = [{ where: { and: [FEATURED, { owner: '$user' }] } }];
    const less = await preview({ role: role.documentId, action: 'post.update', grants: narrow });
    expect(less.warnings.filter((line: string) => line.includes('wider'))).toEqual([]);
    const some = await preview({
      role: role.documentId,
      action: 'post.find',
      grants: [{ fields: ['title', 'slug'] }, { where: { owner: '$user' }, fields: ['title', 'slug', 'content'] }],
    });
    expect(some.warnings).toContain('post.find reads content in some rows only: a sort by it uses no index');
    // Its foreign key is indexed.
    expect(some.indexesMissing).toEqual([]);
  });
});

describe('what conditions can use', () => {
  test('is listed by type, with operators and variables', async () => {
    const { ruleTypes } = await done(
      '{ ruleTypes { name actions fields { name kind type values many readable writable operators variables } } }',
    );
    const typeOf = (name: string) => ruleTypes.find((type: { name: string }) => type.name === name);
    const post = typeOf('Post');
    const field = (name: string) => post.fields.find((one: { name: string }) => one.name === name);
    expect(post.actions).toBe('post');
    expect(field('title')).toMatchObject({ kind: 'COLUMN', type: 'String', readable: true, writable: true });
    expect(field('title').operators).toEqual(expect.arrayContaining(['eq', 'containsi', 'notNull', 'not']));
    expect(field('ownerId')).toMatchObject({ type: 'Int', readable: false, writable: false, variables: ['$user.id'] });
    expect(field('owner')).toMatchObject({ kind: 'RELATION', type: 'User', many: false, variables: ['$user'] });
    expect(field('tags')).toMatchObject({ kind: 'RELATION', type: 'Tag', many: true, variables: [] });
    expect(field('kind')).toMatchObject({
      values: ['article', 'tutorial', 'news'],
      operators: expect.not.arrayContaining(['gt']),
    });
    expect(field('publishedAt').variables).toEqual(['$now']);
  });

  test('are of our own models users and the types of roles, and nothing that lets somebody in', async () => {
    const { ruleTypes } = await done('{ ruleTypes { name fields { name } } }');
    const names = ruleTypes.map(({ name }: { name: string }) => name);
    expect(names).toEqual(expect.arrayContaining(['Post', 'Author', 'User', 'Role']));
    for (const own of [
      'Session',
      'Identifier',
      'MailedCode',
      'Permission',
      'Admin',
      'ApiToken',
      'AuditEntry',
      'Settings',
    ]) {
      expect(names).not.toContain(own);
    }
    const fieldsOf = (type: string) =>
      ruleTypes.find(({ name }: { name: string }) => name === type).fields.map(({ name }: { name: string }) => name);
    expect(fieldsOf('Role')).toEqual(['type']);
    expect(fieldsOf('User')).toEqual(
      expect.arrayContaining(['id', 'documentId', 'username', 'email', 'confirmed', 'blocked']),
    );
    expect(fieldsOf('User').join()).not.toMatch(/hash|token|session|code|identifier|outbox|provider|reason/i);
  });

  test.each<[action: string]>([['post.find'], ['user.find']])(
    'is accepted in grants of %s, with every operator and variable that is listed',
    async (action) => {
      const role = await newRole();
      const { ruleTypes } = await done(
        '{ ruleTypes { name actions fields { name kind type values many operators variables } } }',
      );
      const [prefix] = action.split('.');
      const type = ruleTypes.find(({ actions }: { actions: string | null }) => actions === prefix);
      const values: Readonly<Record<string, unknown>> = {
        String: 'a',
        ID: 'a',
        Int: 1,
        Float: 1.5,
        Boolean: true,
        DateTime: '2026-11-22T09:30:00.000Z',
      };
      const conditions = type.fields.flatMap(
        (field: {
          name: string;
          kind: string;
          type: string;
          values: string[] | null;
          operators: string[];
          variables: string[];
        }) => {
          if (field.kind === 'RELATION') {
            return [null, ...field.variables].map((value) => ({ [field.name]: value }));
          }
          const value = field.values?.[0] ?? values[field.type];
          const given = (operator: string): unknown => {
            if (operator === 'null' || operator === 'notNull') return true;
            if (operator === 'not') return { eq: value };
            if (operator === 'between') return [value, value];
            return operator === 'in' || operator === 'notIn' ? [value] : value;
          };
          return [
            ...field.operators.map((operator) => ({ [field.name]: { [operator]: given(operator) } })),
            ...field.variables.map((variable) => ({
              [field.name]: variable === '$roles' ? { in: variable } : { eq: variable },
            })),
          ];
        },
      );
      expect(conditions.length).toBeGreaterThan(20);
      for (let from = 0; from < conditions.length; from += 40) {
        const where = { or: conditions.slice(from, from + 40) };
        const { setGrants: set } = await done(SET, {
          role: role.documentId,
          action,
          grants: [{ where }],
          version: (await roleOf(role.documentId)).version,
        });
        expect(set.problems).toEqual([]);
      }
    },
  );
});

describe('a grant that can no longer be read', () => {
  test('allows nothing, and its role, the command line and the log of a start name it', async () => {
    const role = await newRole('tag.find');
    await setGrants(role, 'post.find', [{ where: FEATURED }]);
    const jwt = await userWith(role);
    const read = async () => (await server.ask('{ posts { title } }', { token: jwt })).errors?.[0]?.extensions.code;
    expect(await read()).toBeUndefined();
    // As it is after a migration that drops a column.
    await server.database.query(
      `UPDATE "permissions" SET "grants" = '[{"where": {"colour": {"eq": "S3cret"}}}]' WHERE "action" = 'post.find' AND "roleId" = (SELECT "id" FROM "roles" WHERE "documentId" = $1)`,
      [role.documentId],
    );
    expect(await read()).toBe('FORBIDDEN');
    const { problems, permissions, grants } = await roleOf(role.documentId);
    expect(problems).toEqual([expect.stringMatching(/^post\.find\.0\.where\.colour: /)]);
    expect(permissions).toContain('post.find');
    expect(grants[0].inWords).toBe('where colour is "S3cret"');
    const file = `${server.config.dataDir}/drift.yaml`;
    expect((await runCommandOn(server, ['permissions', 'pull', file])).code).toBe(0);
    const { code, output } = await runCommandOn(server, ['permissions', 'check', file]);
    expect(code).toBe(1);
    expect(output).toMatch(
      new RegExp(
        `^A grant of the role ${role.type} can no longer be read, and allows nothing: post\\.find\\.0\\.where\\.colour: `,
        'm',
      ),
    );
    const { warnOfInvalidGrants } = await import('../src/administration/invalid-grants.ts');
    const lines: object[] = [];
    await warnOfInvalidGrants(server.gatehouse.administration, { warn: (line: object) => void lines.push(line) });
    expect(lines).toEqual([{ holder: `the role ${role.type}`, grant: 'post.find.0.where.colour' }]);
    // It can be mended like any other.
    await setGrants(role, 'post.find', [{ where: FEATURED }]);
    expect(await read()).toBeUndefined();
    expect((await roleOf(role.documentId)).problems).toEqual([]);
    expect((await runCommandOn(server, ['permissions', 'check', file])).output).not.toContain('can no longer be read');
  });

  test('cannot be so deep that nobody could read it', async () => {
    const role = await newRole('post.find');
    const write = (depth: number) =>
      server.database.query(
        `UPDATE "permissions" SET "grants" = $2::jsonb WHERE "action" = 'post.find' AND "roleId" = (SELECT "id" FROM "roles" WHERE "documentId" = $1)`,
        [role.documentId, `[{"where":${'{"not":'.repeat(depth)}{"featured":{"eq":true}}${'}'.repeat(depth)}}]`],
      );
    await write(18);
    expect((await server.ask('{ posts { title } }', { token: await userWith(role) })).errors).toBeUndefined();
    await expect(write(19)).rejects.toThrow(/permissions_grants_depth_check/);
  });

  test.each([
    '[null]',
    '[5]',
    '["x"]',
    '[[]]',
    '[{"fields": 5}]',
    '[{"where": 5, "set": []}]',
    '[{"fields": [{"toString": 1}, {"toString": 2}]}]',
  ])('is shown and does not break anything where it is no grant at all: %s', async (grants) => {
    const role = await newRole('tag.find');
    await server.database.query(
      `INSERT INTO "permissions" ("roleId", "action", "grants") SELECT "id", 'post.find', $2::jsonb FROM "roles" WHERE "documentId" = $1`,
      [role.documentId, grants],
    );
    expect((await roleOf(role.documentId)).problems.length).toBeGreaterThan(0);
    const file = `${server.config.dataDir}/odd.yaml`;
    expect((await runCommandOn(server, ['permissions', 'pull', file])).code).toBe(0);
    expect((await runCommandOn(server, ['permissions', 'list'])).code).toBe(0);
    const preview = await done(
      'query ($role: ID!) { previewGrants(role: $role, action: "post.findOne", grants: [{ fields: ["title"] }]) { warnings } }',
      { role: role.documentId },
    );
    expect(preview.previewGrants.warnings).toEqual([]);
    const { data, errors } = await server.ask('{ tags { name } posts { title } }', { token: await userWith(role) });
    expect(data.tags).not.toEqual([]);
    expect([data.posts, errors?.[0]?.extensions.code]).toEqual([null, 'FORBIDDEN']);
    await done('mutation ($id: ID!, $to: ID!) { deleteRole(documentId: $id, moveUsersTo: $to) { documentId } }', {
      id: role.documentId,
      to: (await done('{ roles(filters: { type: { eq: "authenticated" } }) { documentId } }')).roles[0].documentId,
    });
  });
});
