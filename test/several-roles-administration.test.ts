import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { carryOut, runCommandOn } from './support/command.ts';
import { send, startServer, type TestServer } from './support/start.ts';

/** Further roles and includes, as administrators, managers on `/graphql`, the command line and the permissions file change them. */

let server: TestServer;
let admin: string;
const directory = mkdtempSync(join(tmpdir(), 'gatehouse-roles-'));
beforeAll(async () => {
  server = await startServer();
  admin = await server.adminToken();
});
afterAll(async () => {
  await server?.close();
  rmSync(directory, { recursive: true, force: true });
});

interface Role {
  readonly id: string;
  readonly documentId: string;
  readonly type: string;
  readonly version: number;
}

const ROLE = 'id documentId type version includes { type } includedBy { type } permissions effectivePermissions';
const CREATE_ROLE = `mutation ($d: CreateRoleInput!) { createRole(data: $d) { ${ROLE} } }`;
const UPDATE_ROLE = `mutation ($id: ID!, $d: UpdateRoleInput!, $v: Int) { updateRole(documentId: $id, data: $d, version: $v) { ${ROLE} } }`;
const DELETE_ROLE =
  'mutation ($id: ID!, $to: ID!) { deleteRole(documentId: $id, moveUsersTo: $to) { movedUsers movedTo { type } } }';
const CREATE_USER =
  'mutation ($d: CreateUserInput!) { createUser(data: $d) { id documentId role { type } roles { type } } }';
const UPDATE_USER =
  'mutation ($id: ID!, $d: UpdateUserInput!) { updateUser(documentId: $id, data: $d) { role { type } roles { type } } }';

/** What came of a mutation of an administrator. */
// biome-ignore lint/suspicious/noExplicitAny: it has the shape that its document asked for
async function done(document: string, variables: Record<string, unknown>): Promise<any> {
  const { data, errors, text } = await server.askAdmin(document, { token: admin, variables });
  if (errors) throw new Error(text);
  return Object.values(data)[0];
}

/** Why it was refused: each validation error with its path, or the message. */
async function refused(document: string, variables: Record<string, unknown>): Promise<string> {
  const { errors } = await server.askAdmin(document, { token: admin, variables });
  const faults = errors?.[0]?.extensions.error.details.errors;
  return faults?.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ') ?? String(errors?.[0]?.message);
}

let names = 0;

/** A new role with these permissions and no others. */
async function newRole(permissions: readonly string[], includes: readonly Role[] = []): Promise<Role> {
  const type = `role_${++names}`;
  await server.database.prisma.role.create({
    data: {
      ...{ name: `Role ${names}`, type },
      permissions: { create: permissions.map((action) => ({ action })) },
      includes: { create: includes.map(({ id }) => ({ includedId: Number(id) })) },
    },
  });
  const { data } = await server.askAdmin(`query ($t: String) { roles(filters: { type: { eq: $t } }) { ${ROLE} } }`, {
    token: admin,
    variables: { t: type },
  });
  return data.roles[0];
}

interface User {
  readonly id: string;
  readonly documentId: string;
  readonly username: string;
}

async function newUser(...roles: Role[]): Promise<User> {
  const username = `person${++names}`;
  const data = {
    username,
    email: `${username}@example.com`,
    password: 'gatehouse-demo',
    roles: roles.map(({ id }) => id),
  };
  return { ...(await done(CREATE_USER, { d: data })), username };
}

/** The main role and all roles of a user, as the database has them. */
async function rolesOf({ id }: User): Promise<[main: string, all: string[]]> {
  const rows = await server.database.query(
    `SELECT r."type", r."id" = u."roleId" AS "main" FROM "roles_of_users" m
     JOIN "users" u ON u."id" = m."userId" JOIN "roles" r ON r."id" = m."roleId" WHERE m."userId" = $1 ORDER BY r."id"`,
    [Number(id)],
  );
  return [String(rows.find(({ main }) => main === true)?.['type']), rows.map(({ type }) => String(type))];
}

