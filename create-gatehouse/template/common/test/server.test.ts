import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startTestServer, type TestServer } from 'gatehouse/testing';
import { app } from '../src/app/app.ts';

let server: TestServer;
before(async () => {
  server = await startTestServer(app);
});
after(() => server.close());

test('somebody who is logged in is who they are', async () => {
  const ada = await server.user({ username: 'ada' });
  const { data } = await server.ask('{ me { username } }', { token: ada.token });
  assert.deepEqual(data, { me: { username: 'ada' } });
});

test('nobody else is', async () => {
  const { errors } = await server.ask('{ me { username } }');
  assert.equal(errors?.[0]?.extensions.code, 'FORBIDDEN');
});
