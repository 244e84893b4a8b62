import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Authenticate } from '../src/authentication/authenticate.ts';
import { CredentialRefused } from '../src/authentication/credential-refused.ts';
import { openRaw, type RawClient, rawOperation, rawRequest } from './support/raw-client.ts';
import { send, startBeside, startServer, type TestServer } from './support/start.ts';

let server: TestServer;
/** A server with clientLimits that are soon reached, on which every operation waits for the gate, and is refused then. */
let small: Awaited<ReturnType<typeof startBeside>>;
beforeAll(async () => {
  server = await startServer();
  const clientLimits = {
    slots: { perClient: 3, total: 5 },
    unfinished: { perClient: 2, total: 3 },
  };
  small = await startBeside(server, { trustedProxies: 1 }, { clientLimits, authenticate });
});
afterAll(async () => {
  await small?.[Symbol.asyncDispose]();
  await server?.close();
});

let waiting = 0;
let open = (): void => {};
let gate = Promise.resolve();
const authenticate: Authenticate = async () => {
  waiting += 1;
  await gate.finally(() => {
    waiting -= 1;
  });
  throw new CredentialRefused('invalid');
};
beforeEach(() => {
  gate = new Promise((resolve) => {
    open = resolve;
  });
});

const ASK = '{ __typename }';
const UNAUTHORIZED = 401;
const BUSY = 503;

/** The status of an operation that is sent to the small server by this client. */
async function ask(client: string): Promise<number> {
  return (await send(small.url, ASK, { headers: { 'x-forwarded-for': client } })).status;
}

/** So many operations of this client wait at the gate, beside those that did already. */
async function fill(client: string, count: number): Promise<Promise<number>[]> {
  const before = waiting;
  const asked = Array.from({ length: count }, () => ask(client));
  await until(() => waiting === before + count);
  return asked;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}

const get = async (path: string, url = small.url) => (await fetch(new URL(path, url))).status;
const statusOf = (client: RawClient) => /^HTTP\/1\.1 (\d+)/.exec(client.text())?.[1];

/** The head of an operation, and the first byte of its body. */
const BEGUN = rawRequest('POST', '/graphql', { 'Content-Type': 'application/json', 'Content-Length': '100' }, '{');

describe('a slot', () => {
  test('is taken by who is executed only; one client never has all of them, and all together have a bound', async () => {
    const one = await fill('192.0.2.1', 3);
    expect(await ask('192.0.2.1')).toBe(BUSY);
    const another = await fill('192.0.2.2', 2);
    expect(await ask('192.0.2.3')).toBe(BUSY);
    expect([await get('/health'), await get('/ready'), await get('/nothing')]).toEqual([200, 200, 404]);
    open();
    expect(await Promise.all([...one, ...another])).toEqual(Array.from({ length: 5 }, () => UNAUTHORIZED));
    expect(await ask('192.0.2.1')).toBe(UNAUTHORIZED);
  });

  test('of one network of IPv6 is of one client', async () => {
    const some = await fill('2001:db8::1', 3);
    expect(await ask('2001:db8::2')).toBe(BUSY);
    some.push(...(await fill('2001:db8:0:1::1', 1)));
    open();
    expect(await Promise.all(some)).toEqual(Array.from({ length: 4 }, () => UNAUTHORIZED));
  });

  test('is not taken by a request that has not ended', async () => {
    const unfinished = [await openRaw(small.url, BEGUN), await openRaw(small.url, BEGUN)];
    const some = [...(await fill('192.0.2.1', 3)), ...(await fill('192.0.2.2', 2))];
    open();
    expect(await Promise.all(some)).toEqual(Array.from({ length: 5 }, () => UNAUTHORIZED));
    for (const { socket } of unfinished) socket.destroy();
  });

  test('comes back from a client that sent many requests at once and hung up, when they are over', async () => {
    const client = await openRaw(small.url, rawOperation(ASK).repeat(3));
    await until(() => waiting === 3);
    client.socket.destroy();
    await client.closed();
    expect(await ask('127.0.0.1')).toBe(BUSY);
    open();
    await until(() => waiting === 0);
    expect(await Promise.all([ask('127.0.0.1'), ask('127.0.0.1'), ask('127.0.0.1')])).toEqual([401, 401, 401]);
  });
});

