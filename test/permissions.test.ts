import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { actionsOf, guarded } from '../src/authorization/guard.ts';
import { rootFieldsOf } from './support/root-fields.ts';
import { startServer, type TestServer } from './support/start.ts';

/** Who may what on an empty database. An action that is missing here fails the test: nothing escapes it. */
const ROLES = ['public', 'authenticated', 'editor', 'moderator', 'author', 'premium-user'] as const;
type Role = (typeof ROLES)[number];
const EVERYBODY = ROLES;
const PEOPLE: readonly Role[] = ['authenticated', 'editor', 'moderator', 'author', 'premium-user'];
const NOBODY: readonly Role[] = [];

const TABLE: Readonly<Record<string, readonly Role[]>> = {
  'post.find': EVERYBODY,
  'post.findOne': EVERYBODY,
  'post.create': ['authenticated', 'editor', 'author', 'premium-user'],
  'post.update': ['editor', 'moderator', 'author'],
  'post.delete': ['editor', 'moderator', 'author'],
  ...Object.fromEntries(
    ['author', 'category', 'tag'].flatMap((type) => [
      [`${type}.find`, EVERYBODY],
      [`${type}.findOne`, EVERYBODY],
      [`${type}.create`, NOBODY],
      [`${type}.update`, NOBODY],
      [`${type}.delete`, NOBODY],
    ]),
  ),
  'siteSetting.find': EVERYBODY,
  'siteSetting.update': NOBODY,
  'siteSetting.delete': NOBODY,
  'auth.register': EVERYBODY,
  'auth.login': EVERYBODY,
  'auth.connect': EVERYBODY,
  'auth.loginWithCode': EVERYBODY,
  'auth.loginWithPasskey': EVERYBODY,
  'auth.acceptInvitation': EVERYBODY,
  'auth.disownLogin': EVERYBODY,
  'user.invite': NOBODY,
  'auth.refresh': EVERYBODY,
  'auth.logout': EVERYBODY,
  'auth.forgotPassword': EVERYBODY,
  'auth.resetPassword': EVERYBODY,
  'auth.emailConfirmation': EVERYBODY,
  'auth.sendEmailConfirmation': EVERYBODY,
  'auth.logoutEverywhere': PEOPLE,
  'auth.changePassword': PEOPLE,
  'auth.stepUp': PEOPLE,
  'auth.completeLogin': EVERYBODY,
  'auth.tokenInfo': NOBODY,
  'user.secondFactors': PEOPLE,
  'user.changeSecondFactors': PEOPLE,
  'user.passkeys': PEOPLE,
  'user.changePasskeys': PEOPLE,
  'user.me': PEOPLE,
  'user.updateMe': PEOPLE,
  'user.sessions': PEOPLE,
  'user.revokeSession': PEOPLE,
  'user.identities': PEOPLE,
  'user.deleteMe': NOBODY,
  'user.exportMe': PEOPLE,
  ...Object.fromEntries(
    ['user', 'role'].flatMap((type) =>
      ['find', 'findOne', 'create', 'update', 'delete'].map((verb) => [`${type}.${verb}`, NOBODY]),
    ),
  ),
  'user.find': PEOPLE, // themselves
};

const USER_OF: Readonly<Record<Role, string | undefined>> = {
  public: undefined,
  authenticated: 'reader',
  editor: 'editor',
  moderator: 'moderator',
  author: 'author',
  'premium-user': 'premium',
};

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.close());

async function tokenOf(role: Role): Promise<string | undefined> {
  const user = USER_OF[role];
  return user && server.tokenOf(user);
}

test('the table names every action of the schema, and no other', () => {
  expect(Object.keys(TABLE).sort()).toEqual(actionsOf(server.gatehouse.schema));
});

test('taking the action away from any root field makes the start fail with that field’s name', () => {
  const { schema } = server.gatehouse;
  const types = [schema.getQueryType(), schema.getMutationType()].filter((type) => type != null);
  const fields = types.flatMap((type) => Object.values(type.getFields()).map((field) => ({ type, field })));
  expect(fields.length).toBeGreaterThanOrEqual(30);
  for (const { type, field } of fields) {
    const { extensions } = field;
    field.extensions = {};
    expect(() => guarded(schema)).toThrow(`${type.name}.${field.name} names no action`);
    field.extensions = extensions;
  }
  expect(guarded(schema)).toBe(schema);
});

