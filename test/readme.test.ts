import { afterAll, beforeAll, expect, test } from 'vitest';
import { codeBlocksIn } from './support/readme.ts';
import { startServer, type TestServer } from './support/start.ts';

const [connection, variables, answer, creation, faults, ...others] = codeBlocksIn('Query content').map(
  ({ text }) => text,
) as [string, string, string, string, string, ...string[]];

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.close());

test('the query of the README answers what it says', async () => {
  const { data, errors } = await server.ask(connection, { variables: JSON.parse(variables) });
  expect(errors).toBeUndefined();
  expect({ data }).toEqual(JSON.parse(answer));
});

test('the mutation of the README is refused with the faults that it says', async () => {
  const { errors } = await server.ask(creation, { token: await server.tokenOf('editor') });
  expect(errors?.[0]?.extensions.error.details.errors).toEqual(JSON.parse(faults));
  expect(others).toEqual([]);
});