describe('a request that does not go on', () => {
  test('gives way to those after it, of its client or of all: the oldest first, which is told so', async () => {
    const begin = async (client: string) =>
      openRaw(small.url, BEGUN.replace('Host:', `X-Forwarded-For: ${client}\r\nHost:`));
    const first = await begin('192.0.2.1');
    const clients = [await begin('192.0.2.1'), await begin('192.0.2.1')];
    await first.closed();
    expect(statusOf(first)).toBe(String(BUSY));
    expect(first.text()).toContain('"code":"SERVICE_UNAVAILABLE"');
    clients.push(await begin('192.0.2.2'), await begin('192.0.2.2'));
    await clients[0]?.closed();
    expect(clients.map(statusOf)).toEqual([String(BUSY), undefined, undefined, undefined]);
    for (const { socket } of clients) socket.destroy();
  });

  test('a thousand of them from one address keep nobody out, not even there', async () => {
    const clients: RawClient[] = [];
    // A hundred at a time: the system keeps about five hundred that wait to be accepted, and what is beyond tries again later.
    while (clients.length < 1_000) {
      clients.push(...(await Promise.all(Array.from({ length: 100 }, () => openRaw(server.url, BEGUN)))));
    }
    expect(await get('/health', server.url)).toBe(200);
    expect(await get('/ready', server.url)).toBe(200);
    expect((await server.ask(ASK)).data).toEqual({ __typename: 'Query' });
    await until(() => clients.filter((client) => client.isClosed()).length >= 900);
    expect(clients.filter((client) => !client.isClosed()).length).toBeLessThanOrEqual(100);
    for (const { socket } of clients) socket.destroy();
  });
});

describe('connections', () => {
  test('beyond what one client may have end, the one first that was of no use for longest', async () => {
    const clientLimits = { connections: { perClient: 3, total: 100 } };
    await using few = await startBeside(server, {}, { clientLimits, authenticate });
    const busy = await openRaw(few.url, rawOperation(ASK));
    await until(() => waiting === 1);
    const idle = await openRaw(few.url);
    const used = await openRaw(few.url);
    const another = await openRaw(few.url, rawRequest('GET', '/health', {}));
    await idle.closed();
    await another.answers(1);
    open();
    await busy.answers(1);
    expect([busy, used, another].map((client) => client.isClosed())).toEqual([false, false, false]);
    for (const { socket } of [busy, used, another]) socket.destroy();
  });

  test('on which more is asked at once than anybody means end, and the rest of it is not looked at', async () => {
    const clientLimits = { pipelined: 10 };
    await using few = await startBeside(server, {}, { clientLimits, authenticate });
    const many = await openRaw(few.url, rawOperation(ASK).repeat(10));
    await until(() => waiting === 10);
    const more = await openRaw(few.url, rawOperation(ASK).repeat(50));
    await more.closed();
    expect(waiting).toBeLessThanOrEqual(20);
    open();
    await many.answers(10);
    many.socket.write(rawOperation(ASK).repeat(10)); // as many again: those before were answered
    await many.answers(20);
    expect(many.isClosed()).toBe(false);
    many.socket.destroy();
  });

  test('of a proxy are those of all its clients', async () => {
    const clientLimits = { connections: { perClient: 2, total: 4 } };
    await using few = await startBeside(server, { trustedProxies: 1 }, { clientLimits });
    const clients = [];
    for (let count = 0; count < 5; count++) clients.push(await openRaw(few.url));
    await clients[0]?.closed();
    expect(clients.map((client) => client.isClosed())).toEqual([true, false, false, false, false]);
    for (const { socket } of clients) socket.destroy();
  });
});

