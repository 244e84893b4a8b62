import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DEMO_PASSWORD } from '../src/accounts/public-password.ts';
import { OWN_ACCOUNT } from '../src/authorization/new-roles.ts';
import { MAIL_PURPOSES } from '../src/mail/templates.ts';
import { type Answer, startServer, type TestServer } from './support/start.ts';

/** What administrators do on `/admin/graphql`, and what becomes of it on `/graphql` with the very next request. */

let server: TestServer;
let token: string;
beforeAll(async () => {
  server = await startServer();
  token = await server.adminToken();
});
afterAll(() => server?.close());
beforeEach(async () => {
  await server.gatehouse.idle();
  server.mails.length = 0;
});

let people = 0;

async function done(document: string, variables: Record<string, unknown> = {}) {
  const { data, errors, text } = await server.askAdmin(document, { token, variables });
  expect(errors, text).toBeUndefined();
  return data;
}

async function refused(document: string, variables: Record<string, unknown> = {}): Promise<string> {
  const { errors, text } = await server.askAdmin(document, { token, variables });
  expect(errors, text).toHaveLength(1);
  const { message, details } = errors?.[0]?.extensions.error ?? { message: '', details: {} };
  return details.errors?.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ') ?? message;
}

/** A user with the demo password, and its token. */
async function person(role?: string) {
  const username = `person ${++people}`;
  const data = { username, email: `person.${people}@example.com`, password: DEMO_PASSWORD, ...(role && { role }) };
  const { createUser } = await done('mutation ($data: CreateUserInput!) { createUser(data: $data) { documentId } }', {
    data,
  });
  return {
    documentId: createUser.documentId as string,
    username,
    email: data.email,
    jwt: await server.tokenOf(username),
  };
}

async function roleOf(type: string): Promise<{ documentId: string; version: number; permissions: string[] }> {
  const { roles } = await done(
    'query ($f: RoleFiltersInput) { roles(filters: $f) { documentId version permissions } }',
    {
      f: { type: { eq: type } },
    },
  );
  return roles[0];
}

function login(identifier: string, password: string): Promise<Answer> {
  return server.ask(`mutation ($i: UsersPermissionsLoginInput!) { login(input: $i) { jwt user { username } } }`, {
    variables: { i: { identifier, password } },
  });
}

const reasonOf = async (jwt: string) =>
  (await server.ask('{ me { username } }', { token: jwt })).errors?.[0]?.extensions.reason;

