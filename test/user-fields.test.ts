import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { AccountHooks } from '../src/accounts/hooks/account-hooks.ts';
import { DEMO_PASSWORD } from '../src/accounts/public-password.ts';
import { GATEHOUSE_USER_COLUMNS } from '../src/accounts/user-columns.ts';
import { ApiError } from '../src/common/errors.ts';
import { ContentTypeError } from '../src/graphql/content-type/content-type-error.ts';
import { buildSchemas } from '../src/project/build-schemas.ts';
import { club, clubTables, declareUserFields, tablesOf, type UserColumns, withUserColumns } from './support/club.ts';
import { type Answer, startServer, type TestServer } from './support/start.ts';

/** Fields of users that are the application's own, through the front door. */

const REGISTER =
  'mutation ($data: UsersPermissionsRegisterInput!) { register(input: $data) { jwt user { id documentId } } }';
const UPDATE_ME = 'mutation ($data: UpdateMeInput!) { updateMe(data: $data) { id } }';
const CREATE =
  'mutation ($data: UsersPermissionsUserInput!) { createUsersPermissionsUser(data: $data) { data { id } } }';
const UPDATE =
  'mutation ($id: ID!, $data: UsersPermissionsUserInput!) { updateUsersPermissionsUser(id: $id, data: $data) { data { id } } }';
const ADMIN_CREATE = 'mutation ($data: CreateUserInput!) { createUser(data: $data) { id documentId } }';
const ADMIN_UPDATE =
  'mutation ($id: ID!, $data: UpdateUserInput!) { updateUser(documentId: $id, data: $data) { id documentId } }';

let people = 0;
function someone() {
  people += 1;
  return { username: `member ${people}`, email: `member${people}@example.com`, password: DEMO_PASSWORD };
}

/** A user who can manage users on `/graphql`. */
async function managerOf(server: TestServer): Promise<string> {
  const { prisma } = server.database;
  const { id: roleId } = await prisma.role.findUniqueOrThrow({ where: { type: 'editor' } });
  const actions = ['user.find', 'user.findOne', 'user.create', 'user.update', 'user.delete'];
  await prisma.permission.deleteMany({ where: { roleId, action: { in: actions } } });
  await prisma.permission.createMany({ data: actions.map((action) => ({ roleId, action })) });
  return server.tokenOf('editor');
}

function chunks<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
}

function faultsIn({ errors }: Answer): string[] {
  return (errors ?? []).flatMap(
    ({ message, extensions }) =>
      extensions.error?.details?.errors?.map((fault) => `${fault.path.join('.')}: ${fault.message}`) ?? [message],
  );
}

