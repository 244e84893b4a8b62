import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from './support/start.ts';

/** A change of several permissions of a role: what it would do, in words, and that it is made as a whole or not at all. */

let server: TestServer;
let token: string;
beforeAll(async () => {
  server = await startServer();
  token = await server.adminToken();
});
afterAll(() => server?.close());

// biome-ignore lint/suspicious/noExplicitAny: it has the shape that its document asked for
async function done(document: string, variables: Record<string, unknown> = {}): Promise<any> {
  const { data, errors, text } = await server.askAdmin(document, { token, variables });
  expect(errors, text).toBeUndefined();
  return Object.values(data)[0];
}

async function refused(document: string, variables: Record<string, unknown>): Promise<string[]> {
  const { errors, text } = await server.askAdmin(document, { token, variables });
  expect(errors, text).toHaveLength(1);
  const { message, details } = errors?.[0]?.extensions.error ?? { message: '', details: {} };
  return details.errors?.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [message];
}

const ROLE = 'documentId version permissions grants { action inWords }';
const SET = `mutation ($role: ID!, $version: Int!, $add: [String!], $remove: [String!], $grants: [ActionGrantsInput!]) {
  setPermissions(role: $role, version: $version, add: $add, remove: $remove, grants: $grants) { ${ROLE} }
}`;
const PREVIEW = `query ($role: ID!, $add: [String!], $remove: [String!], $grants: [ActionGrantsInput!], $includes: [ID!]) {
  previewPermissions(role: $role, add: $add, remove: $remove, grants: $grants, includes: $includes) {
    lines { text action kind writes public } warnings users problems { action path message }
  }
}`;

interface Role {
  readonly documentId: string;
  readonly version: number;
  readonly permissions: readonly string[];
  readonly grants: readonly { readonly action: string; readonly inWords: string }[];
}

let roles = 0;

/** A new role with these permissions and no others, restricted where grants are given. */
async function newRole(permissions: Record<string, object[] | null>, includes: readonly Role[] = []): Promise<Role> {
  const name = `Role ${++roles}`;
  const { documentId } = await server.database.prisma.role.create({
    data: {
      ...{ name, type: `role_${roles}` },
      permissions: {
        create: Object.entries(permissions).map(([action, grants]) => ({ action, ...(grants && { grants }) })),
      },
      includes: { create: includes.map((role) => ({ included: { connect: { documentId: role.documentId } } })) },
    },
  });
  return roleOf(documentId);
}

function roleOf(documentId: string): Promise<Role> {
  return done(`query ($id: ID!) { role(documentId: $id) { ${ROLE} } }`, { id: documentId });
}

async function newUser(...given: Role[]): Promise<{ readonly documentId: string; readonly username: string }> {
  const username = `someone${Math.random().toString(36).slice(2)}`;
  const data = { username, email: `${username}@example.com`, password: 'gatehouse-demo' };
  return done('mutation ($d: CreateUserInput!) { createUser(data: $d) { documentId username } }', {
    d: { ...data, roles: given.map(({ documentId }) => documentId) },
  });
}

const lastEvents = async (count: number) =>
  (await server.database.prisma.auditEntry.findMany({ orderBy: { id: 'desc' }, take: count })).map(
    ({ event, before, after }) => ({ event, before, after }),
  );

const FEATURED = { where: { featured: { eq: true } } };
const OWN = { where: { owner: '$user' } };