describe('users', () => {
  test('are found by text, by filters and in pages, with their roles', async () => {
    await person();
    const { users, users_connection } = await done(`{
      users(search: "EDIT") { username email role { name } }
      users_connection(filters: { role: { type: { eq: "authenticated" } } }, sort: "username", pagination: { pageSize: 1 }) {
        nodes { role { type } } pageInfo { total pageSize }
      }
    }`);
    expect(users).toEqual([{ username: 'editor', email: 'editor@example.com', role: { name: 'Editor' } }]);
    expect(users_connection.nodes).toEqual([{ role: { type: 'authenticated' } }]);
    expect(users_connection.pageInfo.total).toBeGreaterThanOrEqual(2);
    expect(await refused(`{ users(search: "${'x'.repeat(201)}") { id } }`)).toBe(
      'search: search must be at most 200 characters',
    );
  });

  test('that are made without a password are asked by mail to choose one, and then log in', async () => {
    const data = { username: 'invited', email: 'Invited@Example.com' };
    await done('mutation ($data: CreateUserInput!) { createUser(data: $data) { id confirmed role { type } } }', {
      data,
    });
    await server.gatehouse.idle();
    expect(server.mails.map(({ to, subject }) => [to, subject])).toEqual([
      ['invited@example.com', 'Your account is ready'],
    ]);
    expect((await login('invited', 'none')).data.login).toBeNull();
    const code = new URL(server.mails[0]?.link ?? '').hash.replace('#code=', '');
    const { data: reset } = await server.ask(
      'mutation ($c: String!, $p: String!) { resetPassword(code: $c, password: $p, passwordConfirmation: $p) { jwt } }',
      { variables: { c: code, p: 'a password of my own' } },
    );
    expect(reset.resetPassword.jwt).toBeTypeOf('string');
    expect((await login('invited@example.com', 'a password of my own')).data.login.user.username).toBe('invited');
  });

  test('that are not fit to be are refused with every fault, and none is made', async () => {
    const count = () => server.database.prisma.user.count();
    const before = await count();
    const create = 'mutation ($data: CreateUserInput!) { createUser(data: $data) { id } }';
    expect(await refused(create, { data: { username: 'x', email: 'nowhere', password: 'short' } })).toBe(
      'username: username must be at least 3 characters; email: email must be a valid email; password: password must be at least 8 characters',
    );
    expect(await refused(create, { data: { username: 'Editor', email: 'new@example.com' } })).toBe(
      'Username already taken',
    );
    expect(await refused(create, { data: { username: 'somebody', email: 'new@example.com', role: 'nothing' } })).toBe(
      'role: role names a role that does not exist',
    );
    expect(await count()).toBe(before);
  });

  test('get another role, name, e-mail and password, all of it or nothing', async () => {
    const { documentId, username, jwt } = await person();
    const update =
      'mutation ($id: ID!, $data: UpdateUserInput!) { updateUser(documentId: $id, data: $data) { username email role { type } } }';
    const editor = (await roleOf('editor')).documentId;
    expect(await refused(update, { id: documentId, data: { role: editor, username: 'reader' } })).toBe(
      'Username already taken',
    );
    expect((await server.ask('{ me { role { type } } }', { token: jwt })).data.me.role.type).toBe('authenticated');

    const renamed = `${username} renamed`;
    const { updateUser } = await done(update, { id: documentId, data: { role: editor, username: renamed } });
    expect(updateUser).toMatchObject({ username: renamed, role: { type: 'editor' } });
    expect((await server.ask('{ me { username role { type } } }', { token: jwt })).data.me).toEqual({
      username: renamed,
      role: { type: 'editor' },
    });
    expect((await login(username, DEMO_PASSWORD)).data.login).toBeNull();

    await done(update, { id: documentId, data: { password: 'chosen by an admin' } });
    expect(await reasonOf(jwt)).toBe('revoked');
    expect((await login(renamed, 'chosen by an admin')).data.login.jwt).toBeTypeOf('string');
  });

  test('that are blocked are out with the next request, for as long as the block lasts', async () => {
    const { documentId, username, jwt } = await person();
    const until = new Date(Date.now() + 3_600_000).toISOString();
    const block =
      'mutation ($id: ID!, $until: DateTime) { blockUser(documentId: $id, reason: "spam", until: $until) { blocked blockReason blockedUntil } }';
    expect(await refused(block, { id: documentId, until: new Date(0).toISOString() })).toBe(
      'until: until must be in the future',
    );
    expect((await done(block, { id: documentId, until })).blockUser).toEqual({
      blocked: true,
      blockReason: 'spam',
      blockedUntil: until,
    });
    expect(await reasonOf(jwt)).toBe('blocked');
    expect((await login(username, DEMO_PASSWORD)).errors?.[0]?.message).toBe(
      'Your account has been blocked by an administrator',
    );

    server.advance(3_601_000); // it ends by itself, and what was before it stays dead
    const { data } = await server.ask(
      `mutation { login(input: { identifier: "${username}", password: "${DEMO_PASSWORD}" }) { jwt user { blocked } } }`,
    );
    expect(data.login.user.blocked).toBe(false);
    expect(await reasonOf(jwt)).toBe('revoked');
    expect(await reasonOf(data.login.jwt)).toBeUndefined();

    await server.gatehouse.cleanUp();
    const lifted = await done('query ($id: ID!) { user(documentId: $id) { blocked blockReason blockedUntil } }', {
      id: documentId,
    });
    expect(lifted.user).toEqual({ blocked: false, blockReason: null, blockedUntil: null });
    // Blocked anew after that, the tokens of the time in between die as well.
    await done(block, { id: documentId, until: null });
    expect(await reasonOf(data.login.jwt)).toBe('blocked');
    await done('mutation ($id: ID!) { unblockUser(documentId: $id) { blocked blockReason } }', { id: documentId });
    expect(await reasonOf(data.login.jwt)).toBe('revoked');
    expect((await login(username, DEMO_PASSWORD)).data.login.jwt).toBeTypeOf('string');
  });

  test('are confirmed, mailed a link, logged out everywhere, and deleted', async () => {
    const { documentId, username, email, jwt } = await person();
    await server.database.prisma.user.update({ where: { documentId }, data: { confirmed: false } });
    const act = (name: string) =>
      done(`mutation ($id: ID!) { ${name}(documentId: $id) { username confirmed sessions { device } } }`, {
        id: documentId,
      });
    expect((await act('confirmUser')).confirmUser).toMatchObject({ confirmed: true });
    expect((await act('sendUserPasswordMail')).sendUserPasswordMail.sessions).toHaveLength(1);
    await server.gatehouse.idle();
    expect(server.mails.map(({ to, subject }) => [to, subject])).toEqual([[email, 'Choose a new password']]);
    expect((await act('endUserSessions')).endUserSessions.sessions).toEqual([]);
    expect(await reasonOf(jwt)).toBe('revoked');

    const again = await server.tokenOf(username);
    await done('mutation ($id: ID!) { deleteUser(documentId: $id) { documentId } }', { id: documentId });
    expect(await reasonOf(again)).toBe('revoked');
    expect(
      await refused('mutation ($id: ID!) { deleteUser(documentId: $id) { documentId } }', { id: documentId }),
    ).toBe('User not found');
  });

  test('show no hash of a password, whatever is asked', async () => {
    const { __type } = await done('{ __type(name: "User") { fields { name } } }');
    expect(__type.fields.map(({ name }: { name: string }) => name).sort()).toEqual([
      'blockReason',
      'blocked',
      'blockedUntil',
      'confirmed',
      'createdAt',
      'deletesAt',
      'documentId',
      'email',
      'id',
      'provider',
      'role',
      'roles',
      'roles_connection',
      'sessions',
      'updatedAt',
      'username',
      'usernameDisputed',
    ]);
  });
});