describe('who reads and writes a field', () => {
  const READERS = ['me', 'users'] as const;
  const WRITERS = ['register', 'me', 'users', 'administrators'] as const;
  const subsets = <T>(all: readonly T[]): T[][] =>
    Array.from({ length: 2 ** all.length }, (_, number) => all.filter((_one, index) => number & (2 ** index)));
  /** A column for each combination, and some that are hidden: `f`, its readers, its writers. */
  const declared = subsets(READERS).flatMap((read) =>
    subsets(WRITERS).flatMap((write) =>
      [false, true]
        .filter((hidden) => !hidden || !write.includes('administrators'))
        .map((hidden) => ({
          name: ['f', ...read.map((one) => `r${one}`), ...write.map((one) => `w${one}`), ...(hidden ? ['h'] : [])].join(
            '_',
          ),
          ...{ read, write, hidden },
        })),
    ),
  );
  const columns: UserColumns = Object.fromEntries([
    ...declared.map(({ name }) => [name, [{}, 'TEXT']]),
    ['own', [{}, 'TEXT']],
  ]);
  const fields = Object.fromEntries(declared.map(({ name, ...field }) => [name, field]));

  let server: TestServer;
  let manager: string;
  let admin: string;
  let member: { readonly id: string; readonly documentId: string; readonly jwt: string };
  beforeAll(async () => {
    server = await startServer({
      app: { ...club, models: withUserColumns(columns), userFields: declareUserFields(fields) },
      tables: tablesOf(columns),
    });
    manager = await managerOf(server);
    admin = await server.adminToken();
    const { data } = await server.ask(REGISTER, { variables: { data: someone() } });
    member = { ...data.register.user, jwt: data.register.jwt };
  });
  afterAll(() => server?.close());

  const stored = async (id: string) => {
    const [row] = await server.database.query('SELECT * FROM "users" WHERE "id" = $1', [Number(id)]);
    return row ?? {};
  };

  /** What each sends, and the id of the user that it wrote. */
  const writes: Record<string, (data: object) => Promise<{ answer: Answer; id: () => string }>> = {
    register: async (data) => {
      const answer = await server.ask(REGISTER, { variables: { data: { ...someone(), ...data } } });
      return { answer, id: () => answer.data.register.user.id };
    },
    me: async (data) => {
      const answer = await server.ask(UPDATE_ME, { token: member.jwt, variables: { data } });
      return { answer, id: () => member.id };
    },
    'users, who create': async (data) => {
      const answer = await server.ask(CREATE, { token: manager, variables: { data: { ...someone(), ...data } } });
      return { answer, id: () => answer.data.createUsersPermissionsUser.data.id };
    },
    'users, who update': async (data) => {
      const answer = await server.ask(UPDATE, { token: manager, variables: { id: member.id, data } });
      return { answer, id: () => member.id };
    },
    'administrators, who create': async (data) => {
      const answer = await server.askAdmin(ADMIN_CREATE, {
        token: admin,
        variables: { data: { ...someone(), ...data } },
      });
      return { answer, id: () => answer.data.createUser.id };
    },
    'administrators, who update': async (data) => {
      const answer = await server.askAdmin(ADMIN_UPDATE, { token: admin, variables: { id: member.documentId, data } });
      return { answer, id: () => member.id };
    },
  };

  test.each(Object.keys(writes))('is as declared: written by %s', { timeout: 60_000 }, async (way) => {
    const writer = way.replace(/,.*/, '') as (typeof WRITERS)[number];
    const allowed = declared.filter(({ write }) => write.includes(writer)).map(({ name }) => name);
    const others = [...declared.filter(({ write }) => !write.includes(writer)).map(({ name }) => name), 'own'];
    expect(others.length).toBeGreaterThan(30);
    const values = Object.fromEntries(allowed.map((name) => [name, `${name} by ${way}`]));
    const { answer, id } = await (writes[way] as (typeof writes)[string])(values);
    expect(answer.errors, answer.text).toBeUndefined();
    expect(await stored(id())).toMatchObject(values);
    for (const name of [...others, 'passwordHash', 'tokenVersion', 'roleId', 'publicPassword', 'createdAt']) {
      const { answer } = await (writes[way] as (typeof writes)[string])({ [name]: 'x' });
      expect(answer.text).toMatch(/unknown field|not defined by type/);
      expect(answer.errors?.[0]?.extensions.code, answer.text).toMatch(/BAD_USER_INPUT|GRAPHQL_VALIDATION_FAILED/);
    }
  });

  type Ask = (names: readonly string[]) => Promise<Answer>;
  const filters = (names: readonly string[]) => names.map((name) => `${name}: { eq: "x" }`).join(' ');
  const sort = (names: readonly string[], prefix = '') => JSON.stringify(names.map((name) => `${prefix}${name}`));
  const reads: Record<string, readonly Ask[]> = {
    me: [
      (names) => server.ask(`{ me { ${names.join(' ')} } }`, { token: member.jwt }),
      (names) =>
        server.ask(`mutation { updateMe(data: { username: "a member" }) { ${names.join(' ')} } }`, {
          token: member.jwt,
        }),
    ],
    users: [
      (names) => server.ask(`{ usersPermissionsUsers { ${names.join(' ')} } }`, { token: manager }),
      (names) => server.ask(`{ usersPermissionsUsers(filters: { ${filters(names)} }) { id } }`, { token: manager }),
      (names) => server.ask(`{ usersPermissionsUsers(sort: ${sort(names)}) { id } }`, { token: manager }),
      (names) => server.ask(`{ posts(filters: { owner: { ${filters(names)} } }) { documentId } }`, { token: manager }),
      (names) => server.ask(`{ posts(sort: ${sort(names, 'owner.')}) { documentId } }`, { token: manager }),
    ],
    administrators: [
      (names) => server.askAdmin(`{ users { ${names.join(' ')} } }`, { token: admin }),
      (names) => server.askAdmin(`{ users(filters: { ${filters(names)} }) { id } }`, { token: admin }),
      (names) => server.askAdmin(`{ users(sort: ${sort(names)}) { id } }`, { token: admin }),
    ],
  };

  test.each(Object.keys(reads))(
    'is as declared: read, filtered and sorted by %s',
    { timeout: 60_000 },
    async (reader) => {
      const isAllowed = ({ read, hidden }: { readonly read: readonly string[]; readonly hidden: boolean }) =>
        reader === 'administrators' ? !hidden : read.includes(reader);
      const allowed = declared.filter(isAllowed).map(({ name }) => name);
      const others = [...declared.filter((field) => !isAllowed(field)).map(({ name }) => name), 'own'];
      expect(allowed.length).toBeGreaterThan(20);
      for (const [number, ask] of (reads[reader] ?? []).entries()) {
        for (const some of chunks(allowed, 5)) {
          const { errors, text } = await ask(some);
          expect(errors, text).toBeUndefined();
        }
        for (const some of chunks(others, 5)) {
          const answer = await ask(some);
          const refused = faultsIn(answer).filter((text) => /Cannot query field|unknown field|Invalid key/.test(text));
          expect(refused, `the way ${number}: ${answer.text}`).toHaveLength(some.length);
          expect(answer.data?.users ?? answer.data?.posts ?? null).toBeNull();
        }
      }
    },
  );

  test('is written and not read by what it answers, in entries of the audit log only where administrators see it', async () => {
    const after = (
      await server.database.prisma.auditEntry.findMany({
        where: { event: { in: ['user.register', 'user.create', 'user.update'] } },
      })
    ).map((entry) => JSON.stringify([entry.before, entry.after]));
    const recorded = declared.filter(({ name }) => after.some((text) => text.includes(`"${name}"`)));
    expect(recorded.map(({ name }) => name)).toEqual(
      declared.filter(({ hidden, write }) => !hidden && write.length > 0).map(({ name }) => name),
    );
  });
});

