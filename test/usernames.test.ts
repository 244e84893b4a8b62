import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { identifierKey } from '../src/accounts/identifiers.ts';
import { DEMO_PASSWORD } from '../src/accounts/public-password.ts';
import { warnOfUsernames } from '../src/administration/disputed-usernames.ts';
import { renewIdentifiers } from '../src/start/renew-identifiers.ts';
import { startServer, type TestServer } from './support/start.ts';

/** Usernames as identifiers: how they are compared, and that none is somebody else's e-mail. */

const REFUSED = 'username must not be an e-mail address, unless it is the one of the account';
const REGISTER = `mutation ($username: String!, $email: String!) {
  register(input: { username: $username, email: $email, password: "a good password" }) { jwt user { id username } } }`;
const LOGIN = `mutation ($identifier: String!) {
  login(input: { identifier: $identifier, password: "${DEMO_PASSWORD}" }) { user { id } } }`;

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.close());

let people = 0;
function unique(): string {
  people += 1;
  return `someone${people}`;
}

const faultsOf = ({ errors }: Awaited<ReturnType<TestServer['ask']>>) =>
  errors?.flatMap(({ extensions }) =>
    (extensions.error.details.errors ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`),
  );

async function register(username: string, email: string) {
  return server.ask(REGISTER, { variables: { username, email } });
}

describe('the form in which identifiers are compared', () => {
  const marks = fc.constantFrom('\u0301', '\u0316', '\u0307', '\u0327', '\u0345', '\u05b0', '\u3099');
  const letters = fc.constantFrom(...'aAiIßſσςΣİıǅﬁﷺé가', 'ᄀ', 'ᅡ', '각', 'Å', 'Ω', '½', '①', 'ａ', '@', ' ', '.');
  const invisible = fc.constantFrom('\u200b', '\u200d', '\u00ad', '\u034f', '\ufe0f', '\u2060', '\u{e0061}', '\ufff9');
  const text = fc
    .array(fc.oneof(letters, marks, invisible, fc.string({ unit: 'binary', maxLength: 3 })), { maxLength: 40 })
    .map((parts) => parts.join(''));

  test('is its own, and the same in each spelling', () => {
    fc.assert(
      fc.property(text, (x) => {
        const key = identifierKey(x);
        expect(identifierKey(key)).toBe(key);
        for (const form of ['NFC', 'NFD', 'NFKC', 'NFKD'] as const) expect(identifierKey(x.normalize(form))).toBe(key);
        expect(identifierKey(` \u3000${x}\t`)).toBe(key);
      }),
      { numRuns: 500 },
    );
  });

  test('has nothing of what nobody sees, wherever it stands', () => {
    fc.assert(
      fc.property(text, invisible, fc.nat(), (x, hidden, at) => {
        const letters = [...x];
        letters.splice(at % (letters.length + 1), 0, hidden);
        expect(identifierKey(letters.join(''))).toBe(identifierKey(x));
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['a sigma at the end, in capitals', 'ΟΔΟΣ', 'οδος'],
    ['a sigma at the end, as in the middle', 'οδοσ', 'οδος'],
    ['a sigma before an invisible character', 'οδοσ\u200b', 'οδος'],
    ['ß in capitals', 'STRASSE', 'straße'],
    ['an invisible character before a mark', 'jose\u200b\u0301', 'josé'],
    ['the long s', 'ſam', 'Sam'],
  ])('%s', async (_what, one, other) => {
    expect(identifierKey(one)).toBe(identifierKey(other));
    const suffix = unique();
    expect((await register(`${suffix} ${one}`, `${suffix}@example.com`)).errors).toBeUndefined();
    const second = await register(`${suffix} ${other}`, `${suffix}b@example.com`);
    expect(second.errors?.[0]?.message).toBe('Email or Username are already taken');
  });

  test('what becomes longer than any username can be is refused, and no error of the database', async () => {
    const { errors } = await register('\ufdfa'.repeat(200), `${unique()}@example.com`);
    expect(errors?.[0]?.message).toBe('username must be at most 255 characters');
    const identifier = '\ufdfa'.repeat(10_000);
    const answer = await server.ask(LOGIN, { variables: { identifier } });
    expect(answer.errors?.[0]?.message).toBe('Invalid identifier or password');
  });
});

describe('a username in the form of an e-mail', () => {
  const FOREIGN = [
    'newhire@corp.example',
    'NewHire@Corp.Example',
    'new\u200bhire@corp.example',
    'newhire＠corp.example',
    'root@localhost',
    'jürgen@corp.example',
  ];

  test.each(FOREIGN)('%j is refused to who registers', async (username) => {
    const email = `${unique()}@example.com`;
    expect(faultsOf(await register(username, email))).toEqual([`username: ${REFUSED}`]);
    expect(await server.database.prisma.user.count({ where: { email } })).toBe(0);
    expect((await register('newhire', 'newhire@corp.example')).data.register.jwt).toEqual(expect.any(String));
    await server.database.prisma.user.deleteMany({ where: { email: 'newhire@corp.example' } });
  });

  test.each(FOREIGN)('%j is refused to who renames themselves', async (username) => {
    const name = unique();
    const token = (await register(name, `${name}@example.com`)).data.register.jwt;
    const document = 'mutation ($data: UpdateMeInput!) { updateMe(data: $data) { username } }';
    expect(faultsOf(await server.ask(document, { token, variables: { data: { username } } }))).toEqual([
      `username: ${REFUSED}`,
    ]);
    // Not even together with the address: it is not theirs before they confirmed it.
    const data = { username: 'later@corp.example', email: 'later@corp.example', currentPassword: 'a good password' };
    expect(faultsOf(await server.ask(document, { token, variables: { data } }))).toEqual([`username: ${REFUSED}`]);
    expect((await server.ask('{ me { username } }', { token })).data.me.username).toBe(name);
    const own = await server.ask(document, {
      token,
      variables: { data: { username: `${name.toUpperCase()}@example.com` } },
    });
    expect(own.data.updateMe.username).toBe(`${name.toUpperCase()}@example.com`);
  });

  test('is refused where administrators and role managers make and change users', async () => {
    const admin = await server.adminToken();
    const { prisma } = server.database;
    const manager = await prisma.role.create({
      data: {
        name: unique(),
        type: unique(),
        permissions: { create: ['user.create', 'user.update', 'user.find', 'role.find'].map((action) => ({ action })) },
      },
    });
    const name = unique();
    const token = (await register(name, `${name}@example.com`)).data.register.jwt;
    await prisma.user.updateMany({ where: { username: name }, data: { roleId: manager.id } });
    const email = `${unique()}@example.com`;
    const data = { username: FOREIGN[0], email, password: 'a good password', role: manager.documentId };

    const create = 'mutation ($data: CreateUserInput!) { createUser(data: $data) { documentId username } }';
    const created = await server.askAdmin(create, { token: admin, variables: { data } });
    expect(faultsOf(created)).toEqual([`username: ${REFUSED}`]);
    const document =
      'mutation ($data: UsersPermissionsUserInput!) { createUsersPermissionsUser(data: $data) { data { documentId } } }';
    expect(faultsOf(await server.ask(document, { token, variables: { data } }))).toEqual([`username: ${REFUSED}`]);

    const made = await server.ask(document, { token, variables: { data: { ...data, username: unique() } } });
    const id = made.data.createUsersPermissionsUser.data.documentId;
    const update =
      'mutation ($id: ID!, $data: UpdateUserInput!) { updateUser(documentId: $id, data: $data) { username email } }';
    const manage =
      'mutation ($id: ID!, $data: UsersPermissionsUserInput!) { updateUsersPermissionsUser(id: $id, data: $data) { data { username email } } }';
    const change = { username: FOREIGN[0] };
    const answers = [
      await server.askAdmin(update, { token: admin, variables: { id, data: change } }),
      await server.ask(manage, { token, variables: { id, data: change } }),
    ];
    for (const answer of answers) expect(faultsOf(answer)).toEqual([`username: ${REFUSED}`]);
    // The two together are one's own.
    const both = { username: FOREIGN[0], email: FOREIGN[0] };
    const changed = await server.askAdmin(update, { token: admin, variables: { id, data: both } });
    expect(changed.data.updateUser).toEqual(both);
    // One of the two alone would leave the other's address behind as a name.
    const half = { username: FOREIGN[0], email };
    for (const answer of [
      await server.askAdmin(update, { token: admin, variables: { id, data: half } }),
      await server.ask(manage, { token, variables: { id, data: half } }),
    ]) {
      expect(faultsOf(answer)).toEqual([`username: ${REFUSED}`]);
    }
    // And what is the e-mail stays so, when that changes.
    const moved = await server.ask(manage, { token, variables: { id, data: { email } } });
    expect(moved.data.updateUsersPermissionsUser.data).toEqual({ username: email, email });
    expect((await register('newhire', String(FOREIGN[0]))).errors).toBeUndefined();
  });

  test('follows the e-mail of the account, once the new one is confirmed', async () => {
    const [old, next] = [`${unique()}@example.com`, `${unique()}@example.com`];
    const token = (await register(old, old)).data.register.jwt;
    const ask = `mutation { updateMe(data: { email: "${next}", currentPassword: "a good password" }) { username } }`;
    expect((await server.ask(ask, { token })).data.updateMe.username).toBe(old);
    await server.gatehouse.idle();
    const code = /confirmation=([\w-]+)/.exec(server.mails.findLast(({ to }) => to === next)?.text ?? '')?.[1];
    const confirm = `mutation { emailConfirmation(confirmation: "${code}") { user { username email } } }`;
    expect((await server.ask(confirm)).data.emailConfirmation.user).toEqual({ username: next, email: next });
    // The old address is free, as an e-mail and as a username.
    expect((await register(old, old)).errors).toBeUndefined();
  });
});

describe('accounts of an older version', () => {
  /** As it was made when nothing of this was refused: with the keys of that time. */
  async function older(username: string, email: string, ...keys: string[]) {
    const { prisma } = server.database;
    const { passwordHash } = await prisma.user.findUniqueOrThrow({ where: { email: 'reader@example.com' } });
    const role = { connect: { type: 'authenticated' } };
    const identifiers = { create: [email, ...keys].map((key) => ({ key })) };
    return prisma.user.create({ data: { username, email, passwordHash, role, identifiers, confirmed: true } });
  }
  const who = async (identifier: string) =>
    Number((await server.ask(LOGIN, { variables: { identifier } })).data?.login?.user.id ?? 0);

  test('get new keys at the next start; what two of them share is the older one’s, and an e-mail its owner’s', async () => {
    const { prisma } = server.database;
    const first = await older('οδος', 'first@older.example', 'οδος');
    const second = await older('ΟΔΟΣ\u200b', 'second@older.example', 'οδοσ\u200b');
    const squatter = await older('admın@older.example', 'squatter@older.example', 'admın@older.example');
    const owner = await older('the owner', 'admin@older.example', 'the owner');
    const alone = await older('ΣΙΓΜΑΣ', 'alone@older.example', 'σιγμας');
    const plain = await older('plain', 'plain@older.example', 'plain');
    const own = await older('Own@older.example', 'own@older.example');
    const borrowed = await older('somebody@older.example', 'borrowed@older.example', 'somebody@older.example');

    // By two processes that start together.
    await Promise.all([renewIdentifiers(prisma), renewIdentifiers(prisma)]);

    expect(await who('ΟΔΟΣ')).toBe(first.id);
    expect(await who('admin@older.example')).toBe(owner.id);
    expect(await who('σιγμασ')).toBe(alone.id);
    // Nobody is locked out.
    for (const user of [first, second, squatter, owner, alone, plain, own, borrowed]) {
      expect(await who(user.email), user.username).toBe(user.id);
    }
    expect(await who('somebody@older.example')).toBe(borrowed.id);
    expect(await prisma.identifier.count({ where: { rule: 0 } })).toBe(0);

    const disputed = [second, squatter, borrowed];
    const token = await server.adminToken();
    const list =
      '{ users(filters: { usernameDisputed: { eq: true } }, sort: "createdAt") { documentId usernameDisputed } }';
    const { data } = await server.askAdmin(list, { token });
    expect(data.users).toEqual(disputed.map(({ documentId }) => ({ documentId, usernameDisputed: true })));
    const lines: object[] = [];
    await warnOfUsernames({ prisma }, { warn: (line: object) => void lines.push(line) } as never);
    expect(lines).toEqual([
      { count: 3, users: disputed.map(({ documentId, username, email }) => ({ documentId, username, email })) },
    ]);

    // What is not theirs is not in the way of other changes, and another username ends it.
    const update =
      'mutation ($id: ID!, $data: UpdateUserInput!) { updateUser(documentId: $id, data: $data) { username usernameDisputed } }';
    const change = async (id: string, data: object) =>
      (await server.askAdmin(update, { token, variables: { id, data } })).data.updateUser;
    expect(await change(second.documentId, { email: 'second@newer.example' })).toMatchObject({
      usernameDisputed: true,
    });
    expect(await change(borrowed.documentId, { username: borrowed.username, confirmed: true })).toMatchObject({
      usernameDisputed: true,
    });
    for (const { documentId } of disputed) {
      expect(await change(documentId, { username: unique() })).toMatchObject({ usernameDisputed: false });
    }
    expect((await register('somebody', 'somebody@older.example')).errors).toBeUndefined();
    expect((await server.askAdmin(list, { token })).data.users).toEqual([]);
  });
});
