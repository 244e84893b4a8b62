import { setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { Grant } from '../src/authorization/grants.ts';
import { openDatabase } from './blog/open-database.ts';
import { restrict } from './support/restrict.ts';
import { testServerUrl } from './support/server-url.ts';
import { send, startServer, type TestServer } from './support/start.ts';

/** Users with several roles, and roles that include roles: what they are allowed is the union, at any moment. */

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.close());

/** An action, and a root field that needs it and nothing else. */
const FIELDS = {
  'post.find': 'posts { title }',
  'author.find': 'authors { name }',
  'category.find': 'categories { name }',
  'tag.find': 'tags { name }',
  'siteSetting.find': 'siteSetting { documentId }',
} as const;
type Action = keyof typeof FIELDS;
const ACTIONS = Object.keys(FIELDS) as Action[];
const EVERY = `{ ${ACTIONS.map((action, index) => `f${index}: ${FIELDS[action]}`).join(' ')} }`;

/** Which of the actions a request is allowed. */
async function allowed(token: string | undefined, url = server.url): Promise<Action[]> {
  const { errors = [] } = await send(url, EVERY, { token });
  for (const { extensions } of errors) expect(extensions.code).toBe('FORBIDDEN');
  const refused = errors.map(({ path }) => ACTIONS[Number(String(path?.[0]).slice(1))]);
  return ACTIONS.filter((action) => !refused.includes(action));
}

/** Runs SQL as somebody with psql would, and waits until it was notified. */
async function byHand(sql: string, values: readonly unknown[] = []): Promise<void> {
  await server.database.query(sql, values);
  expect(await server.database.changes.catchUp()).toBe(true);
}

let names = 0;

async function newRole(actions: readonly string[] = []): Promise<number> {
  const type = `role_${++names}`;
  const { id } = await server.database.prisma.role.create({
    data: { name: type, type, permissions: { create: ['user.me', ...actions].map((action) => ({ action })) } },
  });
  return id;
}

async function include(roleId: number, includedId: number): Promise<void> {
  await server.database.prisma.roleInclude.create({ data: { roleId, includedId } });
}

async function newUser(roleId: number, further: readonly number[] = []): Promise<{ id: number; token: string }> {
  const name = `person${++names}`;
  const input = { username: name, email: `${name}@example.com`, password: 'a good password' };
  const document = 'mutation ($i: UsersPermissionsRegisterInput!) { register(input: $i) { jwt user { id } } }';
  const { data } = await server.ask(document, { variables: { i: input } });
  const id = Number(data.register.user.id);
  await server.database.prisma.user.update({
    where: { id },
    data: { roleId, furtherRoles: { create: further.map((role) => ({ roleId: role })) } },
  });
  expect(await server.database.changes.catchUp()).toBe(true);
  return { id, token: data.register.jwt };
}

