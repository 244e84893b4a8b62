import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { actionsOf, guarded } from '../src/authorization/guard.ts';
import { rootFieldsOf } from './support/root-fields.ts';
import { startServer, type TestServer } from './support/start.ts';

/** Who may what on an empty database. An action that is missing here fails the test: nothing escapes it. */
const ROLES = ['public', 'authenticated', 'editor', 'moderator'] as const;
type Role = (typeof ROLES)[number];
const EVERYBODY = ROLES;
const PEOPLE: readonly Role[] = ['authenticated', 'editor', 'moderator'];
const NOBODY: readonly Role[] = [];

const TABLE: Readonly<Record<string, readonly Role[]>> = {
  'post.find': EVERYBODY,
  'post.findOne': EVERYBODY,
  'post.create': ['authenticated', 'editor'],
  'post.update': ['editor', 'moderator'],
  'post.delete': ['editor', 'moderator'],
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
  'auth.refresh': EVERYBODY,
  'auth.logout': EVERYBODY,
  'auth.forgotPassword': EVERYBODY,
  'auth.resetPassword': EVERYBODY,
  'auth.emailConfirmation': EVERYBODY,
  'auth.sendEmailConfirmation': EVERYBODY,
  'auth.logoutEverywhere': PEOPLE,
  'auth.changePassword': PEOPLE,
  'user.me': PEOPLE,
  'user.updateMe': PEOPLE,
  'user.sessions': PEOPLE,
  'user.revokeSession': PEOPLE,
  ...Object.fromEntries(
    ['user', 'role'].flatMap((type) =>
      ['find', 'findOne', 'create', 'update', 'delete'].map((verb) => [`${type}.${verb}`, NOBODY]),
    ),
  ),
};

const USER_OF: Readonly<Record<Role, string | undefined>> = {
  public: undefined,
  authenticated: 'reader',
  editor: 'editor',
  moderator: 'moderator',
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

function isWrite(sql: string): boolean {
  // That somebody tried to administer is recorded.
  return /^\s*(insert|update|delete)/i.test(sql) && !sql.includes('"audit_entries"');
}
