import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { DEMO_PASSWORD } from '../prisma/seed.ts';
import { identifierKeys } from '../src/authentication/identifiers.ts';
import { createPasswords } from '../src/authentication/passwords.ts';
import { whileComparing } from './support/meanwhile.ts';
import { type Answer, startServer, type TestServer } from './support/start.ts';

// What was checked may be changed before what it was checked for is written.

let server: TestServer;
/** As an older server made them: a login makes them anew. */
let outdated: string;

beforeAll(async () => {
  server = await startServer({ config: { bcryptCost: 5 } });
  outdated = await createPasswords(4).hash(DEMO_PASSWORD);
});
afterAll(() => server?.close());
afterEach(() => {
  // Nothing that these tests do is unexpected: an error in the log is a bug that an answer hid.
  expect(server.log.filter((line) => line.includes('"level":50'))).toEqual([]);
});

interface Person {
  readonly id: number;
  readonly documentId: string;
  readonly username: string;
  readonly email: string;
  readonly jwt: string;
}

let people = 0;
async function newPerson(): Promise<Person> {
  const username = `person${++people}`;
  const email = `${username}@example.com`;
  const { id, documentId } = await server.database.prisma.user.create({
    data: {
      username,
      email,
      passwordHash: outdated,
      role: { connect: { type: 'authenticated' } },
      identifiers: { create: identifierKeys({ username, email }).map((key) => ({ key })) },
    },
  });
  return { id, documentId, username, email, jwt: await server.tokenOf(username) };
}

const NEW = 'chosen by its owner';
const login = (identifier: string, password: string) =>
  server.ask('mutation ($input: UsersPermissionsLoginInput!) { login(input: $input) { jwt } }', {
    variables: { input: { identifier, password } },
  });
const changePassword = (token: string, password = NEW) =>
  server.ask(
    'mutation ($c: String!, $p: String!) { changePassword(currentPassword: $c, password: $p, passwordConfirmation: $p) { jwt } }',
    { token, variables: { c: DEMO_PASSWORD, p: password } },
  );
const updateMe = (token: string, data: object) =>
  server.ask('mutation ($data: UpdateMeInput!) { updateMe(data: $data) { username } }', { token, variables: { data } });

async function resetPassword(user: Person): Promise<Answer> {
  const code = await server.gatehouse.administration.codes.issue(server.database.prisma, user.id, 'resetPassword');
  return server.ask(
    'mutation ($c: String!, $p: String!) { resetPassword(code: $c, password: $p, passwordConfirmation: $p) { jwt } }',
    { variables: { c: code, p: NEW } },
  );
}

async function byAdmin(document: string, { documentId }: Person): Promise<Answer> {
  const token = await server.adminToken();
  return server.askAdmin(`mutation ($id: ID!) { ${document} }`, { token, variables: { id: documentId } });
}

function refusalOf({ errors }: Answer): string | undefined {
  const [error] = errors ?? [];
  return error && `${error.extensions.code} ${error.extensions.reason ?? error.message}`;
}

/** What ends whatever somebody was let in with. */
const ENDS: readonly (readonly [string, (user: Person) => Promise<Answer>])[] = [
  ['its owner changes the password', ({ jwt }) => changePassword(jwt)],
  ['its owner resets the password', (user) => resetPassword(user)],
  ['its owner ends all sessions', ({ jwt }) => server.ask('mutation { logoutEverywhere { ok } }', { token: jwt })],
  ['an administrator ends all sessions', (user) => byAdmin('endUserSessions(documentId: $id) { id }', user)],
  ['an administrator blocks it', (user) => byAdmin('blockUser(documentId: $id) { id }', user)],
  ['an administrator deletes it', (user) => byAdmin('deleteUser(documentId: $id) { documentId }', user)],
];

describe.each(ENDS)('while a password is compared, %s', (_title, end) => {
  test.each<[string, (user: Person) => Promise<Answer>]>([
    [
      'another e-mail is not asked for',
      ({ jwt, email }) => updateMe(jwt, { email: `thief-${email}`, currentPassword: DEMO_PASSWORD }),
    ],
    ['the password is not changed', ({ jwt }) => changePassword(jwt, 'chosen by a thief')],
    ['nobody is let in', ({ username }) => login(username, DEMO_PASSWORD)],
  ])('%s', async (_what, act) => {
    const { prisma } = server.database;
    const user = await newPerson();
    const ended: Answer[] = [];
    const answer = await whileComparing(
      server,
      async () => void ended.push(await end(user)),
      () => act(user),
    );
    expect(ended.map(({ errors }) => errors)).toEqual([undefined]);
    expect(refusalOf(answer)).toBe('UNAUTHENTICATED revoked');
    await server.gatehouse.idle();
    expect(await prisma.mailedCode.count({ where: { userId: user.id } })).toBe(0);
    expect(server.mails.filter(({ to }) => to === `thief-${user.email}`)).toEqual([]);
    expect((await login(user.username, 'chosen by a thief')).data.login).toBeNull();
    // The session that its owner has of it, and no other.
    const sessions = ended[0]?.data.changePassword || ended[0]?.data.resetPassword ? 1 : 0;
    expect(await prisma.session.count({ where: { userId: user.id } })).toBe(sessions);
  });
});

describe('a hash that a login makes anew', () => {
  const hashOf = async ({ id }: Person) =>
    (await server.database.prisma.user.findUniqueOrThrow({ where: { id } })).passwordHash;

  test('while the same password is compared to change it, is no other password', async () => {
    const user = await newPerson();
    await server.database.prisma.user.update({ where: { id: user.id }, data: { passwordHash: outdated } });
    const answer = await whileComparing(
      server,
      () => login(user.username, DEMO_PASSWORD),
      async () => {
        const changed = await changePassword(user.jwt);
        expect(changed.errors).toBeUndefined();
        return changed;
      },
    );
    expect((await server.ask('{ me { username } }', { token: answer.data.changePassword.jwt })).errors).toBeUndefined();
    expect((await login(user.username, NEW)).errors).toBeUndefined();
  });

  test('does not undo a change of the password that was made meanwhile', async () => {
    const user = await newPerson();
    await server.database.prisma.user.update({ where: { id: user.id }, data: { passwordHash: outdated } });
    let changed = '';
    const answer = await whileComparing(
      server,
      async () => {
        expect((await changePassword(user.jwt)).errors).toBeUndefined();
        changed = await hashOf(user);
      },
      () => login(user.username, DEMO_PASSWORD),
    );
    expect(refusalOf(answer)).toBe('UNAUTHENTICATED revoked');
    expect(await hashOf(user)).toBe(changed);
    expect((await login(user.username, DEMO_PASSWORD)).data.login).toBeNull();
    expect((await login(user.username, NEW)).errors).toBeUndefined();
  });
});