describe.each(ROLES)('as %s', (role) => {
  test('every root field is answered or refused as the table says, and a refused one writes nothing', async () => {
    const outcomes: Record<string, string> = {};
    const expected: Record<string, string> = {};
    for (const { name, operation, action, document } of rootFieldsOf(server.gatehouse.schema)) {
      const token = await tokenOf(role); // for each one anew: some of them end it
      await server.gatehouse.idle(); // what the field before left behind is not this one's
      server.statements.length = 0;
      const { data, errors, status } = await server.ask(document, { token });
      expect(status, name).toBe(200);
      const refusal = errors?.find(({ extensions }) => extensions.code === 'FORBIDDEN');
      expected[name] = TABLE[action]?.includes(role) ? 'answered' : `refused: ${action}`;
      outcomes[name] = refusal ? `refused: ${refusal.extensions.error.details.action}` : 'answered';
      if (refusal) {
        expect(refusal.message, name).toBe('Forbidden access');
        expect(refusal.path, name).toEqual([name]);
        expect(data, name).toEqual({ [name]: null });
        if (operation === 'mutation') expect(server.statements.filter(isWrite), name).toEqual([]);
      }
    }
    expect(outcomes).toEqual(expected);
  });
});

test('fifty posts are everybody’s, and ten are premium', async () => {
  const total = async (token: string | undefined) => {
    const { data } = await server.ask('{ posts_connection { pageInfo { total } } }', { token });
    return data.posts_connection.pageInfo.total;
  };
  const premium = await server.database.prisma.post.findFirstOrThrow({ where: { premium: true } });
  const title = async (token: string | undefined) =>
    (await server.ask(`{ post(documentId: "${premium.documentId}") { title } }`, { token })).data.post?.title;
  for (const role of ['public', 'authenticated', 'author'] as const) {
    const token = await tokenOf(role);
    expect([await total(token), await title(token)], role).toEqual([50, undefined]);
  }
  for (const role of ['premium-user', 'editor', 'moderator'] as const) {
    const token = await tokenOf(role);
    expect([await total(token), await title(token)], role).toEqual([60, premium.title]);
  }
});

test('a post belongs to who creates it: it is found by its owner, and an author changes no others', async () => {
  const author = await tokenOf('author');
  const reader = await tokenOf('authenticated');
  const create = async (token: string | undefined) => {
    const document =
      'mutation { createPost(data: { title: "Owned", premium: true }) { documentId owner { username } } }';
    const { data, text } = await server.ask(document, { token });
    expect(data.createPost?.owner, text).not.toBeNull();
    return data.createPost as { documentId: string; owner: { username: string } };
  };
  const own = await create(author);
  const others = await create(reader);
  expect([own.owner.username, others.owner.username]).toEqual(['author', 'reader']);

  const mine = '{ posts(filters: { owner: { documentId: { notNull: true } } }) { documentId } }';
  expect((await server.ask(mine, { token: author })).data.posts).toEqual([{ documentId: own.documentId }]);
  const emails = await server.ask(mine.replace('{ documentId }', '{ owner { email } }'), { token: author });
  expect(emails.text).not.toContain('@example.com');
  expect(emails.errors?.[0]?.extensions.code).toBe('FORBIDDEN');

  const codes = async (token: string | undefined, documentId: string) => {
    const answers = [
      await server.ask(`mutation { updatePost(documentId: "${documentId}", data: { title: "x" }) { title } }`, {
        token,
      }),
      await server.ask(`mutation { deletePost(documentId: "${documentId}") { documentId } }`, { token }),
    ];
    return answers.map(({ errors }) => errors?.[0]?.extensions.code);
  };
  expect(await codes(author, others.documentId)).toEqual(['NOT_FOUND', 'NOT_FOUND']);
  expect(await codes(reader, others.documentId)).toEqual(['FORBIDDEN', 'FORBIDDEN']);
  expect(await codes(author, own.documentId)).toEqual([undefined, undefined]);
  expect(await server.database.prisma.post.count({ where: { documentId: others.documentId, title: 'Owned' } })).toBe(1);
});

function isWrite(sql: string): boolean {
  // That somebody tried to administer is recorded.
  return /^\s*(insert|update|delete)/i.test(sql) && !sql.includes('"audit_entries"');
}