describe('setPermissions', () => {
  test('gives, restricts, changes and takes away in one step, with one audit event', async () => {
    const role = await newRole({
      'post.find': null,
      'post.findOne': [FEATURED],
      'tag.find': null,
      'post.delete': [OWN],
    });
    const events = await server.database.prisma.auditEntry.count();
    const changed = await done(SET, {
      role: role.documentId,
      version: role.version,
      add: ['author.find', 'post.delete'],
      remove: ['tag.find'],
      grants: [
        { action: 'post.find', grants: [FEATURED] },
        { action: 'post.findOne', grants: null },
        { action: 'post.update', grants: [{ ...OWN, fields: ['title'] }] },
      ],
    });
    expect(changed.permissions).toEqual(['author.find', 'post.delete', 'post.find', 'post.findOne', 'post.update']);
    expect(changed.grants).toEqual([
      { action: 'post.delete', inWords: 'where owner is the user' }, // added again, it keeps what it had
      { action: 'post.find', inWords: 'where featured is true' },
      { action: 'post.update', inWords: 'where owner is the user, fields title' },
    ]);
    expect(changed.version).toBeGreaterThan(role.version);
    expect(await server.database.prisma.auditEntry.count()).toBe(events + 1);
    expect(await lastEvents(1)).toEqual([
      {
        event: 'role.setPermissions',
        before: { removed: ['tag.find'], grants: { 'post.findOne': [FEATURED] } },
        after: {
          added: ['author.find', 'post.update'],
          grants: { 'post.find': [FEATURED], 'post.update': [{ ...OWN, fields: ['title'] }] },
        },
      },
    ]);
  });

  test('changes nothing where one part of it cannot be', async () => {
    const role = await newRole({ 'post.find': null });
    const { documentId } = role;
    const events = await server.database.prisma.auditEntry.count();
    const base = { role: documentId, version: role.version, add: ['tag.find'] };
    for (const [change, faults] of [
      [
        {
          grants: [
            { action: 'post.find', grants: [FEATURED] },
            { action: 'post.update', grants: [FEATURED, { where: { colour: 1 } }] },
          ],
        },
        [expect.stringMatching(/^grants\.1\.grants\.1\.where\.colour: /)],
      ],
      [{ grants: [{ action: 'post.find', grants: [] }] }, [expect.stringMatching(/^grants\.0\.grants: /)]],
      [{ grants: [{ action: 'post.fly', grants: null }] }, ['grants.0.action: action has a name that is no action']],
      [
        { grants: [{ action: 'post.find', grants: [{ where: null }] }] },
        ['grants.0.grants.0.where: where cannot be null: leave it out for all rows'],
      ],
      // A variable that was forgotten is not "without restriction".
      [{ grants: [{ action: 'post.find' }] }, ['grants.0.grants: grants must be defined: null is without restriction']],
      [
        { remove: ['post.find'], grants: [{ action: 'post.find', grants: null }] },
        ['grants.0.action: grants and remove name the same action'],
      ],
      [
        {
          grants: [
            { action: 'post.find', grants: null },
            { action: 'post.find', grants: [FEATURED] },
          ],
        },
        ['grants.1.action: action is named twice in grants'],
      ],
      [{ remove: ['tag.find'] }, ['add.0: add and remove name the same action']],
    ] as const) {
      expect(await refused(SET, { ...base, ...change }), JSON.stringify(change)).toEqual(faults);
    }
    expect(await refused(SET, { ...base, version: role.version - 1 })).toEqual([
      'The role was changed meanwhile: read it again',
    ]);
    expect(await roleOf(documentId)).toEqual(role);
    expect(await server.database.prisma.auditEntry.count()).toBe(events);
  });

  test('gives Public no grant of a user', async () => {
    const { data } = await server.askAdmin(`{ roles(filters: { type: { eq: "public" } }) { ${ROLE} } }`, { token });
    const [role] = data.roles;
    const change = { role: role.documentId, version: role.version, grants: [{ action: 'post.update', grants: [OWN] }] };
    expect(await refused(SET, change)).toEqual([expect.stringMatching(/^grants\.0\.grants\.0\.where\.owner: /)]);
    const { problems } = await done(PREVIEW, { ...change, version: undefined });
    expect(problems).toEqual([
      { action: 'post.update', path: 'grants.0.where.owner', message: expect.stringContaining('$user') },
    ]);
  });
});