async function lastEvents(count: number) {
  const entries = await server.database.prisma.auditEntry.findMany({ orderBy: { id: 'desc' }, take: count });
  return entries.map(({ event, targetName, before, after }) => ({ event, targetName, before, after })).reverse();
}

describe('an administrator', () => {
  test('sees how many users have a role, as the main one or beside it, in one statement for a list', async () => {
    const [main, further, none] = [await newRole([]), await newRole([]), await newRole([])];
    await newUser(main);
    await newUser(main, further);
    // The main role can be among the further ones, and is counted once.
    const { id } = await newUser(further);
    await server.database.prisma.userRole.create({ data: { userId: Number(id), roleId: Number(further.id) } });
    const document = `query ($ids: [ID!]) { roles(filters: { documentId: { in: $ids } }, sort: "name") { documentId userCount } }`;
    const ids = [main, further, none].map(({ documentId }) => documentId);
    await server.gatehouse.idle();
    const counted = async (variables: Record<string, unknown>) => {
      server.statements.length = 0;
      const { data, text } = await server.askAdmin(document, { token: admin, variables });
      expect(data, text).toBeDefined();
      return { roles: data.roles, statements: server.statements.length };
    };
    const all = await counted({ ids });
    const users = new Map(
      all.roles.map((role: { documentId: string; userCount: number }) => [role.documentId, role.userCount]),
    );
    expect(ids.map((documentId) => users.get(documentId))).toEqual([2, 2, 0]);
    expect((await counted({ ids: ids.slice(0, 1) })).statements).toBe(all.statements);
    expect(server.statements.filter((sql) => sql.includes('roles_of_users'))).toHaveLength(1);
  });

  test('lets a role include others, and sees what it allows with them', async () => {
    const reader = await newRole(['post.find', 'tag.find']);
    const writer = await newRole(['post.create', 'post.find'], [reader]);
    const editor = await done(CREATE_ROLE, {
      d: { name: `Editor ${++names}`, permissions: ['post.delete'], includes: [writer.documentId, reader.id] },
    });
    expect(editor.includes.map(({ type }: Role) => type)).toEqual([reader.type, writer.type]);
    expect(editor.permissions).not.toContain('post.find');
    expect(editor.effectivePermissions).toEqual([...editor.permissions, 'post.create', 'post.find', 'tag.find'].sort());
    expect(await lastEvents(1)).toMatchObject([
      { event: 'role.create', after: { includes: [reader.type, writer.type].sort() } },
    ]);

    const changed = await done(UPDATE_ROLE, { id: editor.documentId, d: { includes: [writer.id] }, v: editor.version });
    expect(changed.includes).toEqual([{ type: writer.type }]);
    expect(changed.version).toBeGreaterThan(editor.version);
    expect(changed.effectivePermissions).toEqual(editor.effectivePermissions); // by way of the other
    expect(await lastEvents(1)).toEqual([
      {
        event: 'role.setIncludes',
        targetName: editor.type,
        before: { removed: [reader.type] },
        after: { added: [] },
      },
    ]);
    expect(await refused(UPDATE_ROLE, { id: editor.documentId, d: { includes: [] }, v: editor.version })).toContain(
      'changed meanwhile',
    );
    // What is not named stays; a copy includes what its original includes.
    const renamed = await done(UPDATE_ROLE, { id: editor.documentId, d: { name: `Chief ${++names}` } });
    expect(renamed.includes).toEqual([{ type: writer.type }]);
    const copy = await done(CREATE_ROLE, { d: { name: `Copy ${++names}`, copyOf: editor.id } });
    expect(copy.effectivePermissions).toEqual(editor.effectivePermissions);
    const { data } = await server.askAdmin(`{ role(documentId: "${writer.documentId}") { includedBy { type } } }`, {
      token: admin,
    });
    expect(data.role.includedBy.map(({ type }: Role) => type)).toEqual([editor.type, copy.type]);
  });

  test('is told of a circle and of a role that does not exist, and nothing is changed', async () => {
    const first = await newRole([]);
    const second = await newRole([], [first]);
    const third = await newRole(['tag.find'], [second]);
    const events = await server.database.prisma.auditEntry.count();
    expect(await refused(UPDATE_ROLE, { id: first.documentId, d: { includes: [first.id] } })).toBe(
      `includes.0: includes would make a circle: ${first.type} → ${first.type}`,
    );
    const other = await newRole([]);
    expect(await refused(UPDATE_ROLE, { id: first.documentId, d: { includes: [other.id, third.id] } })).toBe(
      `includes.1: includes would make a circle: ${[first, third, second, first].map(({ type }) => type).join(' → ')}`,
    );
    expect(await refused(UPDATE_ROLE, { id: first.documentId, d: { includes: ['nobody', '99999999'] } })).toBe(
      'includes.0: includes names a role that does not exist; includes.1: includes names a role that does not exist',
    );
    expect(await refused(UPDATE_ROLE, { id: first.documentId, d: { includes: null } })).toContain('includes');
    expect(await refused(CREATE_ROLE, { d: { name: `Never ${++names}`, includes: ['nobody'] } })).toContain(
      'includes.0: includes names a role',
    );
    expect(await server.database.prisma.auditEntry.count()).toBe(events);
    expect(await server.database.prisma.roleInclude.count({ where: { roleId: Number(first.id) } })).toBe(0);
  });

  test('closes no circle together with another one at the same moment', async () => {
    for (let time = 0; time < 5; time++) {
      const [one, two, three] = [await newRole([]), await newRole([]), await newRole([])];
      await done(UPDATE_ROLE, { id: two.documentId, d: { includes: [three.id] } });
      const set = async (role: Role, included: Role) =>
        (
          await server.askAdmin(UPDATE_ROLE, {
            token: admin,
            variables: { id: role.documentId, d: { includes: [included.id] } },
          })
        ).errors?.[0]?.extensions.error.details.errors?.[0]?.message ?? 'done';
      const both = await Promise.all([set(one, two), set(three, one)]);
      expect(both.filter((outcome) => outcome === 'done')).toHaveLength(1);
      expect(both.find((outcome) => outcome !== 'done')).toContain('includes would make a circle');
    }
  });

  test('gives a user several roles', async () => {
    const [one, two, three] = [await newRole([]), await newRole([]), await newRole([])];
    const user = await newUser(two, one);
    expect(await rolesOf(user)).toEqual([two.type, [one.type, two.type]]);
    expect(await lastEvents(1)).toMatchObject([
      { event: 'user.create', after: { role: two.type, roles: [two.type, one.type] } },
    ]);
    const set = (d: Record<string, unknown>) => done(UPDATE_USER, { id: user.documentId, d });
    const cases: readonly [change: Record<string, unknown>, main: Role, all: readonly Role[]][] = [
      [{ role: three.id }, three, [one, three]], // the further ones stay
      [{ role: one.documentId }, one, [one]], // it was a further one
      [{ roles: [three.id, two.id, two.documentId] }, three, [two, three]],
      [{ role: one.id, roles: [two.id] }, one, [one, two]],
      [{ role: two.id, roles: [three.id, two.id] }, two, [two, three]],
      [{ confirmed: true }, two, [two, three]],
      [{ roles: [two.id] }, two, [two]],
    ];
    for (const [change, main, all] of cases) {
      await set(change);
      expect(await rolesOf(user), JSON.stringify(change)).toEqual([main.type, all.map(({ type }) => type)]);
    }
    expect(await lastEvents(1)).toEqual([
      {
        event: 'user.update',
        targetName: user.username,
        before: { roles: [two.type, three.type] },
        after: { roles: [two.type] },
      },
    ]);
    const update = (d: Record<string, unknown>) => refused(UPDATE_USER, { id: user.documentId, d });
    expect(await update({ roles: [] })).toBe('roles: roles must name at least one role: every user has a main role');
    expect((await update({ roles: Array.from({ length: 500 }, () => 'nobody') })).split(';')).toHaveLength(20);
    expect(await update({ roles: [two.id, 'nobody'] })).toBe('roles.1: roles names a role that does not exist');
    expect(await update({ role: 'nobody', roles: [two.id] })).toBe('role: role names a role that does not exist');
    expect(await rolesOf(user)).toEqual([two.type, [two.type]]);
  });

  test('finds users by any of their roles', async () => {
    const [one, two] = [await newRole([]), await newRole([])];
    const [first, second] = [await newUser(one), await newUser(two, one)];
    const document =
      'query ($t: String) { users(filters: { roles: { type: { eq: $t } } }, sort: "id") { username roles(sort: "type") { type } roles_connection { pageInfo { total } } } }';
    const ask = (t: string) =>
      server.askAdmin(document.replace(', sort: "id"', ''), { token: admin, variables: { t } });
    expect((await ask(one.type)).data.users).toEqual([
      { username: first.username, roles: [{ type: one.type }], roles_connection: { pageInfo: { total: 1 } } },
      {
        username: second.username,
        roles: [{ type: one.type }, { type: two.type }],
        roles_connection: { pageInfo: { total: 2 } },
      },
    ]);
    expect((await ask(two.type)).data.users).toHaveLength(1);
  });

  test('sees what a page of roles allows with one statement more', async () => {
    const first = await newRole(['tag.find']);
    for (let count = 0; count < 5; count++) await newRole([], [first]);
    const ask = async (fields: string) => {
      await server.gatehouse.idle();
      server.statements.length = 0;
      const { data } = await server.askAdmin(`{ roles(pagination: { limit: 50 }) { ${fields} } }`, { token: admin });
      return { data, statements: server.statements.length };
    };
    const { statements } = await ask('type');
    const { data, statements: more } = await ask('type effectivePermissions');
    expect(
      data.roles.filter((role: { effectivePermissions: string[] }) => role.effectivePermissions.includes('tag.find'))
        .length,
    ).toBeGreaterThan(5);
    expect(more).toBe(statements + 1);
  });

  test('deletes a role: further memberships go, main ones move, and a role that is included stays', async () => {
    const target = await newRole([]);
    const gone = await newRole(['tag.find']);
    const including = await newRole([], [gone]);
    const [main, beside, both] = [await newUser(gone), await newUser(target, gone), await newUser(gone, target)];
    expect(await refused(DELETE_ROLE, { id: gone.documentId, to: target.id })).toBe(
      `These roles include it: Role ${including.type.split('_')[1]}. Remove it from their includes first.`,
    );
    await expect(server.database.query('DELETE FROM "roles" WHERE "id" = $1', [Number(gone.id)])).rejects.toThrow();
    await done(UPDATE_ROLE, { id: including.documentId, d: { includes: [] } });
    expect(await done(DELETE_ROLE, { id: gone.documentId, to: target.id })).toEqual({
      movedUsers: 2,
      movedTo: { type: target.type },
    });
    for (const user of [main, beside, both]) expect(await rolesOf(user)).toEqual([target.type, [target.type]]);
    expect(await server.database.prisma.userRole.count({ where: { roleId: Number(target.id) } })).toBe(0);
    expect(await lastEvents(1)).toMatchObject([
      { event: 'role.delete', after: { users: 2, movedTo: target.type, furtherUsers: 1 } },
    ]);
    // One that includes others goes without them.
    await done(UPDATE_ROLE, { id: including.documentId, d: { includes: [target.id] } });
    await done(DELETE_ROLE, { id: including.documentId, to: target.id });
    expect(await server.database.prisma.role.count({ where: { id: Number(target.id) } })).toBe(1);
  });
});

