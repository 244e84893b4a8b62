import { type Audit, serverAudits } from 'graphql-http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServer, type TestServer } from './support/start.ts';

let server: TestServer;
let audits: readonly Audit[];
beforeAll(async () => {
  server = await startServer();
  audits = serverAudits({ url: server.url, fetchFn: asAClient });
});
afterAll(() => server?.close());

/** A GET says that no page of another site sent it, as clients that send one do. */
function asAClient(url: string, init: RequestInit = {}): Promise<Response> {
  return fetch(url, { ...init, headers: { 'x-requested-with': 'audit', ...(init.headers as Record<string, string>) } });
}

// The suite of the package graphql-http, which is that of the specification's working group.
const NAMES = serverAudits({ url: 'http://127.0.0.1:9' }).map(({ name }) => name);

test('there is something to pass', () => {
  expect(NAMES.filter((name) => name.startsWith('MUST')).length).toBeGreaterThanOrEqual(10);
  expect(NAMES.filter((name) => name.startsWith('SHOULD')).length).toBeGreaterThanOrEqual(20);
});

test.each(NAMES)('%s', async (name) => {
  const result = await audits.find((audit) => audit.name === name)?.fn();
  expect(result?.status, result && 'reason' in result ? result.reason : '').toBe('ok');
});
