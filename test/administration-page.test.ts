import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureFirstAdmin } from '../src/start/first-admin.ts';
import { carryOut } from './support/command.ts';
import { codeBlocksIn } from './support/documents.ts';
import { startServer, type TestServer } from './support/start.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.close());

const administration = codeBlocksIn('docs/administration.md');

describe('the way from a start to a new role', () => {
  const block = (label: string) => administration.find((one) => one.label === `admin name=${label}`)?.text ?? '';

  test('by GraphiQL', async () => {
    const first = await ensureFirstAdmin(server.gatehouse.administration, { ...server.config, production: false });
    expect(first.kind).toBe('demo');
    const { data: login } = await server.askAdmin(block('login'));
    const token = login.login.jwt;
    const ask = async (label: string, variables = {}) => {
      const { data, errors, text } = await server.askAdmin(block(label), { token, variables });
      expect(errors, text).toBeUndefined();
      return data;
    };
    expect((await ask('actions')).actions.length).toBeGreaterThan(5);
    const { createRole: role } = await ask('role');
    expect(role.type).toBe('writer');
    expect(role.permissions).toEqual(expect.arrayContaining(['post.find', 'post.create', 'tag.find', 'user.me']));
    const found = await server.askAdmin('{ users(search: "reader") { documentId } }', { token });
    const user = found.data.users[0].documentId;
    expect((await ask('user', { user, role: role.documentId })).updateUser).toEqual({
      username: 'reader',
      role: { name: 'Writer' },
    });
    const { data: all } = await server.askAdmin('{ roles { documentId type } }', { token });
    const idOf = (type: string) => all.roles.find((one: { type: string }) => one.type === type).documentId;
    const several = { user, roles: [role.documentId, idOf('moderator')] };
    expect((await ask('roles', several)).updateUser).toEqual({
      role: { name: 'Writer' },
      roles: expect.arrayContaining([{ name: 'Writer' }, { name: 'Moderator' }]),
    });
    const included = await ask('includes', { role: role.documentId, includes: [idOf('moderator')] });
    expect(included.updateRole.includes).toEqual([{ name: 'Moderator' }]);
    expect(included.updateRole.permissions).not.toContain('post.delete');
    expect(included.updateRole.effectivePermissions).toContain('post.delete');
    const version = included.updateRole.version;
    const { setPermissions } = await ask('set', { role: role.documentId, version });
    expect(setPermissions.permissions).toContain('post.update');
    const reader = await server.tokenOf('reader');
    const { data } = await server.ask('{ posts(pagination: { limit: 1 }) { documentId } }', { token: reader });
    const update = 'mutation ($id: ID!) { updatePost(documentId: $id, data: { title: "By a writer" }) { title } }';
    const updated = await server.ask(update, { token: reader, variables: { id: data.posts[0].documentId } });
    expect(updated.data.updatePost.title).toBe('By a writer');
    const { previewGrants } = await ask('preview', { role: role.documentId, user });
    expect(previewGrants).toMatchObject({ problems: [], rows: 0, of: 60, indexesMissing: [] });
    const { previewPermissions } = await ask('changes', { role: role.documentId });
    expect(previewPermissions).toMatchObject({ users: 1, problems: [] });
    expect(previewPermissions.lines.map(({ text }: { text: string }) => text)).toEqual([
      'Writer gains post.delete: WRITES, 1 user',
      'Writer changes post.find from all rows and fields to where featured is true: reads, 1 user',
      'Writer loses post.create: WRITES, 1 user',
    ]);
    const { effectivePermissions } = await ask('effective', { user });
    expect(effectivePermissions).toContainEqual({
      action: 'post.update',
      inWords: 'all rows and fields',
      sources: [
        { how: 'MAIN', role: { name: 'Writer' } },
        { how: 'FURTHER', role: { name: 'Moderator' } },
      ],
    });
    const { data: written } = await server.ask('{ authors(pagination: { limit: 1 }) { documentId } }', {
      token: reader,
    });
    const { references } = await ask('references', { author: written.authors[0].documentId });
    expect(references).toEqual([{ label: 'Posts', count: expect.any(Number), onDelete: 'UNLINKED' }]);
    const restricted = await ask('grants', { role: role.documentId, version: setPermissions.version });
    expect(restricted.setGrants).toMatchObject({
      grants: [{ action: 'post.update', inWords: 'where owner is the user, fields content, title' }],
      problems: [],
    });
    expect((await ask('includes', { role: role.documentId, includes: [] })).updateRole.includes).toEqual([]);
    await ask('roles', { user, roles: [role.documentId] });
    const foreign = await server.ask(update, { token: reader, variables: { id: data.posts[0].documentId } });
    expect(foreign.errors?.[0]?.extensions.code).toBe('NOT_FOUND');
    const remove = 'mutation ($id: ID!, $to: ID!) { deleteRole(documentId: $id, moveUsersTo: $to) { movedUsers } }';
    const to = await server.askAdmin('{ roles(search: "authenticated") { documentId } }', { token });
    await server.askAdmin(remove, { token, variables: { id: role.documentId, to: to.data.roles[0].documentId } });
  });

  test('on the command line', async () => {
    const [commands] = administration.filter(({ language }) => language === 'sh');
    const lines = commands?.text.trim().split('\n') ?? [];
    expect(lines).toHaveLength(3);
    for (const line of lines) {
      const words = line.replace('npm run gatehouse -- ', '').split(' ');
      await carryOut(server, words);
    }
    const { data } = await server.ask('{ me { role { type } } }', { token: await server.tokenOf('reader') });
    expect(data.me.role.type).toBe('writer');
    const { data: posts } = await server.ask('{ posts { title } tags { name } }', {
      token: await server.tokenOf('reader'),
    });
    expect(posts.posts).toHaveLength(10);
  });
});