describe('a client that does not read its answer', () => {
  /** GraphiQL: nine megabytes. */
  const LARGE = rawRequest('GET', '/graphql', { Accept: 'text/html' });

  test('holds no slot, and its connection for a time only', async () => {
    const clientLimits = { slots: { perClient: 1, total: 1 }, reading: 300, readingSpeed: 1e9 };
    await using brief = await startBeside(server, {}, { clientLimits });
    const client = await openRaw(brief.url);
    client.socket.pause();
    client.socket.write(LARGE);
    await until(() => client.unread() > 0);
    expect((await send(brief.url, ASK)).status).toBe(200);
    await client.closed();
  });

  test('gives way to the next that it does not read', async () => {
    const clientLimits = { bytes: { perClient: 12e6, total: 24e6 } };
    await using narrow = await startBeside(server, {}, { clientLimits });
    const clients = [await openRaw(narrow.url), await openRaw(narrow.url)];
    for (const { socket } of clients) {
      socket.pause();
      socket.write(LARGE);
    }
    await Promise.race(clients.map((client) => client.closed()));
    expect(clients.filter((client) => client.isClosed())).toHaveLength(1);
    for (const { socket } of clients) socket.destroy();
  });
});

describe('what stands behind a request on its connection', () => {
  test('is never answered in its place', async () => {
    const client = await openRaw(small.url, rawOperation(ASK));
    await until(() => waiting === 1);
    client.socket.write('this is not HTTP\r\n\r\n');
    await client.closed();
    expect(client.text()).toBe('');
    open();
  });

  const SMUGGLED = rawRequest('GET', '/health', {});
  const TYPE = { 'Content-Type': 'application/json' };
  test.each<[string, number, string]>([
    ['to an unknown path', 404, rawRequest('POST', '/nothing', { 'Content-Length': '1000' })],
    ['by a method that is not there', 405, rawRequest('PUT', '/graphql', { 'Content-Length': '1000' })],
    ['that is too large', 413, rawRequest('POST', '/graphql', { ...TYPE, 'Content-Length': '2000000' })],
    ['of a GET', 400, rawRequest('GET', '/graphql?query={me{id}}', { 'Content-Length': '1000' })],
    ['of a health check', 200, rawRequest('GET', '/health', { 'Content-Length': '1000' })],
    ['of a preflight', 204, rawRequest('OPTIONS', '/graphql', { 'Content-Length': '1000' })],
    ['of a page', 200, rawRequest('GET', '/reset-password', { 'Transfer-Encoding': 'chunked' }, '3e8\r\n')],
    ['in pieces', 404, rawRequest('POST', '/nothing', { 'Transfer-Encoding': 'chunked' }, '3e8\r\n')],
    ['that was expected', 404, rawRequest('POST', '/nothing', { 'Content-Length': '1000', Expect: '100-continue' })],
  ])('a body %s that was not read is never a request: the connection ends', async (_what, status, head) => {
    const client = await openRaw(server.url, head);
    await client.answers(1);
    client.socket.write(SMUGGLED.repeat(30));
    await client.closed();
    expect(client.text().match(/HTTP\/1\.1/g)).toHaveLength(1);
    expect(statusOf(client)).toBe(String(status));
    expect(client.text()).toMatch(/\r\nConnection: close\r\n/i);
  });
});

describe('a client that sends Expect: 100-continue', () => {
  const EXPECT = { 'Content-Type': 'application/json', Expect: '100-continue' };
  const body = JSON.stringify({ query: ASK });

  test('gets 100 Continue, and then its answer', async () => {
    const head = rawRequest('POST', '/graphql', { ...EXPECT, 'Content-Length': String(body.length) });
    const client = await openRaw(server.url, head);
    await until(() => client.text() === 'HTTP/1.1 100 Continue\r\n\r\n');
    client.socket.write(body);
    await client.answers(1);
    expect(client.text()).toContain('{"data":{"__typename":"Query"}}');
    client.socket.destroy();
  });

  test.each([
    ['too large', 413, 'PAYLOAD_TOO_LARGE', { ...EXPECT, 'Content-Length': '2000000' }],
    ['with another expectation', 417, 'EXPECTATION_FAILED', { ...EXPECT, 'Content-Length': '9', Expect: '200-ok' }],
  ])('is refused at once, %s', async (_what, status, code, headers) => {
    const client = await openRaw(server.url, rawRequest('POST', '/graphql', headers));
    await client.closed();
    expect(statusOf(client)).toBe(String(status));
    expect(client.text()).toContain(`"code":"${code}"`);
  });
});
