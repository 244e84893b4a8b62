import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect, inject, test } from 'vitest';
import { app } from '../../src/app/app.ts';
import { startTestServer } from '../../src/testing/start-test-server.ts';
import { codeBlocksIn } from '../support/documents.ts';

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-testing-'));
const cache = join(folder, 'cache');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = promisify(execFile);

/** A module beside the sources, in a folder of its own. */
function moduleOf(text: string, name: string): string {
  const file = join(folder, name);
  writeFileSync(
    file,
    text
      .replace("'gatehouse/testing'", "'../../src/testing/index.ts'")
      .replaceAll(/'(?:\.\.\/)+(src\/[^']+)'/g, (_, path: string) => `'${pathToFileURL(resolve(path)).href}'`),
  );
  return file;
}

// It is about the embedded database, whatever the other tests run on.
if (inject('databaseKind') === 'embedded') {
  test('several processes make the database at once, and the example of the page passes in each', {
    timeout: 240_000,
  }, async () => {
    const [example] = codeBlocksIn('docs/testing.md').filter(({ label }) => label.startsWith('file='));
    const file = moduleOf(example?.text ?? '', 'posts.test.ts');
    const env = { ...process.env, DATA_DIR: join(folder, 'data'), NODE_OPTIONS: '' };
    const runs = [1, 2].map(() =>
      run(process.execPath, ['--conditions=gatehouse-source', '--test', '--test-reporter=tap', file], { env }),
    );
    for (const { stdout } of await Promise.all(runs)) {
      expect(stdout).toMatch(/^# pass 2$/m);
      expect(stdout).toMatch(/^# fail 0$/m);
    }
    expect(readdirSync(join(folder, 'data', 'testing'))).toHaveLength(1);
  });

  test('a test sees what its server did: mails with their code, SQL, the log, and nothing of another server', {
    timeout: 120_000,
  }, async () => {
    await using server = await startTestServer(app, { cache });
    await using other = await startTestServer(app, { cache });
    const ada = await server.user({ roles: ['editor', 'author'], username: 'ada', email: 'ada@example.com' });
    const me = await server.ask('{ me { username role { type } } }', { token: ada.token });
    expect(me.data).toEqual({ me: { username: 'ada', role: { type: 'editor' } } });
    expect((await other.ask('{ me { username } }', { token: ada.token })).status).toBe(401);
    expect(await other.prisma.user.count()).toBe(0);

    const forgot = 'mutation { forgotPassword(email: "ada@example.com") { ok } }';
    await server.ask(forgot);
    const mail = await server.mailTo('ada@example.com');
    expect(mail.link).toContain(mail.code);
    const reset = `mutation ($code: String!) {
      resetPassword(code: $code, password: "nine lives of a cat", passwordConfirmation: "nine lives of a cat") { jwt }
    }`;
    expect((await server.ask(reset, { variables: { code: mail.code } })).data.resetPassword.jwt).toEqual(
      expect.any(String),
    );
    await expect(server.mailTo('nobody@example.com')).rejects.toThrow('No mail was sent to nobody@example.com');

    server.statements.length = 0;
    await server.ask('{ posts { title } }');
    expect(server.statements).toHaveLength(1);
    expect(server.log.join('')).not.toContain(ada.password);
  });

  test('API tokens and administrators have what they were given, and time ends them', {
    timeout: 120_000,
  }, async () => {
    await using server = await startTestServer(app, { cache, seed: true });
    const grants = [{ where: { premium: { eq: true } } }];
    const token = await server.apiToken({ permissions: [{ action: 'post.find', grants }], lifespan: 7 });
    const total = async () => server.ask('{ posts_connection { pageInfo { total } } }', { token });
    expect((await total()).data.posts_connection.pageInfo.total).toBe(10);
    expect((await server.ask('{ authors { name } }', { token })).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    expect((await server.askAdmin('{ roles { type } }', { token: await server.adminToken() })).data.roles).toHaveLength(
      app.roles.length,
    );
    server.clock.advance(8 * 86_400_000);
    expect((await total()).errors?.[0]?.extensions.reason).toBe('expired');
    const blocked = await server.user({ blocked: true });
    expect(blocked.token).toBe('');
  });

  test('it never starts in production, and neither a setting nor a test makes it a server of production', async () => {
    const server = pathToFileURL(resolve('src/testing/start-test-server.ts')).href;
    const text = `import { startTestServer } from '${server}';\nawait startTestServer({}, { cache: '${cache}' });`;
    const env = { ...process.env, NODE_ENV: 'production', NODE_OPTIONS: '' };
    const started = run(process.execPath, [moduleOf(text, 'production.mjs')], { env });
    await expect(started).rejects.toThrow('A server of tests cannot run with NODE_ENV=production');
    await using changed = await startTestServer(app, {
      cache,
      config: { production: true, bcryptCost: 12, database: { kind: 'server', url: 'postgresql://nowhere' } } as object,
    });
    expect(changed.database.kind).toBe('embedded');
    expect(changed.gatehouse.administration.serverInfo.production).toBe(false);
  });
}
