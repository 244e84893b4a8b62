import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { startBeside, startServer, type TestServer } from './support/start.ts';

const TOKEN = 'a-token-of-prometheus';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ config: { metricsToken: TOKEN } });
});
afterAll(() => server?.close());

function get(url: string, authorization?: string) {
  return fetch(url.replace(/graphql$/, 'metrics'), { headers: { ...(authorization && { authorization }) } });
}

async function numberOf(line: string): Promise<number> {
  const text = await (await get(server.url, `Bearer ${TOKEN}`)).text();
  const found = text.split('\n').find((each) => each.startsWith(`${line} `));
  return Number(found?.slice(line.length + 1) ?? 0);
}

describe('/metrics', () => {
  test('is there for who has the token, and for nobody else', async () => {
    const answer = await get(server.url, `Bearer ${TOKEN}`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toContain('text/plain');
    for (const authorization of [
      undefined,
      'Bearer',
      `Bearer ${TOKEN}x`,
      TOKEN,
      `Bearer ${await server.tokenOf('reader')}`,
    ]) {
      const refused = await get(server.url, authorization);
      expect(refused.status).toBe(404);
      const nothing = await fetch(server.url.replace(/graphql$/, 'nothing'));
      expect(await refused.text()).toBe(await nothing.text());
    }
    await using without = await startBeside(server, { metricsToken: undefined });
    expect((await get(without.url, `Bearer ${TOKEN}`)).status).toBe(404);
  });

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD'])('is not revealed by %s', async (method) => {
    const ask = async (path: string, headers = {}) => {
      const {
        status,
        headers: head,
        text,
      } = await fetch(server.url.replace(/graphql$/, path), { method, headers }).then(async (response) => ({
        status: response.status,
        headers: response.headers,
        text: await response.text(),
      }));
      const told = [...head].filter(([name]) => !['x-request-id', 'date'].includes(name));
      return { status, told, text };
    };
    const nothing = await ask('nothing');
    expect(nothing.status).toBe(404);
    expect(await ask('metrics')).toEqual(nothing);
    expect(await ask('metrics/')).toEqual(nothing);
    if (method !== 'HEAD') expect(await ask('metrics', { authorization: `Bearer ${TOKEN}` })).toEqual(nothing);
  });

  test('counts requests by path and status, and no path that a client made up', async () => {
    const ok = 'gatehouse_request_duration_seconds_count{path="/graphql",status="200"}';
    const other = 'gatehouse_request_duration_seconds_count{path="other",status="404"}';
    const before = [await numberOf(ok), await numberOf(other)];
    await server.ask('{ __typename }');
    await fetch(server.url.replace(/graphql$/, 'made-up'));
    expect([await numberOf(ok), await numberOf(other)]).toEqual([Number(before[0]) + 1, Number(before[1]) + 1]);
    expect(await (await get(server.url, `Bearer ${TOKEN}`)).text()).not.toContain('made-up');
  });

  test('counts refusals by action, and logins by outcome', async () => {
    const refusals = 'gatehouse_refusals_total{path="/graphql",action="post.delete"}';
    const logins = (outcome: string) => `gatehouse_logins_total{path="/graphql",outcome="${outcome}"}`;
    const before = await Promise.all([refusals, logins('accepted'), logins('refused')].map(numberOf));
    await server.ask('mutation { deletePost(documentId: "x") { documentId } }');
    await server.tokenOf('reader');
    await server.ask('mutation { login(input: { identifier: "reader", password: "wrong" }) { jwt } }');
    const after = await Promise.all([refusals, logins('accepted'), logins('refused')].map(numberOf));
    expect(after.map((value, index) => value - (before[index] ?? 0))).toEqual([1, 1, 1]);
  });

  test('shows what the access cache answered, how many SQL statements there were, and whether notifications arrive', async () => {
    const token = await server.tokenOf('editor');
    await server.ask('{ me { username } }', { token });
    await server.gatehouse.idle();
    const lines = [
      'gatehouse_access_cache_hits_total',
      'gatehouse_access_cache_misses_total',
      'gatehouse_sql_statements_total',
    ];
    const before = await Promise.all(lines.map(numberOf));
    await server.ask('{ me { username } }', { token });
    await server.ask('{ posts { title } }', { token });
    const after = await Promise.all(lines.map(numberOf));
    const counted = inject('databaseKind') === 'server' ? 1 : 0;
    expect(after.map((value, index) => value - (before[index] ?? 0))).toEqual([2, 0, counted]);
    expect(await numberOf('gatehouse_notifications_live')).toBe(1);
    expect(await numberOf('gatehouse_password_queue_length')).toBe(0);
  });
});