describe('fields of the members of a club', () => {
  let hooks: AccountHooks = {};
  let server: TestServer;
  let manager: string;
  let admin: string;
  beforeAll(async () => {
    server = await startServer({
      app: club,
      tables: clubTables,
      hooks: {
        beforeRegister: (data, context) => hooks.beforeRegister?.(data, context),
        afterRegister: (user, context) => hooks.afterRegister?.(user, context),
        tokenClaims: (user, context) => hooks.tokenClaims?.(user, context),
        afterDelete: (user, context) => hooks.afterDelete?.(user, context),
        beforeLogin: (user, context) => hooks.beforeLogin?.(user, context),
      },
    });
    manager = await managerOf(server);
    admin = await server.adminToken();
  });
  afterAll(() => server?.close());
  afterEach(async () => {
    await server.gatehouse.idle();
    hooks = {};
  });

  const asAdmin = (document: string, variables = {}) => server.askAdmin(document, { token: admin, variables });
  async function join(more: object = {}) {
    const person = someone();
    const { data, text } = await server.ask(REGISTER, {
      variables: { data: { ...person, firstName: 'Ada', ...more } },
    });
    if (!data?.register) throw new Error(text);
    return { ...person, ...data.register.user, jwt: data.register.jwt } as typeof person &
      Record<'id' | 'documentId' | 'jwt', string>;
  }
  const update = (token: string, data: object) => server.ask(UPDATE_ME, { token, variables: { data } });
  const events = async (documentId: string) =>
    server.database.prisma.auditEntry.findMany({ where: { targetId: documentId }, orderBy: { id: 'asc' } });

  const ALL = {
    firstName: 'Ada',
    phone: null,
    birthday: '1815-12-10',
    newsletter: true,
    points: 7,
    level: 'gold',
    balance: '12.50',
    visits: '9007199254740993',
    rating: 4.5,
    seenAt: '2026-11-22T09:30:00.000Z',
    wakesAt: '06:45:00.000',
    tags: ['a "b"', 'c,d'],
    numbers: [1, 2],
    looks: { dark: true },
    photo: 'AAEC',
  };
  const { points: _, level: _2, ...OF_ME } = ALL;

  test('have every type of column, and are what was sent', async () => {
    const { jwt, documentId } = await join({ birthday: '1990-02-28' });
    const names = Object.keys(ALL).join(' ');
    const sent = { ...OF_ME, birthday: '1990-02-28' };
    const { data, errors } = await server.ask(
      `mutation ($data: UpdateMeInput!) { updateMe(data: $data) { ${names} } }`,
      { token: jwt, variables: { data: sent } },
    );
    expect(errors).toBeUndefined();
    expect(data.updateMe).toEqual({ ...sent, points: 0, level: 'basic' });
    const changed = { ...ALL, birthday: '1990-02-28', remark: 'pays late' };
    const answer = await asAdmin(
      `mutation ($id: ID!, $data: UpdateUserInput!) { updateUser(documentId: $id, data: $data) { ${names} remark } }`,
      { id: documentId, data: changed },
    );
    expect(answer.errors, answer.text).toBeUndefined();
    expect(answer.data.updateUser).toEqual(changed);
    expect((await server.ask(`{ me { ${names} } }`, { token: jwt })).data.me).toEqual({
      ...ALL,
      birthday: '1990-02-28',
    });
    const cleared = Object.fromEntries(
      ['balance', 'visits', 'seenAt', 'tags', 'looks', 'photo'].map((name) => [name, null]),
    );
    expect((await update(jwt, cleared)).errors).toBeUndefined();
    const { data: now } = await server.ask('{ me { balance visits seenAt tags looks photo rating } }', { token: jwt });
    expect(now.me).toEqual({ ...cleared, rating: 4.5 });
  });

  test('are validated together with the rest, and nothing is written', async () => {
    const { username } = someone();
    const data = { username, email: 'no address', password: DEMO_PASSWORD, phone: '12', birthday: '1815-12-10' };
    expect(faultsIn(await server.ask(REGISTER, { variables: { data } }))).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^email: /),
        'phone: phone must match the following: "/\\+\\d+/"',
        'birthday: birthday must be in living memory',
      ]),
    );
    expect(await server.database.prisma.user.count({ where: { username } })).toBe(0);
    const member = await join();
    expect(faultsIn(await update(member.jwt, { username: 'another', firstName: null, phone: 'x' }))).toEqual([
      'firstName: firstName must be defined.',
      'phone: phone must match the following: "/\\+\\d+/"',
    ]);
    expect((await server.ask('{ me { username firstName } }', { token: member.jwt })).data.me).toEqual({
      username: member.username,
      firstName: 'Ada',
    });
    const wrong = { id: member.documentId, data: { points: 1_001, firstName: 'x'.repeat(21), newsletter: null } };
    expect(faultsIn(await asAdmin(ADMIN_UPDATE, wrong))).toEqual([
      'firstName: firstName must be at most 20 characters',
      'newsletter: newsletter must be defined.',
      'points: points must be less than or equal to 1000',
    ]);
  });

  test('that are required are asked of whoever creates a user and can write them', async () => {
    const missing = ['firstName: firstName must be defined.'];
    expect(faultsIn(await server.ask(REGISTER, { variables: { data: someone() } }))).toEqual(missing);
    expect(faultsIn(await server.ask(CREATE, { token: manager, variables: { data: someone() } }))).toEqual(missing);
    expect(faultsIn(await asAdmin(ADMIN_CREATE, { data: someone() }))).toEqual(missing);
  });

  test('that are unique and taken are refused as identifiers are, and outsiders are not told which it is', async () => {
    const first = await join({ phone: '+1' });
    const second = await join();
    const messages = (answer: Answer) => answer.errors?.map(({ message }) => message);
    const person = someone();
    const registering = (data: object) =>
      server.ask(REGISTER, { variables: { data: { ...person, firstName: 'Eve', ...data } } });
    const taken = 'Email or Username or phone are already taken';
    expect(messages(await registering({ phone: '+1' }))).toEqual([taken]);
    expect(messages(await registering({ phone: '+2', email: first.email }))).toEqual([taken]);
    expect(await server.database.prisma.user.count({ where: { username: person.username } })).toBe(0);
    expect(messages(await update(second.jwt, { username: 'renamed', phone: '+1' }))).toEqual([
      'phone is already taken',
    ]);
    expect((await server.ask('{ me { username } }', { token: second.jwt })).data.me.username).toBe(second.username);
    expect((await update(first.jwt, { phone: '+1' })).errors).toBeUndefined(); // the own one
    const change = { id: second.documentId, data: { phone: '+1', username: 'renamed' } };
    expect(messages(await asAdmin(ADMIN_UPDATE, change))).toEqual(['phone is already taken']);
    const bySomeUsers = { ...someone(), firstName: 'Eve', phone: '+1' };
    expect(messages(await server.ask(CREATE, { token: manager, variables: { data: bySomeUsers } }))).toEqual([
      'phone is already taken',
    ]);
  });

  test('are filtered and sorted by, by who can read them', async () => {
    await join({ firstName: 'Zoe', phone: '+77' });
    const { data } = await server.ask(
      '{ usersPermissionsUsers(filters: { firstName: { in: ["Zoe", "Ada"] }, phone: { startsWith: "+77" } }, sort: ["firstName:desc"]) { firstName phone points } }',
      { token: manager },
    );
    expect(data.usersPermissionsUsers).toEqual([{ firstName: 'Zoe', phone: '+77', points: 0 }]);
    const { data: found } = await asAdmin(
      '{ users(filters: { level: { eq: basic }, newsletter: { eq: false }, firstName: { eq: "Zoe" } }, sort: ["birthday", "level"]) { level } }',
    );
    expect(found.users).toEqual([{ level: 'basic' }]);
  });

  test('of somebody are not shown to others: a role that finds some users sees what its grants hold', async () => {
    const member = await join({ firstName: 'Mallory' });
    const other = await join({ firstName: 'Bob', newsletter: true });
    const { prisma } = server.database;
    const { id: roleId } = await prisma.role.findUniqueOrThrow({ where: { type: 'authenticated' } });
    const was = await prisma.permission.findMany({ where: { roleId, action: 'user.find' } });
    await prisma.permission.deleteMany({ where: { roleId, action: 'user.find' } });
    const grants = [{ where: { documentId: { eq: '$user.documentId' } }, fields: ['username', 'firstName'] }];
    await prisma.permission.create({ data: { roleId, action: 'user.find', grants } });
    const names = await server.ask('{ usersPermissionsUsers { documentId firstName } }', { token: member.jwt });
    expect(names.data?.usersPermissionsUsers, names.text).toEqual([
      { documentId: member.documentId, firstName: 'Mallory' },
    ]);
    expect((await server.ask('{ usersPermissionsUsers { phone } }', { token: member.jwt })).text).toContain(
      'FORBIDDEN',
    );
    const byPhone = '{ usersPermissionsUsers(filters: { phone: { notNull: true } }) { documentId } }';
    expect((await server.ask(byPhone, { token: member.jwt })).text).toContain('Invalid key phone');
    expect((await server.ask('{ me { documentId newsletter } }', { token: other.jwt })).data.me).toEqual({
      documentId: other.documentId,
      newsletter: true,
    });
    await prisma.permission.deleteMany({ where: { roleId, action: 'user.find' } });
    await prisma.permission.createMany({ data: was as never });
  });

  test('are in the audit log as other columns are, without what is hidden', async () => {
    const member = await join({ birthday: '1990-01-01' });
    await update(member.jwt, { username: 'Countess', birthday: '1990-01-02', taxNumber: 'secret 1', firstName: 'Ada' });
    await update(member.jwt, { birthday: '1990-01-02' });
    await asAdmin(ADMIN_UPDATE, { id: member.documentId, data: { points: 5, remark: 'x'.repeat(1_500) } });
    await server.ask('mutation ($id: ID!) { deleteUsersPermissionsUser(id: $id) { data { firstName points } } }', {
      token: manager,
      variables: { id: member.documentId },
    });
    const found = (await events(member.documentId)).filter(({ event }) => event !== 'session.begin');
    expect(found.map(({ event, before, after }) => ({ event, before, after }))).toEqual([
      {
        event: 'user.register',
        before: null,
        after: expect.objectContaining({ firstName: 'Ada', birthday: '1990-01-01', username: member.username }),
      },
      {
        event: 'user.update',
        before: { username: member.username, birthday: '1990-01-01' },
        after: { username: 'Countess', birthday: '1990-01-02' },
      },
      {
        event: 'user.update',
        before: { points: 0, remark: null },
        after: { points: 5, remark: `${'x'.repeat(1_000)}…` },
      },
      { event: 'user.delete', before: expect.objectContaining({ points: 5, firstName: 'Ada' }), after: null },
    ]);
    expect(JSON.stringify(found.map(({ before, after }) => [before, after]))).not.toContain('secret 1');
    expect(server.log.join('')).not.toContain('secret 1');
  });

  test('are there for hooks, which set every column, and those of a deleted user as they were', async () => {
    const seen: unknown[] = [];
    hooks = {
      beforeRegister(data) {
        seen.push({ ...data.fields });
        Object.assign(data.fields, { firstName: 'From a hook', origin: 'a campaign', points: 3 });
      },
      afterRegister: ({ fields }) => void seen.push(fields),
      tokenClaims: ({ fields }) => ({ points: (fields as { points: number }).points }),
      afterDelete: ({ fields }) => void seen.push(fields),
    };
    const { data, text } = await server.ask(REGISTER, { variables: { data: { ...someone(), phone: '+33' } } });
    expect(data?.register, text).toBeTruthy();
    const { id, documentId } = data.register.user;
    const [, payload = ''] = data.register.jwt.split('.');
    expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({ points: 3 });
    await asAdmin('mutation ($id: ID!) { deleteUser(documentId: $id) { documentId } }', { id: documentId });
    await server.gatehouse.idle();
    const whole = expect.objectContaining({ firstName: 'From a hook', origin: 'a campaign', points: 3, phone: '+33' });
    expect(seen).toEqual([{ phone: '+33' }, whole, whole]);
    expect(await server.database.prisma.user.count({ where: { id: Number(id) } })).toBe(0);
  });

  test('that a hook sets to what cannot be are its mistake, and what clients can send is validated as theirs', async () => {
    const registering = () => server.ask(REGISTER, { variables: { data: { ...someone(), firstName: 'Ada' } } });
    const outcomes: string[] = [];
    for (const set of [{ points: -1 }, { nothing: 1 }, { username: 'x' }, { phone: 'no number' }]) {
      hooks = { beforeRegister: (data) => void Object.assign(data.fields, set) };
      const { errors } = await registering();
      outcomes.push(errors?.[0]?.extensions.code ?? 'done');
    }
    const masked = 'INTERNAL_SERVER_ERROR';
    expect(outcomes).toEqual([masked, masked, masked, 'BAD_USER_INPUT']);
  });

  test('are on the REST paths of Strapi, too, with the same readers and writers', async () => {
    const rest = async (method: string, path: string, token?: string, json?: object) => {
      const response = await fetch(server.url.replace(/\/graphql$/, path), {
        method,
        headers: {
          'content-type': 'application/json',
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
        ...(json && { body: JSON.stringify(json) }),
      });
      // biome-ignore lint/suspicious/noExplicitAny: an answer has the shape of its path
      return { status: response.status, body: (await response.json()) as any };
    };
    const path = '/api/auth/local/register';
    const person = someone();
    const refused = [
      { points: 1 },
      { origin: 'x' },
      { remark: 'x' },
      { blocked: true },
      { firstName: 5 },
      { birthday: 'soon' },
    ];
    for (const more of refused) {
      const { status, body } = await rest('POST', path, undefined, { ...person, firstName: 'Ada', ...more });
      expect([status, body.error.name], JSON.stringify(body)).toEqual([400, 'ValidationError']);
    }
    const { body } = await rest('POST', path, undefined, {
      ...person,
      firstName: 'Ada',
      birthday: '1990-01-02',
      newsletter: true,
    });
    expect(body.user).toMatchObject({
      username: person.username,
      firstName: 'Ada',
      birthday: '1990-01-02',
      newsletter: true,
    });
    for (const unstorable of [{ taxNumber: 'a\u0000' }, { looks: { a: '\u0000' } }, { tags: ['\ud800'] }]) {
      const { status, body: refused } = await rest('PUT', '/api/users/me', body.jwt, unstorable);
      expect([status, refused.error.name], JSON.stringify(refused)).toEqual([400, 'ValidationError']);
    }
    const change = {
      numbers: [1, 2],
      visits: 9,
      seenAt: '2026-11-22T09:30:00.000Z',
      looks: { dark: true },
      phone: null,
    };
    expect((await rest('PUT', '/api/users/me', body.jwt, change)).body).toMatchObject({ ...change, visits: '9' });
    expect((await rest('PUT', '/api/users/me', body.jwt, { level: 'gold' })).status).toBe(400);
    const me = (await rest('GET', '/api/users/me', body.jwt)).body;
    expect(me).toMatchObject({ firstName: 'Ada', numbers: [1, 2], level: 'basic' });
    expect(Object.keys(me)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(remark|origin|passwordHash)$/)]),
    );
  });

  test('are not shown to who has a mailed code, and no session', async () => {
    const member = await join({ birthday: '1990-02-28' });
    await update(member.jwt, { taxNumber: 'secret 2' });
    const email = `mistyped.${member.email}`;
    await update(member.jwt, { email, currentPassword: DEMO_PASSWORD });
    await server.gatehouse.idle();
    const confirmation =
      server.mails
        .find(({ to }) => to === email)
        ?.link?.split('=')
        .at(-1) ?? 'none';
    const confirm =
      'mutation ($confirmation: String!) { emailConfirmation(confirmation: $confirmation) { jwt user { email firstName birthday taxNumber } } }';
    // The new address, and a second click.
    for (let click = 1; click <= 2; click += 1) {
      const { data } = await server.ask(confirm, { variables: { confirmation } });
      expect(data.emailConfirmation).toEqual({
        jwt: null,
        user: { email, firstName: null, birthday: null, taxNumber: null },
      });
    }
    const path = `/api/auth/email-confirmation?confirmation=${confirmation}`;
    const body = await (await fetch(server.url.replace(/\/graphql$/, path))).text();
    expect(body).toContain(email);
    expect(body).not.toMatch(/birthday|taxNumber|1990-02-28|secret 2/);

    const { prisma } = server.database;
    const id = Number(member.id);
    const code = await server.gatehouse.administration.codes.issue(prisma, id, 'resetPassword');
    hooks = { beforeLogin: () => Promise.reject(new ApiError('FORBIDDEN', 'Not now')) };
    const reset = `mutation { resetPassword(code: "${code}", password: "another password", passwordConfirmation: "another password") { jwt user { birthday taxNumber } } }`;
    const { data, text } = await server.ask(reset);
    expect(data?.resetPassword, text).toEqual({ jwt: null, user: { birthday: null, taxNumber: null } });
  });

  test('are shown to who registers, also before the address is confirmed', async () => {
    const settings = (emailConfirmation: boolean) =>
      server.database.prisma.settings.update({ where: { id: 1 }, data: { emailConfirmation } });
    await settings(true);
    try {
      const register =
        'mutation ($data: UsersPermissionsRegisterInput!) { register(input: $data) { jwt user { firstName birthday } } }';
      const data = { ...someone(), firstName: 'Ada', birthday: '1990-02-28' };
      expect((await server.ask(register, { variables: { data } })).data.register).toEqual({
        jwt: null,
        user: { firstName: 'Ada', birthday: '1990-02-28' },
      });
    } finally {
      await settings(false);
    }
  });

  test('cost nothing where nobody asks for them', async () => {
    const { jwt } = await join();
    await server.ask('{ me { username } }', { token: jwt });
    server.statements.length = 0;
    await server.ask('{ me { username } }', { token: jwt });
    const without = server.statements.length;
    await server.ask('{ me { firstName points birthday level } again: me { phone } }', { token: jwt });
    expect(server.statements.length - without - without).toBe(1);
  });
});