describe('on /graphql, a manager', () => {
  const CREATE =
    'mutation ($d: UsersPermissionsUserInput!) { createUsersPermissionsUser(data: $d) { data { id documentId } } }';
  const UPDATE =
    'mutation ($id: ID!, $d: UsersPermissionsUserInput!) { updateUsersPermissionsUser(id: $id, data: $d) { data { id } } }';
  const DELETE = 'mutation ($id: ID!) { deleteUsersPermissionsUser(id: $id) { data { id } } }';
  const UPDATE_A_ROLE =
    'mutation ($id: ID!, $d: UsersPermissionsRoleInput!) { updateUsersPermissionsRole(id: $id, data: $d) { ok } }';
  const DELETE_A_ROLE = 'mutation ($id: ID!, $to: ID) { deleteUsersPermissionsRole(id: $id, moveUsersTo: $to) { ok } }';
  let manager: string;
  let small: Role;
  let large: Role;
  let hidden: Role;
  let around: Role;

  beforeAll(async () => {
    // Every permission of the manager comes by another way: an include, a further role, an include of that.
    const updating = await newRole(['user.update', 'user.delete', 'tag.find']);
    const base = await newRole(['auth.login', 'user.find'], [await newRole(['user.create'])]);
    const beside = await newRole(['role.update', 'role.delete'], [updating]);
    manager = await server.tokenOf((await newUser(base, beside)).username);
    small = await newRole(['tag.find']);
    large = await newRole(['post.delete']);
    hidden = await newRole([], [large]); // nothing of its own
    around = await newRole(['tag.find'], [await newRole([], [hidden])]);
  });

  async function outcome(document: string, variables: Record<string, unknown>): Promise<string> {
    const { errors } = await server.ask(document, { token: manager, variables });
    return errors?.[0]?.extensions.code ?? 'done';
  }

  const user = (roles: readonly Role[]) => {
    const username = `person${++names}`;
    const account = { username, email: `${username}@example.com`, password: 'a good password' };
    return { ...account, roles: roles.map(({ id }) => id) };
  };

  test('has the permissions of all roles', async () => {
    expect(await outcome('{ usersPermissionsUsers { username } tags { name } }', {})).toBe('done');
    expect(await outcome('{ posts { title } }', {})).toBe('FORBIDDEN');
  });

  test('gives users further roles up to the own permissions, and not beyond them by any way', async () => {
    expect(await outcome(CREATE, { d: user([small]) })).toBe('done');
    for (const role of [large, hidden, around]) {
      expect(await outcome(CREATE, { d: user([role]) }), role.type).toBe('FORBIDDEN');
      expect(await outcome(CREATE, { d: user([small, role]) }), role.type).toBe('FORBIDDEN');
      expect(await outcome(CREATE, { d: { ...user([role]), role: small.id } }), role.type).toBe('FORBIDDEN');
    }
    const below = await newUser(small);
    expect(await outcome(UPDATE, { id: below.id, d: { roles: [small.id] } })).toBe('done');
    for (const role of [large, hidden, around]) {
      for (const d of [{ role: role.id }, { roles: [small.id, role.id] }, { role: small.id, roles: [role.id] }]) {
        expect(await outcome(UPDATE, { id: below.id, d }), JSON.stringify(d)).toBe('FORBIDDEN');
      }
    }
    expect(await rolesOf(below)).toEqual([small.type, [small.type]]);
  });

  test('does not touch a user who has more by any role', async () => {
    for (const role of [large, hidden, around]) {
      for (const above of [await newUser(small, role), await newUser(role, small)]) {
        for (const d of [{ password: 'a good password' }, { roles: [small.id] }, { role: small.id }]) {
          expect(await outcome(UPDATE, { id: above.id, d }), role.type).toBe('FORBIDDEN');
        }
        expect(await outcome(DELETE, { id: above.id })).toBe('FORBIDDEN');
      }
    }
  });

  test('does not touch a role that allows more by what it includes', async () => {
    for (const role of [hidden, around]) {
      expect(await outcome(UPDATE_A_ROLE, { id: role.id, d: { description: 'mine' } })).toBe('FORBIDDEN');
      expect(await outcome(DELETE_A_ROLE, { id: role.id, to: small.id })).toBe('FORBIDDEN');
    }
    const going = await newRole([]);
    await newUser(going);
    expect(await outcome(DELETE_A_ROLE, { id: going.id, to: around.id })).toBe('FORBIDDEN');
    expect(await outcome(UPDATE_A_ROLE, { id: small.id, d: { description: 'ours' } })).toBe('done');
  });

  test('is not told by which roles one is included, without being allowed to see roles', async () => {
    const included = await newRole(['tag.find']);
    const by = await newRole([], [included]);
    const { errors } = await server.ask(DELETE_A_ROLE, {
      token: manager,
      variables: { id: included.id, to: small.id },
    });
    expect(errors?.[0]?.message).toBe('Another role includes it. Remove it from their includes first.');
    expect(JSON.stringify(errors)).not.toContain(by.type);
  });

  test('sees and filters by the roles of users only with role.find', async () => {
    const ask = (document: string) => server.ask(document, { token: manager });
    const { data, errors } = await ask('{ usersPermissionsUsers { username roles { type } } }');
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    expect(data.usersPermissionsUsers[0].roles).toBeNull();
    const filtered = await ask(
      '{ usersPermissionsUsers(filters: { roles: { type: { eq: "editor" } } }) { username } }',
    );
    expect(filtered.errors?.[0]?.message).toContain('Invalid key roles');
  });

  test('loses what a deep include gave with the next request, in the middle of management too', async () => {
    const giving = await newRole(['user.update', 'tag.find']);
    const person = await newUser(await newRole(['auth.login']), await newRole([], [giving]));
    const token = await server.tokenOf(person.username);
    const target = await newUser(small);
    const document = UPDATE;
    const variables = { id: target.id, d: { confirmed: true } };
    expect((await server.ask(document, { token, variables })).errors).toBeUndefined();
    await server.database.query(`DELETE FROM "permissions" WHERE "roleId" = $1 AND "action" = 'tag.find'`, [
      Number(giving.id),
    ]);
    // The ceiling is read in the transaction.
    expect((await server.ask(document, { token, variables })).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });
});

describe('the command line', () => {
  test('gives a user several roles, and changes what a role includes', async () => {
    const [one, two, three] = [await newRole(['tag.find']), await newRole([]), await newRole([])];
    const user = await newUser(one);
    expect(await carryOut(server, ['user', 'roles', user.username, two.type, one.type])).toContain(
      `has these roles now, the main one first: Role ${two.type.split('_')[1]}, Role ${one.type.split('_')[1]}`,
    );
    expect(await rolesOf(user)).toEqual([two.type, [one.type, two.type]]);
    expect(await carryOut(server, ['user', 'role', user.username, three.type])).toContain('has the role');
    expect(await rolesOf(user)).toEqual([three.type, [one.type, three.type]]);
    expect((await runCommandOn(server, ['user', 'roles', user.username, 'nobody'])).output).toContain(
      'There is no role nobody',
    );

    expect(await carryOut(server, ['role', 'include', two.type, one.type, three.type])).toContain(
      [one.type, three.type].sort().join(', '),
    );
    expect(await carryOut(server, ['role', 'exclude', two.type, three.type])).toContain(`includes: ${one.type}`);
    expect((await runCommandOn(server, ['role', 'include', one.type, two.type])).output).toContain(
      `${one.type} → ${two.type} → ${one.type}`,
    );
    const list = await carryOut(server, ['role', 'list']);
    expect(list.split('\n').find((line) => line.startsWith(`${two.type} `))).toMatch(new RegExp(`0 +0 +${one.type}$`));
    expect(list.split('\n').find((line) => line.startsWith(`${one.type} `))).toMatch(/1 +1 +-$/);
    const permissions = (await carryOut(server, ['permissions', 'list']))
      .split('\n')
      .map((line) => line.split(/ {2,}/));
    const column = permissions[0]?.indexOf(two.type) ?? -1;
    expect(permissions.find(([action]) => action === 'tag.find')?.[column]).toBe('included');
    expect(permissions.find(([action]) => action === 'post.find')?.[column]).toBe('-');
  });
});

describe('the permissions file', () => {
  const file = join(directory, 'permissions.yaml');
  const pull = async () => {
    await carryOut(server, ['permissions', 'pull', file]);
    return readFileSync(file, 'utf8');
  };
  const plan = (text: string) => {
    writeFileSync(file, text);
    return runCommandOn(server, ['permissions', 'plan', file]);
  };
  /** The text with the includes of one role, and no others for it. */
  const withIncludes = (text: string, { type }: Role, includes: readonly string[]) =>
    text.replace(
      new RegExp(`(\\n {2}${type}:\\n(?: {4}name: .*\\n| {4}description: .*\\n)+)( {4}includes:\\n(?: {6}- .*\\n)+)?`),
      (_all, head: string) =>
        `${head}${includes.length > 0 ? `    includes:\n${includes.map((one) => `      - ${one}\n`).join('')}` : ''}`,
    );

  test('has the includes of each role, and is the same when it is pulled again', async () => {
    const reader = await newRole(['tag.find']);
    const writer = await newRole([], [reader]);
    const text = await pull();
    expect(text).toMatch(
      new RegExp(`${writer.type}:\\n.*\\n.*\\n {4}includes:\\n {6}- ${reader.type}\\n {4}permissions:`),
    );
    expect(await pull()).toBe(text);
    expect((await plan(text)).output).toBe('Nothing to do: the roles are as the file says.');
    // Somebody else changes an include: the file is not applied over it.
    await done(UPDATE_ROLE, { id: writer.documentId, d: { includes: [] } });
    const stale = await plan(text);
    expect(stale.code).toBe(1);
    expect(stale.output).toContain('the roles were changed since the file was pulled');
  });

  test('says who gains and loses what by an include, and does it', async () => {
    const reader = await newRole(['tag.find', 'post.create']);
    const between = await newRole([], [reader]);
    const writer = await newRole(['tag.find']);
    await newUser(writer);
    await newUser(await newRole([]), writer);
    const name = ({ type }: Role) => `Role ${type.split('_')[1]}`;
    const before = await pull();
    const text = withIncludes(before, writer, [between.type]);
    expect((await plan(text)).output.split('\n')).toEqual([
      `${name(writer)} includes ${name(between)} now, and gains post.create: WRITES, 2 users`,
    ]);
    await carryOut(server, ['permissions', 'apply', file]);
    expect(await lastEvents(1)).toMatchObject([
      { event: 'role.setIncludes', targetName: writer.type, after: { added: [between.type] } },
    ]);
    expect(await carryOut(server, ['permissions', 'check', await pull().then(() => file)])).toContain(
      'as the file says',
    );
    // What the deepest role gains, all of them gain.
    const more = (await pull()).replace(
      new RegExp(`(\\n {2}${reader.type}:\\n(?:.*\\n)*? {4}permissions:\\n)`),
      '$1      - author.find\n',
    );
    expect((await plan(more)).output).toContain(`${name(reader)} gains author.find: reads, 2 users`);
    const back = withIncludes(await pull(), writer, []);
    expect((await plan(back)).output).toBe(
      `${name(writer)} does not include ${name(between)} any more, and loses post.create: WRITES, 2 users`,
    );
    await carryOut(server, ['permissions', 'apply', file]);
    // Byte for byte, but for the name of the state.
    expect((await pull()).replace(/pulledFrom: .*/, '')).toBe(before.replace(/pulledFrom: .*/, ''));
  });

  test('turns an include round in one step, and refuses circles and unknown roles', async () => {
    const one = await newRole([]);
    const two = await newRole([], [one]);
    const text = await pull();
    const circle = await plan(withIncludes(text, one, [two.type]));
    expect(circle.code).toBe(1);
    expect(circle.output).toContain(`It cannot be applied: ${one.type} includes itself, by ${two.type}`);
    const unknown = await plan(withIncludes(text, one, ['nobody']));
    expect(unknown.output).toContain(`It cannot be applied: ${one.type} includes nobody, which is not in the file`);
    expect(unknown.code).toBe(1);
    const turned = await plan(withIncludes(withIncludes(text, one, [two.type]), two, []));
    expect(turned.code).toBe(0);
    await carryOut(server, ['permissions', 'apply', file]);
    const includes = await server.database.prisma.roleInclude.findMany({
      where: { roleId: { in: [Number(one.id), Number(two.id)] } },
    });
    expect(includes).toEqual([{ roleId: Number(one.id), includedId: Number(two.id) }]);
  });

  test('deletes roles that include each other, and counts who loses them', async () => {
    const one = await newRole([]);
    const two = await newRole([], [one]);
    const user = await newUser(await newRole([]), one);
    const text = [one, two].reduce(
      (all, { type }) => all.replace(new RegExp(`\\n {2}${type}:\\n(?: {4,}.*\\n)+`), '\n'),
      await pull(),
    );
    const { output } = await plan(text);
    expect(output).toContain(`(${one.type}) is deleted: 0 users, and 1 more who have it beside another role`);
    await carryOut(server, ['permissions', 'apply', file]);
    expect((await rolesOf(user))[1]).toHaveLength(1);
    expect(await server.database.prisma.role.count({ where: { type: { in: [one.type, two.type] } } })).toBe(0);
  });

  test('warns of what Public includes', async () => {
    const reader = await newRole(['author.create']);
    const everybody = { type: 'public' } as Role;
    const { output, code } = await plan(withIncludes(await pull(), everybody, [reader.type]));
    expect(code).toBe(0);
    expect(output.split('\n')).toEqual([
      `Public includes Role ${reader.type.split('_')[1]} now, and gains author.create: WRITES, anonymous`,
      `Warning: Public includes Role ${reader.type.split('_')[1]}: what it allows needs no login`,
    ]);
    await carryOut(server, ['permissions', 'apply', file]);
    const more = (await pull()).replace(
      new RegExp(`(\\n {2}${reader.type}:\\n(?:.*\\n)*? {4}permissions:\\n)`),
      '$1      - tag.create\n',
    );
    expect((await plan(more)).output).toContain('gains tag.create: WRITES, anonymous and 0 users');
    await carryOut(server, ['role', 'exclude', 'public', reader.type]);
  });
});

test('with a thousand roles, ten a user, a request is known with one statement, and then with none', async () => {
  const many = await startServer();
  try {
    await many.database.query(
      `INSERT INTO "roles" ("documentId", "name", "type", "updatedAt")
       SELECT 'many' || n, 'Many ' || n, 'many_' || n, now() FROM generate_series(1, 1000) n`,
      [],
    );
    await many.database.query(
      `INSERT INTO "permissions" ("roleId", "action") SELECT "id", 'some' || n || '.find'
       FROM "roles", generate_series(1, 20) n WHERE "type" LIKE 'many%'`,
      [],
    );
    // Each includes the one of half its number: chains of up to ten.
    await many.database.query(
      `INSERT INTO "role_includes" SELECT a."id", b."id" FROM "roles" a
       JOIN "roles" b ON b."type" = 'many_' || (split_part(a."type", '_', 2)::int / 2)
       WHERE a."type" LIKE 'many%' AND split_part(a."type", '_', 2)::int > 1`,
      [],
    );
    for (const username of ['editor', 'moderator', 'reader']) {
      await many.database.query(
        `INSERT INTO "user_roles" SELECT u."id", r."id" FROM "users" u,
         LATERAL (SELECT "id" FROM "roles" WHERE "type" LIKE 'many%' AND u."id" > 0 ORDER BY random() LIMIT 10) r
         WHERE u."username" = $1`,
        [username],
      );
      const token = await many.tokenOf(username);
      await many.gatehouse.idle();
      for (const statements of [1, 0, 0]) {
        many.statements.length = 0;
        const { data } = await send(many.url, '{ me { roles { type } } }', { token });
        expect(data.me.roles).toHaveLength(11);
        expect(many.statements).toHaveLength(statements);
      }
    }
  } finally {
    await many.close();
  }
});
