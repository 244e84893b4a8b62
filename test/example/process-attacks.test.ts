// What was tried against the server as a process and worked. Each of these failed before it was fixed.
import { execFileSync } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { DEMO_PASSWORD } from '../../src/accounts/public-password.ts';
import { createPlace, SECRETS, startProcess } from '../support/process.ts';
import { send } from '../support/start.ts';

describe('the process', () => {
  const cleanUp: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const end of cleanUp.splice(0).reverse()) await end();
  });

  async function start(environment: Record<string, string> = {}, before: (dataDir: string) => void = () => {}) {
    const place = await createPlace({ used: true });
    cleanUp.push(() => place.remove());
    before(place.dataDir);
    const run = async (more: Record<string, string> = {}) => {
      const started = await startProcess({ ...place.environment, ...environment, ...more });
      cleanUp.push(() => started.stop('SIGKILL'));
      return started;
    };
    return { place, run };
  }

  test('a request that was half sent does not keep it from stopping at the second signal', async () => {
    const { run } = await start();
    const started = await run();
    const { port } = new URL(started.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('error', () => {}); // it is cut off in the end, and that is the point
    socket.write(
      'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{',
    );
    await new Promise((resolve) => socket.once('ready', resolve));
    await send(started.url, '{ __typename }');
    started.child.kill('SIGTERM');
    const began = performance.now();
    await new Promise((resolve) => setTimeout(resolve, 700)); // sooner, it would count as the same keystroke
    expect((await started.stop('SIGTERM')).code).toBe(1);
    expect(performance.now() - began).toBeLessThan(5_000);
    socket.destroy();
  });

  test('nobody with the public password of development can log in once the database is in production', async () => {
    const { run } = await start();
    const login = 'mutation ($i: UsersPermissionsLoginInput!) { login(input: $i) { jwt } }';
    const options = { variables: { i: { identifier: 'editor', password: DEMO_PASSWORD } } };
    const development = await run();
    expect((await send(development.url, login, options)).data.login.jwt).toEqual(expect.any(String));
    const asAdmin = ({ url }: { readonly url: string }, document: string, token?: string) =>
      send(url.replace(/graphql$/, 'admin/graphql'), document, { token });
    const enter = (email: string) => `mutation { login(email: "${email}", password: "${DEMO_PASSWORD}") { jwt } }`;
    const token = (await asAdmin(development, enter('admin@example.com'))).data.login.jwt;
    const { documentId } = (await asAdmin(development, '{ me { documentId } }', token)).data.me;
    const rename = `mutation { updateAdmin(documentId: "${documentId}", data: { email: "boss@example.com" }) { email } }`;
    expect((await asAdmin(development, rename, token)).data.updateAdmin).toEqual({ email: 'boss@example.com' });
    await development.stop();
    const production = await run({ NODE_ENV: 'production', ...SECRETS });
    expect(production.output()).toContain('blocked');
    expect((await asAdmin(production, enter('boss@example.com'))).errors?.[0]?.message).toBe(
      'Invalid identifier or password',
    );
    expect((await send(production.url, login, options)).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });

  if (inject('databaseKind') === 'embedded') {
    test('the files of the database are their owner’s only, also in a directory that was there before', async () => {
      const { place, run } = await start({}, (dataDir) => {
        mkdirSync(dataDir, { recursive: true });
        execFileSync('chmod', ['755', dataDir]);
      });
      await run();
      expect(statSync(join(place.dataDir, 'postgres')).mode & 0o077).toBe(0);
      expect(statSync(join(place.dataDir, 'jwt-secret')).mode & 0o077).toBe(0);
    });
  }
});