describe('a start is refused, with the file, the field and what to do,', () => {
  const columns: UserColumns = {
    nick: [{}, 'TEXT'],
    code: [{ unique: true }, 'TEXT'],
    password: [{}, 'TEXT'],
    place: [{ kind: 'unsupported', type: 'Unsupported("point")' }, 'POINT'],
  };
  const start = (fields: unknown, more: UserColumns = {}) => {
    const app = { ...club, models: withUserColumns({ ...columns, ...more }) };
    return buildSchemas({ ...app, userFields: declareUserFields(fields) }).then(
      () => 'started',
      (error: unknown) => (error instanceof ContentTypeError ? error.message : String(error)),
    );
  };
  const nobody = { read: [], write: [] };

  test.each([...GATEHOUSE_USER_COLUMNS])('where %s of Gatehouse is declared', async (name) => {
    expect(await start({ [name]: { read: ['me'], write: [] } })).toMatch(
      new RegExp(`^test/user-fields.test.ts: User.${name} is a column of Gatehouse's own`),
    );
  });

  test.each<[what: string, fields: unknown, message: RegExp, more?: UserColumns]>([
    ['an unknown column', { nik: nobody }, /User has no column nik of the model UserFields .*: nick, code/],
    ['the name of something that users have', { password: nobody }, /User.password has the name of something/],
    ['a relation', { furtherRoles: nobody }, /User.furtherRoles is a relation/],
    ['an unknown reader', { nick: { read: ['everybody'], write: [] } }, /User.nick: read must be a list of me, users/],
    ['an unknown writer', { nick: { read: [], write: ['public'] } }, /User.nick: write must be a list of register/],
    ['no list of writers', { nick: { read: [] } }, /User.nick: write must be a list/],
    [
      'an unknown option',
      { nick: { ...nobody, reads: [] } },
      /User.nick: unknown rule reads.*hidden, required, validate/,
    ],
    ['a rule that does not fit', { nick: { ...nobody, max: 3 } }, /User.nick is not a number/],
    ['a check that is no function', { nick: { ...nobody, validate: 1 } }, /User.nick: validate must be a function/],
    [
      'hidden from who writes it',
      { nick: { read: [], write: ['administrators'], hidden: true } },
      /hidden from administrators/,
    ],
    ['required, of nobody', { nick: { ...nobody, required: true } }, /User.nick is required, and nobody writes it/],
    [
      'unique, and written unseen',
      { code: { read: ['me'], write: ['users'] } },
      /User.code is unique, and written by users/,
    ],
    ['a type that clients cannot read', { place: nobody }, /User.place is of type Unsupported/],
    [
      'a column without a default',
      {},
      /user.prisma: age is required, and the database has no default/,
      { age: [{ required: true }, 'TEXT'] },
    ],
    ['no object', 'nick', /userFields\(\) takes an object/],
  ])('for %s', async (_what, fields, message, more) => {
    expect(await start(fields, more)).toMatch(message);
  });

  test('and a right declaration starts', async () => {
    expect(await start({ nick: { read: ['me'], write: ['me'] }, code: nobody })).toBe('started');
  });
});

test('the columns that cannot be declared are all of Gatehouse', () => {
  const [, model = ''] =
    /^model User \{\n([\s\S]*?)^\}/m.exec(readFileSync('prisma/schema/gatehouse.prisma', 'utf8')) ?? [];
  const scalar = /^ {2}(\w+) +(?:String|Boolean|Int|DateTime)\b/gm;
  expect([...model.matchAll(scalar)].map(([, name]) => name)).toEqual([...GATEHOUSE_USER_COLUMNS]);
});