describe('previewPermissions', () => {
  test('says what becomes of each action, in the words of the plan, for whom, and changes nothing', async () => {
    const role = await newRole({ 'post.find': null, 'post.findOne': null, 'tag.find': [FEATURED] });
    const outer = await newRole({}, [role]);
    await newUser(role);
    await newUser(outer);
    server.statements.length = 0;
    const change = {
      role: role.documentId,
      add: ['post.create', 'post.find'],
      remove: ['tag.find'],
      grants: [{ action: 'post.find', grants: [FEATURED] }],
    };
    const name = `Role ${roles - 1}`;
    expect(await done(PREVIEW, change)).toEqual({
      lines: [
        {
          ...{ text: `${name} gains post.create: WRITES, 2 users`, action: 'post.create', kind: 'GAINS' },
          ...{ writes: true, public: false },
        },
        {
          text: `${name} changes post.find from all rows and fields to where featured is true: reads, 2 users`,
          ...{ action: 'post.find', kind: 'CHANGES', writes: false, public: false },
        },
        {
          text: `${name} loses tag.find where featured is true: reads, 2 users`,
          ...{ action: 'tag.find', kind: 'LOSES', writes: false, public: false },
        },
      ],
      warnings: [
        'post.find is limited, and post.findOne allows more: with its documentId a document can be read',
        'Post.featured leads no index: a rule on it looks at every row',
      ],
      users: 2,
      problems: [],
    });
    expect(server.statements.filter((sql) => /^\s*(insert|update|delete)/i.test(sql))).toEqual([]);
    expect(await roleOf(role.documentId)).toEqual(role);
    expect((await done(PREVIEW, { role: role.documentId })).lines).toEqual([]);
    // What is set is what was previewed.
    const { permissions } = await done(SET, { ...change, version: role.version });
    expect(permissions).toEqual(['post.create', 'post.find', 'post.findOne']);
  });

  test('names what needs no login, by Public itself and by what Public includes', async () => {
    const { prisma } = server.database;
    const role = await newRole({});
    const open = await prisma.role.findFirstOrThrow({
      where: { type: 'public' },
      select: { id: true, documentId: true },
    });
    const [line] = (await done(PREVIEW, { role: open.documentId, add: ['post.delete'] })).lines;
    expect(line).toMatchObject({ text: 'Public gains post.delete: WRITES, anonymous', writes: true, public: true });
    const { id } = await prisma.role.findUniqueOrThrow({
      where: { documentId: role.documentId },
      select: { id: true },
    });
    await prisma.roleInclude.create({ data: { roleId: open.id, includedId: id } });
    const preview = await done(PREVIEW, { role: role.documentId, add: ['post.find'] });
    expect(preview.lines[0]).toMatchObject({
      text: `Role ${roles} gains post.find: reads, anonymous and 0 users`,
      public: true,
    });
    expect(preview.warnings).toEqual([`Public includes Role ${roles}: what it allows needs no login`]);
    await prisma.roleInclude.deleteMany({ where: { roleId: open.id } });
  });

  test('says what is wrong as problems of the action, and still what the rest would do', async () => {
    const role = await newRole({ 'post.find': null, 'gone.find': null });
    const preview = await done(PREVIEW, {
      role: role.documentId,
      add: ['tag.find', 'tag.fly', 'post.create'],
      remove: ['gone.find', 'gone.fly', 'post.create'],
      grants: [
        { action: 'post.find', grants: [{ where: { colour: { eq: 1 } } }, { where: null }] },
        { action: 'post.update' },
        { action: 'post.swim', grants: null },
      ],
    });
    expect(preview.problems).toEqual([
      { action: 'post.find', path: 'grants.1.where', message: 'where cannot be null: leave it out for all rows' },
      { action: 'post.update', path: 'grants', message: 'grants must be defined: null is without restriction' },
      { action: 'post.create', path: 'action', message: 'add and remove name the same action' },
      { action: 'tag.fly', path: 'action', message: 'add has a name that is no action' },
      { action: 'gone.fly', path: 'action', message: 'remove has a name that is no action' },
      { action: 'post.find', path: 'grants.0.where.colour', message: expect.stringContaining('colour') },
      { action: 'post.find', path: 'grants.1', message: expect.stringContaining('empty') },
      { action: 'post.swim', path: 'action', message: 'action has a name that is no action' },
    ]);
    const texts = preview.lines.map(({ text }: { text: string }) => text);
    expect(texts).toContain(`Role ${roles} gains tag.find: reads, 0 users`);
    expect(texts).toContain(`Role ${roles} loses gone.find: not in the schema, 0 users`);
    expect(await refused(PREVIEW, { role: 'nobody' })).toEqual(['Role not found']);
  });

  test('says what comes and goes with what a role includes, and nothing of what it has anyway', async () => {
    const deep = await newRole({ 'author.find': null });
    const first = await newRole({ 'post.find': [OWN], 'tag.find': null, 'post.delete': null });
    const second = await newRole({ 'post.find': [FEATURED], 'post.create': null, 'tag.find': null }, [deep]);
    const role = await newRole({ 'tag.find': null, 'post.update': [OWN] }, [first]);
    await newUser(role);
    const textsOf = async (change: object) => {
      const { lines, problems } = await done(PREVIEW, { role: role.documentId, ...change });
      expect(problems).toEqual([]);
      return lines.map(({ text }: { text: string }) => text.replace(`Role ${roles} `, ''));
    };
    const swap = [second.documentId];
    expect(await textsOf({ includes: swap })).toEqual([
      'gains author.find: reads, 1 user',
      'gains post.create: WRITES, 1 user',
      'changes post.find from where owner is the user to where featured is true: reads, 1 user',
      'loses post.delete: WRITES, 1 user',
    ]);
    // What the role is given by itself meanwhile is no loss.
    expect(await textsOf({ includes: [], add: ['post.delete'] })).toEqual([
      'loses post.find where owner is the user: reads, 1 user',
    ]);
    expect(await textsOf({ includes: [first.documentId] })).toEqual([]);
    // Without `includes` it is about what the role has itself.
    expect(await textsOf({ add: ['post.delete'] })).toEqual(['gains post.delete: WRITES, 1 user']);
    expect(await roleOf(role.documentId)).toEqual(role);
    const update =
      'mutation ($id: ID!, $i: [ID!]) { updateRole(documentId: $id, data: { includes: $i }) { effectivePermissions } }';
    expect((await done(update, { id: role.documentId, i: swap })).effectivePermissions).toEqual([
      'author.find',
      'post.create',
      'post.find',
      'post.update',
      'tag.find',
    ]);
  });

  test.each([
    ['has itself, where an included role has it with one', null, [FEATURED], []],
    [
      'gets, where it has it itself with one',
      [FEATURED],
      null,
      ['changes tag.find from where featured is true to all rows and fields: reads, 0 users'],
    ],
  ] as const)('adds no restriction to what a role %s', async (_what, own, included, lines) => {
    const grantsOf = (grants: readonly object[] | null) => grants && [...grants];
    const inner = await newRole({ 'tag.find': grantsOf(included), 'post.find': null });
    const role = await newRole({ 'tag.find': grantsOf(own) });
    const textsOf = async (includes: readonly string[]) => {
      const preview = await done(PREVIEW, { role: role.documentId, includes });
      expect(preview.problems).toEqual([]);
      return preview.lines.map(({ text }: { text: string }) => text.replace(`Role ${roles} `, ''));
    };
    expect(await textsOf([inner.documentId])).toEqual(['gains post.find: reads, 0 users', ...lines]);
    expect(await textsOf([])).toEqual([]);
  });

  test('says why a role cannot be included', async () => {
    const inner = await newRole({ 'tag.find': null });
    const outer = await newRole({}, [inner]);
    for (const [includes, message] of [
      [[outer.documentId], /circle/],
      [['nobody'], /does not exist/],
    ] as const) {
      const { lines, problems } = await done(PREVIEW, { role: inner.documentId, includes });
      expect(lines).toEqual([]);
      expect(problems).toEqual([{ action: '', path: 'includes.0', message: expect.stringMatching(message) }]);
    }
  });

  test('is for administrators who only look, too', async () => {
    const role = await newRole({});
    const { data } = await server.askAdmin(PREVIEW, {
      token: await server.adminToken('READ_ONLY'),
      variables: { role: role.documentId, add: ['post.find'] },
    });
    expect(data.previewPermissions.lines).toHaveLength(1);
  });
});

