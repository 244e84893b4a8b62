import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { DEMO_PASSWORD } from '../../src/accounts/public-password.ts';
import { createPlace, type Place, startProcess } from '../support/process.ts';
import { send } from '../support/start.ts';

/** What a server takes of memory, and how long it takes to start, is mostly what it loads. */

/** Tells, at the end, which packages were loaded and from which files of ours. */
const TELLING = `
  import { writeSync } from 'node:fs';
  import { registerHooks } from 'node:module';
  const loaded = new Set();
  registerHooks({
    load(url, context, next) {
      const [, name] = /\\/node_modules\\/((?:@[^/]+\\/)?[^/]+)\\/(?!.*\\/node_modules\\/)/.exec(url) ?? /\\/dist\\/(.+)$/.exec(url) ?? [];
      loaded.add(name);
      return next(url, context);
    },
  });
  process.on('exit', () => writeSync(1, '\\nloaded ' + [...loaded].join(' ') + '\\n'));
`;

let place: Place;
let loaded: readonly string[];
beforeAll(async () => {
  place = await createPlace({ used: true });
  await (await startProcess(place.environment)).stop(); // the first start of all makes tables and accounts
  const hook = `data:text/javascript,${encodeURIComponent(TELLING)}`;
  const server = await startProcess(place.environment, ['--import', hook, 'dist/main.js']);
  const login = `mutation { login(input: { identifier: "editor@example.com", password: "${DEMO_PASSWORD}" }) { jwt } }`;
  const { data } = await send(server.url, login);
  const token: string = data.login.jwt;
  for (const document of [
    '{ me { username } posts { title author { name } } posts_connection { pageInfo { total } } }',
    'mutation { createPost(data: { title: "loaded" }) { documentId } }',
    '{ refused: usersPermissionsUsers { id } }',
  ]) {
    await send(server.url, document, { token });
  }
  await send(server.url, '{ not valid');
  await server.stop();
  loaded = /^loaded (.*)$/m.exec(server.output())?.[1]?.split(' ') ?? [];
});
afterAll(() => place?.remove());

test('what was asked for is there', () => {
  expect(loaded).toEqual(
    expect.arrayContaining(['graphql', 'graphql-yoga', '@pothos/core', '@prisma/client', 'http/server.js']),
  );
});

test.each([
  ['GraphiQL, before somebody opens it', '@graphql-yoga/render-graphiql'],
  ['what makes mails, before there is one to be sent', 'nodemailer'],
  ['the most common passwords, before one is chosen', '@zxcvbn-ts/language-common'],
  ['spans, where nobody collects them', 'telemetry/tracing.js'],
])('a server that is asked what clients ask does not load %s', (_what, name) => {
  expect(loaded).not.toContain(name);
});

test('of two databases, the one that is not used is not loaded', () => {
  const drivers = ['@electric-sql/pglite', 'pg'];
  const used = inject('databaseKind') === 'embedded' ? '@electric-sql/pglite' : 'pg';
  expect(drivers.filter((name) => loaded.includes(name))).toEqual([used]);
});