describe('roles', () => {
  const CREATE =
    'mutation ($data: CreateRoleInput!) { createRole(data: $data) { documentId type description version permissions } }';
  const SET =
    'mutation ($role: ID!, $version: Int!, $add: [String!], $remove: [String!]) { setPermissions(role: $role, version: $version, add: $add, remove: $remove) { version permissions } }';

  test('begin with what a person needs, or as a copy of another', async () => {
    const { createRole } = await done(CREATE, { data: { name: 'Guest Writer', permissions: ['post.create'] } });
    expect(createRole.type).toBe('guest_writer');
    expect(createRole.permissions).toEqual([...OWN_ACCOUNT, 'post.create'].sort());
    const editor = await roleOf('editor');
    const { createRole: copy } = await done(CREATE, { data: { name: 'Guest-writer', copyOf: editor.documentId } });
    expect(copy.type).toBe('guest_writer_2');
    expect(copy.permissions).toEqual(editor.permissions);
    expect(await refused(CREATE, { data: { name: 'guest WRITER' } })).toBe('name: This attribute must be unique');
    expect(await refused(CREATE, { data: { name: 'Other', permissions: ['post.find', 'post.rewrite'] } })).toBe(
      'permissions.1: permissions has a name that is no action',
    );
    expect(await refused(CREATE, { data: { name: ' ', type: 'Two Words' } })).toMatch(/name: .*; type: /);
  });

  test('are created with grants at once, or not at all', async () => {
    const create =
      'mutation ($data: CreateRoleInput!) { createRole(data: $data) { type permissions grants { action inWords } } }';
    const editor = await roleOf('editor');
    const grants = [
      { action: 'post.find', grants: [{ where: { featured: { eq: true } } }] },
      { action: 'tag.delete', grants: null },
    ];
    const { createRole } = await done(create, { data: { name: 'Limited copy', copyOf: editor.documentId, grants } });
    expect(createRole.permissions).toEqual([...new Set([...editor.permissions, 'post.find', 'tag.delete'])].sort());
    expect(createRole.grants).toContainEqual({ action: 'post.find', inWords: 'where featured is true' });
    const before = await server.database.prisma.role.count();
    for (const [wrong, message] of [
      [{ action: 'post.find', grants: [{ where: { colour: 1 } }] }, /^grants\.0\.grants\.0\.where\.colour: /],
      [{ action: 'post.fly', grants: null }, /^grants\.0\.action: /],
      [{ action: 'post.find' }, /^grants\.0\.grants: /],
    ] as const) {
      expect(await refused(create, { data: { name: 'Never', grants: [wrong] } })).toMatch(message);
    }
    expect(await server.database.prisma.role.count()).toBe(before);
  });

  test('keep their permissions when they are renamed and described', async () => {
    const before = await roleOf('moderator');
    const { updateRole } = await done(
      'mutation ($id: ID!) { updateRole(documentId: $id, data: { name: "Moderators", description: "Look after posts." }) { name description permissions version } }',
      { id: before.documentId },
    );
    expect(updateRole).toMatchObject({
      name: 'Moderators',
      description: 'Look after posts.',
      permissions: before.permissions,
    });
    expect(updateRole.version).toBe(before.version + 1);
  });

  test('decide the very next request, once they were given an action or lost it', async () => {
    const { documentId: role, version } = await roleOf('moderator');
    const jwt = await server.tokenOf('moderator');
    const create = 'mutation { createTag(data: { name: "by a moderator" }) { name } }';
    expect((await server.ask(create, { token: jwt })).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    const given = await done(SET, { role, version, add: ['tag.create'] });
    expect((await server.ask(create, { token: jwt })).data.createTag).toEqual({ name: 'by a moderator' });
    await done(SET, { role, version: given.setPermissions.version, remove: ['tag.create'] });
    expect((await server.ask(create.replace('by a', 'by another'), { token: jwt })).errors?.[0]?.extensions.code).toBe(
      'FORBIDDEN',
    );
  });

  test('that two save at once are saved by one, and the other is told', async () => {
    const { documentId: role, version, permissions } = await roleOf('editor');
    const [one, other] = await Promise.all([
      server.askAdmin(SET, { token, variables: { role, version, add: ['author.create'] } }),
      server.askAdmin(SET, { token, variables: { role, version, remove: ['post.delete'] } }),
    ]);
    const [lost, won] = one.errors ? [one, other] : [other, one];
    expect(won.errors).toBeUndefined();
    expect(lost.errors?.[0]?.message).toBe('The role was changed meanwhile: read it again');
    const now = await roleOf('editor');
    const both = [[...permissions, 'author.create'].sort(), permissions.filter((action) => action !== 'post.delete')];
    expect(both).toContainEqual(now.permissions);
    // Whoever writes it otherwise changes the version, too.
    const id = (await server.database.prisma.role.findUniqueOrThrow({ where: { type: 'editor' } })).id;
    await server.database.query('INSERT INTO "permissions" ("roleId", "action") VALUES ($1, $2)', [id, 'tag.update']);
    expect(await refused(SET, { role, version: now.version, add: ['tag.delete'] })).toContain('changed meanwhile');
  });

  test('are refused what is no action, and what is given and taken at once', async () => {
    const { documentId: role, version } = await roleOf('editor');
    expect(await refused(SET, { role, version, add: ['post.fly'], remove: ['post.swim'] })).toBe(
      'add.0: add has a name that is no action; remove.0: remove has a name that is no action',
    );
    expect(await refused(SET, { role, version, add: ['tag.create'], remove: ['tag.create'] })).toContain('same action');
    const many = Array.from({ length: 500 }, (_, n) => `post.fly${n}`);
    expect((await refused(SET, { role, version, add: many })).split('; ')).toHaveLength(20);
    expect((await roleOf('editor')).version).toBe(version);
  });

  test('are deleted with a target for their users; some always exist', async () => {
    const { createRole } = await done(CREATE, { data: { name: 'Leaving' } });
    const { jwt, documentId } = await person(createRole.documentId);
    const remove =
      'mutation ($id: ID!, $to: ID!) { deleteRole(documentId: $id, moveUsersTo: $to) { movedUsers movedTo { type } } }';
    const [pub, authenticated, editor] = [
      await roleOf('public'),
      await roleOf('authenticated'),
      await roleOf('editor'),
    ];
    const id = createRole.documentId;
    expect(await refused(remove, { id, to: id })).toContain('moveUsersTo');
    expect(await refused(remove, { id, to: pub.documentId })).toContain(
      'Public is the role of requests without an account',
    );
    expect(await refused(remove, { id: pub.documentId, to: editor.documentId })).toBe('Cannot delete public role');
    expect(await refused(remove, { id: authenticated.documentId, to: editor.documentId })).toBe(
      'Cannot delete authenticated role',
    );
    expect((await server.ask('{ me { role { name } } }', { token: jwt })).data.me.role.name).toBe('Leaving');
    expect((await done(remove, { id, to: editor.documentId })).deleteRole).toEqual({
      movedUsers: 1,
      movedTo: { type: 'editor' },
    });
    expect((await server.ask('{ me { role { type } } }', { token: jwt })).data.me.role.type).toBe('editor');
    expect(documentId).toBeTypeOf('string');
  });

  test('can be given what the schema has, grouped by type, each with its root fields', async () => {
    const { actions } = await done('{ actions { type label actions { action label description rootFields writes } } }');
    const all = actions.flatMap(({ actions: of }: { actions: { action: string }[] }) => of);
    expect(all.map(({ action }: { action: string }) => action).sort()).toEqual(
      [...server.gatehouse.administration.tokenActions.all].sort(),
    );
    const post = actions.find(({ type }: { type: string }) => type === 'post');
    expect(post.label).toBe('Post');
    expect(post.actions).toContainEqual({
      action: 'post.find',
      label: 'List, filter and follow to: post',
      description: 'Allows posts, posts_connection.',
      rootFields: ['posts', 'posts_connection'],
      writes: false,
    });
    expect(all.find(({ action }: { action: string }) => action === 'auth.login')).toMatchObject({
      label: 'Login',
      writes: true,
    });
  });
});

describe('settings', () => {
  const UPDATE =
    'mutation ($data: SettingsInput!) { updateSettings(data: $data) { signUps sessionMode passwordMinLength resetPasswordUrl defaultRole { type } } }';

  test('take effect with the next request, and what is not named stays', async () => {
    const register = () =>
      server.ask('mutation ($i: UsersPermissionsRegisterInput!) { register(input: $i) { user { role { type } } } }', {
        variables: {
          i: { username: `signed up ${++people}`, email: `signed.up.${people}@example.com`, password: 'twelve chars' },
        },
      });
    expect((await register()).data.register.user.role.type).toBe('authenticated');
    await done(UPDATE, { data: { signUps: false } });
    expect((await register()).errors?.[0]?.message).toBe('Register action is currently disabled');
    const { documentId } = await roleOf('moderator');
    const { updateSettings } = await done(UPDATE, {
      data: { signUps: true, passwordMinLength: 13, defaultRole: documentId },
    });
    expect(updateSettings).toMatchObject({
      signUps: true,
      sessionMode: 'PLAIN',
      passwordMinLength: 13,
      defaultRole: { type: 'moderator' },
    });
    expect((await register()).errors?.[0]?.message).toBe('password must be at least 13 characters');
    await done(UPDATE, { data: { passwordMinLength: 8 } });
    expect((await register()).data.register.user.role.type).toBe('moderator');
    expect(
      await refused('mutation ($id: ID!, $to: ID!) { deleteRole(documentId: $id, moveUsersTo: $to) { movedUsers } }', {
        id: documentId,
        to: (await roleOf('editor')).documentId,
      }),
    ).toBe('This is the default role for sign-ups. Choose another default first.');
    await done(UPDATE, { data: { defaultRole: (await roleOf('authenticated')).documentId } });
  });

  test('that make no sense are refused whole', async () => {
    const faults = await refused(UPDATE, {
      data: {
        signUps: false,
        passwordMinLength: 7,
        accessTokenLifespan: 0,
        refreshTokenGrace: 61,
        resetPasswordUrl: 'javascript:alert(1)',
        defaultRole: (await roleOf('public')).documentId,
      },
    });
    for (const name of [
      'passwordMinLength',
      'accessTokenLifespan',
      'refreshTokenGrace',
      'resetPasswordUrl',
      'defaultRole',
    ])
      expect(faults).toContain(`${name}: `);
    expect((await done('{ settings { signUps } }')).settings.signUps).toBe(true);
    expect(await refused(UPDATE, { data: { accessTokenLifespan: 3_000_000 } })).toContain('must not become shorter');
  });
});

describe('mail templates', () => {
  const words = { subject: 'Reset', text: 'Go to {{link}}', html: '<a href="{{link}}">Reset</a>' };

  test('are shown, previewed, changed, tried and reset', async () => {
    const { mailTemplates } = await done(
      '{ mailTemplates { purpose isBuiltIn subject variables { name description } } }',
    );
    expect(mailTemplates).toHaveLength(MAIL_PURPOSES.length);
    expect(mailTemplates.find(({ purpose }: { purpose: string }) => purpose === 'RESET_PASSWORD')).toMatchObject({
      isBuiltIn: true,
    });
    const { previewMailTemplate } = await done(
      'query ($w: MailTemplateInput) { previewMailTemplate(purpose: RESET_PASSWORD, words: $w) { subject text html } }',
      { w: words },
    );
    expect(previewMailTemplate.subject).toBe('Reset');
    expect(previewMailTemplate.text).toMatch(/^Go to http:\/\/gatehouse.test\//);
    expect(previewMailTemplate.html).toContain('href="http://gatehouse.test/');
    expect(
      (await done('{ mailTemplates { isBuiltIn } }')).mailTemplates.every(
        ({ isBuiltIn }: { isBuiltIn: boolean }) => isBuiltIn,
      ),
    ).toBe(true);

    const set =
      'mutation ($w: MailTemplateInput!) { setMailTemplate(purpose: RESET_PASSWORD, words: $w) { subject isBuiltIn } }';
    expect(await refused(set, { w: { ...words, text: 'no way out' } })).toBe(
      'text: text must have {{link}} or {{code}}',
    );
    expect((await done(set, { w: words })).setMailTemplate).toEqual({ subject: 'Reset', isBuiltIn: false });
    // Somebody who read other texts replaces none.
    const unseen =
      'mutation ($w: MailTemplateInput!, $was: MailTemplateInput) { setMailTemplate(purpose: RESET_PASSWORD, words: $w, was: $was) { subject } }';
    const other = { ...words, subject: 'Other' };
    expect(await refused(unseen, { w: other, was: { ...words, subject: 'Choose a new password' } })).toBe(
      'was.subject: subject was changed meanwhile: read it again',
    );
    expect((await done(unseen, { w: words, was: words })).setMailTemplate).toEqual({ subject: 'Reset' });
    const { sendTestMail } = await done('mutation { sendTestMail(purpose: RESET_PASSWORD) { to } }');
    expect(server.mails.map(({ to, subject }) => [to, subject])).toEqual([[sendTestMail.to, 'Reset']]);
    expect(sendTestMail.to).toMatch(/@admin\.test$/);
    await server.ask('mutation { forgotPassword(email: "reader@example.com") { ok } }');
    await server.gatehouse.idle();
    expect(server.mails.at(-1)).toMatchObject({ to: 'reader@example.com', subject: 'Reset' });
    const { resetMailTemplate } = await done(
      'mutation { resetMailTemplate(purpose: RESET_PASSWORD) { subject isBuiltIn } }',
    );
    expect(resetMailTemplate).toEqual({ subject: 'Choose a new password', isBuiltIn: true });
  });
});

describe('content', () => {
  test('is read and written without regard to any role, by the queries of the public schema', async () => {
    const { createTag } = await done('mutation { createTag(data: { name: "by an administrator" }) { documentId } }');
    const { posts, tags } = await done(
      '{ posts(filters: { tags: { name: { eq: "api" } } }, pagination: { limit: 1 }) { title tags { name } } tags(sort: "name", filters: { name: { startsWith: "by an a" } }) { documentId } }',
    );
    expect(posts).toHaveLength(1);
    expect(tags).toEqual([createTag]);
    await done('mutation ($id: ID!) { deleteTag(documentId: $id) { documentId } }', { id: createTag.documentId });
  });
});