const role = fc.record({
  actions: fc.subarray(ACTIONS),
  /** Which of the roles before it it includes: so there is no circle. */
  includes: fc.array(fc.nat({ max: 100 }), { maxLength: 3 }),
});
const world = fc.record({
  roles: fc.array(role, { minLength: 2, maxLength: 8 }),
  users: fc.array(fc.array(fc.nat({ max: 100 }), { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3 }),
  changes: fc.array(
    fc.record({
      kind: fc.constantFrom('permission', 'include', 'member'),
      one: fc.nat({ max: 100 }),
      other: fc.nat({ max: 100 }),
    }),
    { maxLength: 6 },
  ),
});

test('a user is allowed what the main role, the further ones and all that they include are allowed, whatever changes', async () => {
  await fc.assert(
    fc.asyncProperty(world, async ({ roles, users, changes }) => {
      const at = <T>(list: readonly T[], index: number) => list[index % list.length] as T;
      const model = roles.map(({ actions, includes }, index) => ({
        actions: new Set<string>(actions),
        includes: new Set(index === 0 ? [] : includes.map((one) => one % index)),
      }));
      const ids: number[] = [];
      for (const { actions } of model) ids.push(await newRole([...actions]));
      for (const [index, { includes }] of model.entries()) {
        for (const included of includes) await include(ids[index] as number, ids[included] as number);
      }
      const people: { id: number; token: string; main: number; further: Set<number> }[] = [];
      for (const wanted of users) {
        const [main, ...further] = [...new Set(wanted.map((one) => one % model.length))] as [number, ...number[]];
        const user = await newUser(
          ids[main] as number,
          further.map((one) => ids[one] as number),
        );
        people.push({ ...user, main, further: new Set(further) });
      }

      /** The plain rule. */
      const reach = (index: number): string[] => {
        const { actions, includes } = at(model, index);
        return [...actions, ...[...includes].flatMap(reach)];
      };
      const check = async () => {
        for (const { token, main, further } of people) {
          const expected = new Set([main, ...further].flatMap(reach));
          expect(await allowed(token)).toEqual(ACTIONS.filter((action) => expected.has(action)));
        }
      };
      await check();
      for (const { kind, one, other } of changes) {
        const index = one % model.length;
        const { actions, includes } = at(model, index);
        const roleId = ids[index] as number;
        if (kind === 'permission') {
          const action = at(ACTIONS, other);
          if (actions.delete(action)) {
            await byHand('DELETE FROM "permissions" WHERE "roleId" = $1 AND "action" = $2', [roleId, action]);
          } else {
            actions.add(action);
            await byHand('INSERT INTO "permissions" ("roleId", "action") VALUES ($1, $2)', [roleId, action]);
          }
        } else if (kind === 'include') {
          if (index === 0) continue;
          const included = other % index;
          const pair = [roleId, ids[included]];
          if (includes.delete(included)) {
            await byHand('DELETE FROM "role_includes" WHERE "roleId" = $1 AND "includedId" = $2', pair);
          } else {
            includes.add(included);
            await byHand('INSERT INTO "role_includes" ("roleId", "includedId") VALUES ($1, $2)', pair);
          }
        } else {
          const { id, further } = at(people, other);
          if (further.delete(index)) {
            await byHand('DELETE FROM "user_roles" WHERE "userId" = $1 AND "roleId" = $2', [id, roleId]);
          } else {
            further.add(index);
            await byHand('INSERT INTO "user_roles" ("userId", "roleId") VALUES ($1, $2)', [id, roleId]);
          }
        }
        await check();
      }
    }),
    { numRuns: 12 },
  );
});

describe('in memory', () => {
  /** How many statements one request takes, and whether it is allowed `post.find`. */
  async function asked(token: string | undefined): Promise<[statements: number, allowed: boolean]> {
    await server.gatehouse.idle();
    server.statements.length = 0;
    const { errors } = await send(server.url, '{ me { username } posts { title } }', { token });
    const reads = server.statements.filter((sql) => !sql.includes('"posts"')).length;
    return [reads, errors === undefined];
  }

  /** A user with a main role and ten others, of which the last reaches `post.find` over four includes. */
  async function deepUser() {
    const chain = [await newRole(['post.find'])];
    for (let depth = 0; depth < 4; depth++) {
      const next = await newRole();
      await include(next, chain.at(-1) as number);
      chain.push(next);
    }
    const others = [];
    for (let count = 0; count < 9; count++) others.push(await newRole());
    const user = await newUser(await newRole(), [...others, chain.at(-1) as number]);
    return { ...user, deepest: chain[0] as number, chain, others };
  }

  test('eleven roles and their includes take one statement, and then none', async () => {
    const { token } = await deepUser();
    expect(await asked(token)).toEqual([1, true]);
    expect(await asked(token)).toEqual([0, true]);
    expect(await asked(token)).toEqual([0, true]);
  });

  test('a change of a deep included role decides the next request, which reads once', async () => {
    const { token, deepest } = await deepUser();
    for (let time = 0; time < 3; time++) await asked(token);
    await byHand(`DELETE FROM "permissions" WHERE "roleId" = $1 AND "action" = 'post.find'`, [deepest]);
    expect(await asked(token)).toEqual([1, false]);
    await byHand(`INSERT INTO "permissions" ("roleId", "action") VALUES ($1, 'post.find')`, [deepest]);
    expect(await asked(token)).toEqual([1, true]);
    expect(await asked(token)).toEqual([0, true]);
    // A role is read as it is, also where somebody gave it an old version again.
    const [row] = await server.database.query('SELECT "version" FROM "roles" WHERE "id" = $1', [deepest]);
    await byHand(`DELETE FROM "permissions" WHERE "roleId" = $1 AND "action" = 'post.find'`, [deepest]);
    await byHand('UPDATE "roles" SET "version" = $2 WHERE "id" = $1', [deepest, row?.['version']]);
    expect(await asked(token)).toEqual([1, false]);
  });

  test('it is known after 100 ms at the latest, and no request asks the database meanwhile', async () => {
    const { token, deepest, chain, id } = await deepUser();
    const changes: readonly [sql: string, values: readonly unknown[], after: boolean][] = [
      [`DELETE FROM "permissions" WHERE "roleId" = $1 AND "action" = 'post.find'`, [deepest], false],
      [`INSERT INTO "permissions" ("roleId", "action") VALUES ($1, 'post.find')`, [deepest], true],
      ['DELETE FROM "role_includes" WHERE "includedId" = $1', [deepest], false],
      ['INSERT INTO "role_includes" ("roleId", "includedId") VALUES ($2, $1)', [deepest, chain[1]], true],
      ['DELETE FROM "user_roles" WHERE "userId" = $1', [id], false],
      ['INSERT INTO "user_roles" ("userId", "roleId") VALUES ($1, $2)', [id, chain.at(-1)], true],
      ['UPDATE "user_roles" SET "roleId" = $2 WHERE "userId" = $1 AND "roleId" <> $2', [id, chain[0]], true],
      ['DELETE FROM "user_roles" WHERE "userId" = $1', [id], false],
    ];
    for (const [sql, values, after] of changes) {
      for (let time = 0; time < 3; time++) await asked(token);
      await server.database.query(sql, values);
      await wait(100);
      expect(await asked(token), sql).toEqual([expect.any(Number), after]);
      await asked(token);
      expect(await asked(token), sql).toEqual([0, after]);
    }
  });

  test('users with the same roles share what they are allowed, and Public shares it with nobody', async () => {
    const { chain, others, token } = await deepUser();
    const second = await newUser(others[0] as number, chain.slice(-1));
    expect((await asked(token))[1]).toBe(true);
    expect((await asked(second.token))[1]).toBe(true);
    await byHand('DELETE FROM "user_roles" WHERE "userId" = $1', [second.id]);
    expect((await asked(second.token))[1]).toBe(false);
    expect((await asked(token))[1]).toBe(true);
  });

  test('everything is read again after a TRUNCATE', async () => {
    const { token } = await deepUser();
    const document = '{ posts { title } }';
    const code = async () => (await server.ask(document, { token })).errors?.[0]?.extensions.code;
    expect(await code()).toBeUndefined();
    for (const table of ['role_includes', 'user_roles']) {
      await byHand(`CREATE TABLE "kept" AS SELECT * FROM "${table}"`);
      await byHand(`TRUNCATE "${table}"`);
      expect(await code()).toBe('FORBIDDEN');
      await byHand(`INSERT INTO "${table}" SELECT * FROM "kept"`);
      await byHand('DROP TABLE "kept"');
      expect(await code()).toBeUndefined();
    }
  });
});

describe('grants of several roles', () => {
  const titles = async (token: string | undefined, document = '{ posts(pagination: { limit: -1 }) { title } }') => {
    const { data, errors } = await server.ask(document, { token });
    return errors ? errors[0]?.extensions.code : data.posts.map(({ title }: { title: string }) => title).sort();
  };
  const expected = async (where: object) => {
    const posts = await server.database.prisma.post.findMany({ where, select: { title: true } });
    return posts.map(({ title }) => title).sort();
  };
  const restrictedRole = async (action: string, grants: readonly Grant[] | null) => {
    const id = await newRole();
    const { type } = await server.database.prisma.role.findUniqueOrThrow({ where: { id } });
    await restrict(server.database, type, action, grants);
    return id;
  };

  test('show the rows of each, by whatever way they come, and all rows where one is without restriction', async () => {
    const featured = await restrictedRole('post.find', [{ where: { featured: { eq: true } } }]);
    const read = await restrictedRole('post.find', [{ where: { views: { gt: 900 } } }]);
    const news = await restrictedRole('post.find', [{ where: { kind: { eq: 'news' } } }]);
    const whole = await restrictedRole('post.find', null);
    await include(read, news);
    const { id, token } = await newUser(featured, [read]);
    const three = { OR: [{ featured: true }, { views: { gt: 900 } }, { kind: 'news' }] };
    expect(await titles(token)).toEqual(await expected(three));
    await byHand('DELETE FROM "role_includes" WHERE "roleId" = $1', [read]);
    expect(await titles(token)).toEqual(await expected({ OR: three.OR.slice(0, 2) }));
    await byHand('INSERT INTO "role_includes" ("roleId", "includedId") VALUES ($1, $2)', [news, whole]);
    await byHand('INSERT INTO "role_includes" ("roleId", "includedId") VALUES ($1, $2)', [read, news]);
    expect(await titles(token)).toEqual(await expected({}));
    await byHand('DELETE FROM "user_roles" WHERE "userId" = $1', [id]);
    expect(await titles(token)).toEqual(await expected({ featured: true }));
  });

  test('of the main role come first, then those of the further ones, then those of what they include', async () => {
    const setting = (views: number) => restrictedRole('post.create', [{ set: { views } }]);
    const [main, first, second, included] = [await setting(1), await setting(2), await setting(3), await setting(4)];
    for (const roleId of [main, first, second, included]) {
      await byHand(`INSERT INTO "permissions" ("roleId", "action") VALUES ($1, 'post.findOne')`, [roleId]);
    }
    const { id, token } = await newUser(main, [second, first]);
    await include(main, included);
    await server.database.changes.catchUp();
    const views = async () => {
      const document = 'mutation { createPost(data: { title: "In order" }) { views } }';
      const { data, text } = await server.ask(document, { token });
      expect(data?.createPost, text).toBeTruthy();
      return data.createPost.views;
    };
    expect(await views()).toBe(1);
    await byHand(`DELETE FROM "permissions" WHERE "action" = 'post.create' AND "roleId" = $1`, [main]);
    expect(await views()).toBe(2);
    await byHand('DELETE FROM "user_roles" WHERE "userId" = $1 AND "roleId" = $2', [id, first]);
    expect(await views()).toBe(3);
    await byHand('DELETE FROM "user_roles" WHERE "userId" = $1', [id]);
    expect(await views()).toBe(4);
  });

  test('that name the user count for users, and not for Public, who has the same role', async () => {
    const { id } = await server.database.prisma.role.findUniqueOrThrow({ where: { type: 'public' } });
    await restrict(server.database, 'public', 'post.find', [{ where: { owner: '$user' } }]);
    const { id: userId, token } = await newUser(id);
    await server.database.prisma.post.create({ data: { title: 'Own post', ownerId: userId } });
    for (let time = 0; time < 2; time++) {
      expect(await titles(undefined)).toBe('FORBIDDEN');
      expect(await titles(token)).toEqual(['Own post']);
    }
    await byHand('UPDATE "roles" SET "description" = $1 WHERE "id" = $2', ['another one', id]);
    expect(await titles(token)).toEqual(['Own post']);
    expect(await titles(undefined)).toBe('FORBIDDEN');
    await restrict(server.database, 'public', 'post.find', null);
  });

  test('know all roles of their viewer as $roles, included ones too', async () => {
    const deep = await newRole();
    const { type } = await server.database.prisma.role.findUniqueOrThrow({ where: { id: deep } });
    const between = await newRole();
    await include(between, deep);
    const main = await restrictedRole('post.find', [{ where: { title: { in: '$roles' } } }]);
    const { id, token } = await newUser(main, [between]);
    await server.database.prisma.post.create({ data: { title: type } });
    expect(await titles(token)).toEqual([type]);
    await byHand('DELETE FROM "user_roles" WHERE "userId" = $1', [id]);
    expect(await titles(token)).toEqual([]);
  });
});

test('Public can include a role too, and from then on requests without a credential are allowed what it is', async () => {
  await byHand(
    `DELETE FROM "permissions" WHERE "action" = 'tag.find' AND "roleId" = (SELECT "id" FROM "roles" WHERE "type" = 'public')`,
  );
  expect(await allowed(undefined)).not.toContain('tag.find');
  const reader = await newRole(['tag.find']);
  const between = await newRole();
  await include(between, reader);
  const { id } = await server.database.prisma.role.findUniqueOrThrow({ where: { type: 'public' } });
  await include(id, between);
  expect(await server.database.changes.catchUp()).toBe(true);
  expect(await allowed(undefined)).toContain('tag.find');
  await byHand('DELETE FROM "permissions" WHERE "roleId" = $1', [reader]);
  expect(await allowed(undefined)).not.toContain('tag.find');
  await byHand('DELETE FROM "role_includes" WHERE "roleId" = $1', [id]);
});

test('me lists the roles of a user, the main one first, each of them once', async () => {
  const [first, second, third, included] = [await newRole(), await newRole(), await newRole(), await newRole()];
  await include(second, included);
  const { token, id } = await newUser(second, [third, first, second]);
  const types = (ids: readonly number[]) =>
    server.database.prisma.role
      .findMany({ where: { id: { in: [...ids] } } })
      .then((rows) => ids.map((one) => rows.find((row) => row.id === one)?.type));
  const { data } = await server.ask('{ me { role { type } roles { id name description type } } }', { token });
  expect(data.me.roles.map(({ type }: { type: string }) => type)).toEqual(await types([second, first, third]));
  expect(data.me.role.type).toBe(data.me.roles[0].type);
  // A login answers the same.
  const { username } = await server.database.prisma.user.findUniqueOrThrow({ where: { id } });
  const login = await server.ask(
    'mutation ($i: UsersPermissionsLoginInput!) { login(input: $i) { user { roles { type } } } }',
    { variables: { i: { identifier: username, password: 'a good password' } } },
  );
  expect(login.data.login.user.roles).toEqual(data.me.roles.map(({ type }: { type: string }) => ({ type })));
});

describe('roles do not include each other in a circle, whoever writes', () => {
  test('in one statement or in several', async () => {
    const [a, b, c] = [await newRole(), await newRole(), await newRole()];
    await include(a, b);
    await include(b, c);
    const insert = 'INSERT INTO "role_includes" ("roleId", "includedId") VALUES';
    for (const sql of [
      `${insert} (${c}, ${a})`,
      `${insert} (${a}, ${a})`,
      `UPDATE "role_includes" SET "includedId" = ${a} WHERE "roleId" = ${b}`,
      `${insert} (${b}, ${a}), (${c}, ${b})`,
    ]) {
      await expect(server.database.query(sql, []), sql).rejects.toThrow(/circle/);
    }
    await include(a, c); // two ways to one role are no circle
  });

  test('at an isolation level that would not see one, nothing is included', async () => {
    const [a, b] = [await newRole(), await newRole()];
    for (const level of ['REPEATABLE READ', 'SERIALIZABLE']) {
      const write = server.database.prisma.$transaction(async (transaction) => {
        await transaction.$executeRawUnsafe(`SET TRANSACTION ISOLATION LEVEL ${level}`);
        await transaction.roleInclude.create({ data: { roleId: a, includedId: b } });
      });
      await expect(write).rejects.toThrow(/read committed/);
    }
  });

  // The embedded database has one connection: nothing happens at the same time.
  if (inject('databaseKind') === 'server') {
    test('and two transactions that would close one together do not both commit', async () => {
      const [row] = await server.database.query('SELECT current_database() AS "name"', []);
      const url = testServerUrl(String(row?.['name']));
      const other = await openDatabase({ kind: 'server', url, listenUrl: undefined });
      try {
        for (let time = 0; time < 10; time++) {
          const ring = [await newRole(), await newRole(), await newRole(), await newRole()] as const;
          await include(ring[0], ring[1]);
          await include(ring[2], ring[3]);
          const close = ({ prisma }: typeof other, roleId: number, includedId: number, delay: number) =>
            prisma.$transaction(async (transaction) => {
              await transaction.role.count(); // it has begun
              await transaction.roleInclude.create({ data: { roleId, includedId } });
              await wait(delay);
            });
          const both = await Promise.allSettled([
            close(server.database, ring[1], ring[2], 20),
            close(other, ring[3], ring[0], 20),
          ]);
          expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
        }
      } finally {
        await other.close();
      }
    });
  }
});

test('an API token has its own permissions only', async () => {
  const reader = await newRole(['tag.find']);
  await byHand(`INSERT INTO "role_includes" SELECT "id", $1 FROM "roles" WHERE "type" IN ('authenticated', 'public')`, [
    reader,
  ]);
  const admin = await server.adminToken();
  const { data } = await server.askAdmin(
    'mutation ($d: CreateApiTokenInput!) { createApiToken(data: $d) { secret } }',
    { token: admin, variables: { d: { name: 'own', kind: 'CUSTOM', lifespan: 'DAYS_7', actions: ['post.find'] } } },
  );
  expect(await allowed(data.createApiToken.secret)).toEqual(['post.find']);
  await byHand('DELETE FROM "role_includes" WHERE "includedId" = $1', [reader]);
});