describe('previewDocuments', () => {
  const DOCUMENTS = `query ($role: ID!, $action: String!, $grants: [GrantInput!], $as: ID, $limit: Int) {
    previewDocuments(role: $role, action: $action, grants: $grants, as: $as, limit: $limit) { documentId title }
  }`;

  test('shows the documents that a user would see, and those alone', async () => {
    const role = await newRole({});
    const { prisma } = server.database;
    const user = await newUser(role);
    const [first, second] = await prisma.post.findMany({ orderBy: { id: 'asc' }, take: 2 });
    await prisma.post.updateMany({ data: { ownerId: null } });
    const { id } = await prisma.user.findUniqueOrThrow({ where: { documentId: user.documentId } });
    await prisma.post.update({ where: { id: second?.id ?? 0 }, data: { ownerId: id } });
    const of = { role: role.documentId, action: 'post.find' };
    expect(await done(DOCUMENTS, { ...of, grants: [OWN], as: user.documentId })).toEqual([
      { documentId: second?.documentId, title: second?.title },
    ]);
    expect(await done(DOCUMENTS, { ...of, grants: null, limit: 2 })).toEqual(
      [first, second].map((post) => ({ documentId: post?.documentId, title: post?.title })),
    );
    expect(await done(DOCUMENTS, { ...of, grants: null })).toHaveLength(10);
    // What cannot be said is not "none".
    expect(await done(DOCUMENTS, { ...of, grants: [OWN] })).toBeNull();
    expect(await done(DOCUMENTS, { ...of, action: 'post.create', grants: null })).toBeNull();
    expect(await done(DOCUMENTS, { ...of, grants: [{ where: { colour: 1 } }], as: user.documentId })).toBeNull();
    const users = { role: role.documentId, action: 'user.find', grants: [{ where: { username: { eq: 'reader' } } }] };
    expect(await done(DOCUMENTS, users)).toEqual([{ documentId: expect.any(String), title: 'reader' }]);
    for (const limit of [0, -1, 101]) {
      expect(await refused(DOCUMENTS, { ...of, grants: null, limit })).toEqual(['limit: limit must be from 1 to 100']);
    }
    expect(await refused(DOCUMENTS, { ...of, grants: null, as: 'nobody' })).toEqual([
      'as: as names a user that does not exist',
    ]);
    expect(await refused(DOCUMENTS, of)).toEqual(['grants: grants must be defined: null is without restriction']);
  });

  test('is refused to who cannot set grants: conditions can name columns that nobody is shown', async () => {
    const role = await newRole({});
    const variables = {
      role: role.documentId,
      action: 'author.find',
      grants: [{ where: { email: { startsWith: 'a' } } }],
    };
    expect((await done(DOCUMENTS, variables)).length).toBeGreaterThan(0);
    server.statements.length = 0;
    const { data, errors } = await server.askAdmin(DOCUMENTS, {
      token: await server.adminToken('READ_ONLY'),
      variables,
    });
    expect(data.previewDocuments).toBeNull();
    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'FORBIDDEN',
      error: { details: { action: 'role.previewDocuments' } },
    });
    expect(server.statements.filter((sql) => sql.includes('"authors"'))).toEqual([]);
  });
});

