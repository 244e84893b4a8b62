import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEMO_PASSWORD } from '../src/accounts/public-password.ts';
import { openRaw } from './support/raw-client.ts';
import { send, startBeside, startServer, type TestServer } from './support/start.ts';

let server: TestServer;
let editor: string;
beforeAll(async () => {
  const timeouts = { headersTimeout: 300, requestTimeout: 600, connectionsCheckingInterval: 50, execution: 400 };
  server = await startServer({ timeouts });
  // A login under load may take longer than what an operation has here: a server with all its time gives the token.
  await using patient = await startBeside(server);
  const login = `mutation { login(input: { identifier: "editor", password: "${DEMO_PASSWORD}" }) { jwt } }`;
  editor = (await send(patient.url, login)).data.login.jwt;
});
afterAll(() => server?.close());

/** Sends pieces of a request, with pauses between, and reads what comes until the connection ends. */
async function trickle(pieces: readonly string[], pause: number): Promise<string> {
  const { port, hostname } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  let answer = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    answer += text;
  });
  socket.on('error', () => {});
  const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  for (const piece of pieces) {
    if (socket.destroyed) break;
    socket.write(piece);
    await Promise.race([ended, wait(pause)]);
  }
  await ended;
  return answer;
}

const BODY = JSON.stringify({ query: '{ __typename }' });
const HEAD = `POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${BODY.length}\r\nConnection: close\r\n\r\n`;

describe('a client that takes its time', () => {
  test('is answered as long as it does not take too much', async () => {
    expect(await trickle([HEAD, BODY], 50)).toContain('{"data":{"__typename":"Query"}}');
  });

  test.each([
    ['with the head', [...HEAD]],
    ['with the body', [HEAD, ...BODY]],
  ])('%s is told 408, in the shape of every error, and its connection ends', async (_what, pieces) => {
    const answer = await trickle(pieces, 50);
    expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
    expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toMatchObject({
      errors: [{ extensions: { code: 'BAD_REQUEST' } }],
    });
  });
});

test('after a 408 the connection is gone, even where the client keeps its end of it', async () => {
  const client = await openRaw(server.url, HEAD.replace('Connection: close\r\n', ''));
  await client.closed();
  expect(client.text()).toMatch(/^HTTP\/1\.1 408 /);
  expect(client.text().match(/HTTP\/1\.1/g)).toHaveLength(1);
});

describe('an operation that takes too long', () => {
  const many = (count: number) =>
    `mutation { ${Array.from({ length: count }, (_, n) => `a${n}: createPost(data: { title: "slow" }) { title }`).join(' ')} }`;

  test('is ended between two of its fields, and says so', async () => {
    const slow = slowedDown(150);
    try {
      const { errors, status } = await server.ask(many(10), { token: editor });
      expect(errors?.[0]?.extensions.code).toBe('TIMEOUT');
      expect(status).toBe(503);
    } finally {
      await slow.restore();
    }
    const written = await server.database.prisma.post.count({ where: { title: 'slow' } });
    expect(written).toBeLessThan(10);
    expect((await server.ask('{ __typename }')).data).toEqual({ __typename: 'Query' });
  });
});

/** Every statement waits so long for the connection of the embedded database. */
function slowedDown(milliseconds: number) {
  let isSlow = true;
  const held = (async () => {
    while (isSlow) {
      await server.database.prisma.$transaction(async (transaction) => {
        await transaction.$executeRaw`SELECT 1`;
        await wait(milliseconds);
      });
    }
  })();
  return {
    async restore() {
      isSlow = false;
      await held;
    },
  };
}