describe('effectivePermissions', () => {
  const EFFECTIVE = `query ($user: ID!) { effectivePermissions(user: $user) {
    action inWords grants { where fields } from { documentId } sources { how role { documentId } includedBy { documentId } }
  } }`;

  test('are those of all roles together, and say which role gives them', async () => {
    const base = await newRole({ 'post.find': [FEATURED], 'tag.find': null });
    const main = await newRole({ 'post.find': [OWN], 'post.update': [OWN] }, [base]);
    const further = await newRole({ 'post.update': null, 'post.delete': [{ where: { gone: 1 } }] }, [base]);
    const user = await newUser(main, further);
    server.statements.length = 0;
    const permissions = await done(EFFECTIVE, { user: user.documentId });
    // The viewer, the user, the roles; then the roles of the three fields that show some.
    expect(server.statements).toHaveLength(6);
    const id = ({ documentId }: Role) => ({ documentId });
    const included = { how: 'INCLUDED', role: id(base), includedBy: [id(main), id(further)] };
    const ofMain = { how: 'MAIN', role: id(main), includedBy: [] };
    // A grant that cannot be read gives nothing: the user has no post.delete.
    expect(permissions).toEqual([
      {
        action: 'post.find',
        inWords: 'where owner is the user; or where featured is true',
        grants: [
          { ...OWN, fields: null },
          { ...FEATURED, fields: null },
        ],
        from: [id(main), id(base)],
        sources: [ofMain, included],
      },
      {
        ...{ action: 'post.update', inWords: 'all rows and fields', grants: null, from: [id(main), id(further)] },
        sources: [ofMain, { how: 'FURTHER', role: id(further), includedBy: [] }],
      },
      { action: 'tag.find', inWords: 'all rows and fields', grants: null, from: [id(base)], sources: [included] },
    ]);
    const other = await newUser(await newRole({ 'tag.find': null }));
    expect(await done(EFFECTIVE, { user: other.documentId })).toHaveLength(1);
  });

  test('of a user that does not exist are none at all', async () => {
    expect(await done(EFFECTIVE, { user: 'nobody' })).toBeNull();
    const reading = await server.askAdmin(EFFECTIVE, {
      token: await server.adminToken('READ_ONLY'),
      variables: { user: (await newUser(await newRole({ 'tag.find': null }))).documentId },
    });
    expect(reading.data.effectivePermissions).toHaveLength(1);
  });
});
