import { request as httpRequest } from 'node:http';
import { Script } from 'node:vm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureFirstAdmin } from '../src/start/first-admin.ts';
import { openRaw, rawOperation, rawRequest } from './support/raw-client.ts';
import { startBeside, startServer, type TestServer } from './support/start.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.close());

const JSON_TYPE = 'application/json';
const RESPONSE_TYPE = 'application/graphql-response+json';

/** Sends a request as it stands. */
async function raw(init: RequestInit & { path?: string; query?: string } = {}) {
  const url = new URL(server.url);
  if (init.path) url.pathname = init.path;
  if (init.query) url.searchParams.set('query', init.query);
  const response = await fetch(url, init);
  const text = await response.text();
  const type = response.headers.get('content-type') ?? '';
  const body = type.includes('json') ? JSON.parse(text) : undefined;
  return {
    status: response.status,
    headers: response.headers,
    type,
    text,
    body,
    code: body?.errors?.[0]?.extensions?.code,
  };
}

function post(body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) {
  return raw({ method: 'POST', headers: { 'content-type': JSON_TYPE, ...headers }, body });
}

describe('every error answer has GraphQL’s shape', () => {
  const query = JSON.stringify({ query: '{ posts { title } }' });
  test.each<[string, () => ReturnType<typeof raw>, number, string]>([
    ['malformed JSON', () => post('{ "query": '), 400, 'BAD_REQUEST'],
    ['no JSON object', () => post('"text"'), 400, 'BAD_REQUEST'],
    ['no query', () => post('{}'), 400, 'BAD_REQUEST'],
    ['a query that is no string', () => post('{ "query": { "password": "hunter2hunter2" } }'), 400, 'BAD_REQUEST'],
    ['variables that are no object', () => post('{ "query": "{ __typename }", "variables": "x" }'), 400, 'BAD_REQUEST'],
    ['a batch', () => post(`[${query}, ${query}]`), 400, 'BAD_REQUEST'],
    ['more than 1 MiB', () => post(JSON.stringify({ query: ' '.repeat(1024 * 1024) })), 413, 'PAYLOAD_TOO_LARGE'],
    [
      'another media type',
      () => raw({ method: 'POST', headers: { 'content-type': 'application/xml' }, body: '<x/>' }),
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    ['no media type that is on offer', () => post(query, { accept: 'text/csv' }), 406, 'NOT_ACCEPTABLE'],
    [
      'another method',
      () => raw({ method: 'PUT', headers: { 'content-type': JSON_TYPE }, body: query }),
      405,
      'METHOD_NOT_ALLOWED',
    ],
    ['another path', () => raw({ path: '/elsewhere' }), 404, 'NOT_FOUND'],
    [
      'a mutation by GET',
      () =>
        raw({ query: 'mutation { deletePost(documentId: "x") { documentId } }', headers: { 'x-requested-with': 'x' } }),
      405,
      'METHOD_NOT_ALLOWED',
    ],
    ['a syntax error', () => post('{ "query": "{" }', { accept: RESPONSE_TYPE }), 400, 'GRAPHQL_PARSE_FAILED'],
    [
      'an unknown field',
      () => post('{ "query": "{ nothing }" }', { accept: RESPONSE_TYPE }),
      400,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'an unknown operation',
      () => post('{ "query": "query a { __typename }", "operationName": "b" }'),
      400,
      'BAD_REQUEST',
    ],
    [
      'a variable of the wrong type',
      () =>
        post('{ "query": "query ($p: PaginationArg) { posts(pagination: $p) { title } }", "variables": { "p": 1 } }', {
          accept: RESPONSE_TYPE,
        }),
      400,
      'BAD_USER_INPUT',
    ],
  ])('%s', async (_what, send, status, code) => {
    const answer = await send();
    expect({ status: answer.status, code: answer.code }).toEqual({ status, code });
    expect(answer.body).not.toHaveProperty('data');
    for (const error of answer.body.errors) {
      expect(error.extensions.error).toEqual({
        name: expect.any(String),
        message: error.message,
        details: expect.any(Object),
      });
    }
  });

  test('a body that never says how long it is, is cut off all the same', async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const url = new URL(server.url);
      const request = httpRequest(
        {
          host: url.hostname,
          port: url.port,
          path: url.pathname,
          method: 'POST',
          headers: { 'content-type': JSON_TYPE, 'transfer-encoding': 'chunked' },
        },
        (response) => {
          resolve(response.statusCode);
          response.resume();
          request.destroy();
        },
      );
      request.on('error', reject);
      for (let kilobytes = 0; kilobytes < 1100; kilobytes += 100) request.write(' '.repeat(100 * 1024));
    });
    expect(status).toBe(413);
  });
});

describe('text is UTF-8, and nothing is read in another way', () => {
  /** A login whose password has this for its bytes. */
  const loginWith = (...bytes: number[]) => {
    const [before = '', after = ''] = JSON.stringify({
      query: 'mutation ($p: String!) { login(input: { identifier: "reader", password: $p }) { jwt } }',
      variables: { p: '|' },
    }).split('|');
    return Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)]);
  };

  test.each<[string, number[]]>([
    ['a byte of Latin-1', [0xe9]],
    ['a byte that is never one', [0xff]],
    ['a character in more bytes than it takes', [0xc0, 0xaf]],
    ['half of a surrogate pair', [0xed, 0xa0, 0x80]],
    ['a character that is cut off', [0xe2, 0x82]],
    ['a character beyond Unicode', [0xf4, 0x90, 0x80, 0x80]],
  ])('a body with %s is refused, and nothing of it is run', async (_what, bytes) => {
    const answer = await post(loginWith(...bytes));
    expect({ status: answer.status, code: answer.code }).toEqual({ status: 400, code: 'BAD_REQUEST' });
    expect(answer.body.errors[0].message).toBe('The body of a request has to be UTF-8');
    expect(answer.body).not.toHaveProperty('data');
  });

  test('a character of any length is itself, and a byte order mark is none', async () => {
    const text = 'é€😀\uffff\ufffd';
    const body = JSON.stringify({ query: `{ posts(filters: { title: { eq: "${text}" } }) { title } }` });
    expect((await post(`\ufeff${body}`)).body).toEqual({ data: { posts: [] } });
  });

  test.each([
    ['application/json; charset=utf-8', 200],
    ['application/json;charset="UTF-8"', 200],
    ['Application/JSON; Charset=UTF8; profile=x', 200],
    ['application/json; charset=us-ascii', 200],
    ['application/json;', 200],
    ['application/json; charset=iso-8859-1', 415],
    ['application/json; charset=utf-16', 415],
    ['application/json; profile=x; charset="utf-7"', 415],
  ])('%s: %i', async (type, status) => {
    expect((await post('{ "query": "{ __typename }" }', { 'content-type': type })).status).toBe(status);
  });

  test.each([
    ['%FF', 400],
    ['%E9', 400],
    ['%', 400],
    ['%zz', 400],
    ['%ED%A0%80', 400],
    ['é', 400],
    ['%C3%A9', 200],
    ['%F0%9F%98%80+%2B', 200],
  ])('a GET with %s in a text: %i', async (text, status) => {
    const query = `%7Bposts(filters:%7Btitle:%7Beq:%22${text}%22%7D%7D)%7Btitle%7D%7D`;
    const head = rawRequest('GET', `/graphql?query=${query}`, { 'X-Requested-With': 'x', Connection: 'close' });
    const client = await openRaw(server.url, head);
    await client.closed();
    expect(client.text()).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(client.text()).toContain(status === 200 ? '{"data":{"posts":[]}}' : '"code":"BAD_REQUEST"');
  });
});

test.each([
  ['/graphql', 'DELETE', 'GET, POST, OPTIONS'],
  ['/health', 'POST', 'GET'],
])('%s says which methods it takes when asked by %s', async (path, method, allow) => {
  const answer = await raw({ path, method });
  expect({ status: answer.status, allow: answer.headers.get('allow') }).toEqual({ status: 405, allow });
});

test('a document that is too large is refused with 400, whatever the client asked for', async () => {
  const { status, code } = await post(JSON.stringify({ query: `{ ${'a '.repeat(20_000)} }` }));
  expect({ status, code }).toEqual({ status: 400, code: 'TOKEN_LIMIT_EXCEEDED' });
});

describe('what another site could send without asking', () => {
  const mutation = JSON.stringify({ query: 'mutation { forgotPassword(email: "editor@example.com") { ok } }' });
  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/plain; application/json',
  ])('a POST of %s is refused', async (type) => {
    const answer = await raw({ method: 'POST', headers: { 'content-type': type }, body: mutation });
    expect({ status: answer.status, code: answer.code }).toEqual({ status: 400, code: 'CSRF' });
    await server.gatehouse.idle();
    expect(server.mails).toEqual([]);
  });

  test('a POST of plain text with a header of its own was asked for, and is only of the wrong type', async () => {
    const headers = { 'content-type': 'text/plain', 'x-requested-with': 'fetch' };
    const answer = await raw({ method: 'POST', headers, body: mutation });
    expect({ status: answer.status, code: answer.code }).toEqual({ status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' });
  });

  test('a bare GET is refused, and one with a header of its own is answered', async () => {
    expect((await raw({ query: '{ posts { title } }' })).code).toBe('CSRF');
    expect((await raw({ query: '{ posts { title } }', headers: { accept: 'text/html' } })).code).toBe('CSRF');
    const answer = await raw({ query: '{ posts { title } }', headers: { 'x-requested-with': 'fetch' } });
    expect(answer.body.data.posts).toHaveLength(10);
  });
});

describe('the media type of an answer', () => {
  test.each<[accept: string, type: string | undefined]>([
    ['*/*', JSON_TYPE],
    ['application/*', JSON_TYPE],
    ['application/json; charset=utf-8', JSON_TYPE],
    ['APPLICATION/JSON;CHARSET="UTF-8"', JSON_TYPE],
    ['application/graphql-response+json; charset=utf-8, application/json; charset=utf-8', RESPONSE_TYPE],
    ['application/json, application/graphql-response+json', JSON_TYPE],
    ['application/json;q=0.5, application/graphql-response+json;q=0.6', RESPONSE_TYPE],
    ['*/*, application/json;q=0', RESPONSE_TYPE],
    ['multipart/mixed; deferSpec=20220824, application/graphql-response+json, application/json;q=0.9', RESPONSE_TYPE],
    ['text/event-stream, */*;q=0.1', JSON_TYPE],
    ['multipart/mixed; incrementalSpec=v0.2', undefined],
    ['text/event-stream', undefined],
    ['application/json;q=0', undefined],
    ['json', undefined],
  ])('is of those that %s asks for', async (accept, type) => {
    const answer = await post(JSON.stringify({ query: '{ __typename }' }), { accept });
    expect(answer.status).toBe(type ? 200 : 406);
    expect(answer.type).toBe(`${type ?? JSON_TYPE}; charset=utf-8`);
  });
});

describe('the status of an answer', () => {
  const refused = JSON.stringify({ query: '{ me { id } }' });
  const partly = JSON.stringify({ query: '{ me { id } posts { title } }' });
  const wrong = JSON.stringify({
    query: 'mutation { login(input: { identifier: "editor", password: "wrong" }) { jwt } }',
  });
  test.each([
    ['every root field refused', refused, JSON_TYPE, 200],
    ['every root field refused', refused, RESPONSE_TYPE, 403],
    ['one of two refused', partly, RESPONSE_TYPE, 200],
    ['input to mend', wrong, RESPONSE_TYPE, 200],
    [
      'a mutation of which one field was refused, and so none was run',
      JSON.stringify({
        query:
          'mutation { forgotPassword(email: "nobody@example.com") { ok } createPost(data: { title: "x" }) { title } }',
      }),
      RESPONSE_TYPE,
      403,
    ],
    [
      'a mutation refused whole',
      JSON.stringify({ query: 'mutation { createPost(data: {}) { title } }' }),
      RESPONSE_TYPE,
      403,
    ],
  ])('%s, %s as %s: %i', async (_what, body, accept, status) => {
    const answer = await post(body, { accept });
    expect(answer.status).toBe(status);
    expect(answer.type).toContain(accept);
  });
});

test('anything unexpected is masked for the client, and logged whole under the same id', async () => {
  const { prisma } = server.database;
  await prisma.$executeRaw`ALTER TABLE tags RENAME TO hidden_tags`;
  const answer = await server.ask('{ tags { name } posts { title } }');
  await prisma.$executeRaw`ALTER TABLE hidden_tags RENAME TO tags`;

  expect(answer.data.tags).toBeNull();
  expect(answer.data.posts).toHaveLength(10);
  const [error] = answer.errors ?? [];
  const requestId = answer.headers.get('x-request-id');
  expect(error).toEqual({
    message: 'Internal Server Error',
    path: ['tags'],
    locations: expect.anything(),
    extensions: {
      code: 'INTERNAL_SERVER_ERROR',
      requestId,
      error: { name: 'InternalServerError', message: 'Internal Server Error', details: {} },
    },
  });
  const line = server.log.find((entry) => entry.includes('unexpected error') && entry.includes(requestId ?? 'none'));
  expect(line).toContain('tags');
  expect(line).toContain('stack');
});

describe('a secret that was sent is in no answer and no log line', () => {
  const SECRET = 'hunter2hunter2';
  const login = (password: string) =>
    `mutation { login(input: { identifier: "editor", password: ${password} }) { jwt } }`;
  test.each<[string, string, object?]>([
    ['a wrong password', login(`"${SECRET}"`)],
    ['a password too long', login(`"${SECRET.repeat(10)}"`)],
    ['a string that is not closed', login(`"${SECRET}`)],
    ['a string where a name belongs', `{ posts { "${SECRET}" } }`],
    ['a string where nothing belongs', `"${SECRET}" { posts { title } }`],
    ['a block string where a name belongs', `{ posts { """${SECRET}""" } }`],
    ['an enum for a string', login(SECRET)],
    ['a list for a string', login(`["${SECRET}"]`)],
    ['an object for a string', login(`{ a: "${SECRET}" }`)],
    ['a string for an input', `mutation { login(input: "${SECRET}") { jwt } }`],
    ['a string for an integer', `{ posts(pagination: { limit: "${SECRET}" }) { title } }`],
    ['a missing field beside it', `mutation { login(input: { password: "${SECRET}" }) { jwt } }`],
    [
      'an unknown field beside it',
      `mutation { login(input: { identifier: "x", password: "${SECRET}", more: 1 }) { jwt } }`,
    ],
    ['a string for a date', `mutation { createPost(data: { publishedAt: "${SECRET}" }) { title } }`],
    ['a string for an enum', `mutation { createPost(data: { kind: "${SECRET}" }) { title } }`],
    ['an escape that is none', login(`"${SECRET}\\q"`)],
    [
      'a variable of the wrong type',
      'mutation ($p: String!) { login(input: { identifier: "x", password: $p }) { jwt } }',
      { p: [SECRET] },
    ],
    [
      'an input of the wrong type',
      'mutation ($i: UsersPermissionsLoginInput!) { login(input: $i) { jwt } }',
      { i: SECRET },
    ],
    [
      'a variable with a field too few',
      'mutation ($i: UsersPermissionsLoginInput!) { login(input: $i) { jwt } }',
      { i: { password: SECRET } },
    ],
    [
      'a variable with a field too many',
      'mutation ($i: UsersPermissionsLoginInput!) { login(input: $i) { jwt } }',
      { i: { identifier: 'x', password: SECRET, more: 1 } },
    ],
    ['a date variable', 'mutation ($d: DateTime) { createPost(data: { publishedAt: $d }) { title } }', { d: SECRET }],
    [
      'a code',
      `mutation { resetPassword(code: "${SECRET}", password: "${SECRET}", passwordConfirmation: "${SECRET}x") { jwt } }`,
    ],
    ['a used code', `mutation { emailConfirmation(confirmation: "${SECRET}") { jwt } }`],
    [
      'a registration',
      `mutation { register(input: { username: "x", email: "${SECRET}", password: "${SECRET}" }) { jwt } }`,
    ],
    ['a NUL character beside it', login(`"${SECRET}\\u0000"`)],
  ])('%s', async (_what, query, variables) => {
    server.log.length = 0;
    const answer = await post(JSON.stringify({ query, variables }));
    expect(answer.body.errors.length).toBeGreaterThan(0);
    expect(answer.text).not.toContain(SECRET);
    expect(JSON.stringify([...answer.headers])).not.toContain(SECRET);
    expect(server.log.join('\n')).not.toContain(SECRET);
    expect(answer.code).not.toBe('INTERNAL_SERVER_ERROR');
  });

  test('a bad token', async () => {
    server.log.length = 0;
    const answer = await server.ask('{ posts { title } }', { token: SECRET });
    expect(answer.status).toBe(401);
    expect(answer.text + JSON.stringify([...answer.headers]) + server.log.join('\n')).not.toContain(SECRET);
  });
});

describe('what is asked of the server beside GraphQL', () => {
  test.each([
    ['/health', 'ok'],
    ['/ready', 'ready'],
  ])('%s', async (path, status) => {
    expect(await raw({ path })).toMatchObject({ status: 200, body: { status } });
  });

  test('/ready says so when the database does not answer, and no answer is kept by a cache', async () => {
    const other = await startServer();
    const url = new URL('/ready', other.url);
    expect((await fetch(url)).headers.get('cache-control')).toBe('no-store');
    other.database.prisma.$queryRaw = () => Promise.reject(new Error('gone')) as never;
    const response = await fetch(url);
    expect(response.status).toBe(503);
    expect(((await response.json()) as { errors: { extensions: { code: string } }[] }).errors[0]?.extensions.code).toBe(
      'SERVICE_UNAVAILABLE',
    );
    await other.close();
  });

  test('a browser gets GraphiQL, which fetches nothing from elsewhere', async () => {
    const page = await raw({ headers: { accept: 'text/html' } });
    expect(page.status).toBe(200);
    expect(page.type).toContain('text/html');
    expect(page.text).toContain('GraphiQL');
    expect(page.text).not.toMatch(/<(script|link)[^>]*(src|href)="(https?:)?\/\//);
  });

  test.each(['/graphql', '/admin/graphql'])('what GraphiQL of %s shows first runs as it stands', async (path) => {
    await ensureFirstAdmin(server.gatehouse.administration, server.config);
    const { text } = await raw({ path, headers: { accept: 'text/html' } });
    const query: string = JSON.parse(/"defaultQuery":("(?:[^"\\]|\\.)*")/.exec(text)?.[1] ?? '""');
    const names = [...query.matchAll(/^(?:query|mutation) (\w+)/gm)].map(([, name]) => name);
    expect(names).toEqual(path === '/graphql' ? ['Posts', 'LogIn', 'Me'] : ['LogIn', 'Roles']);
    let token: string | undefined;
    // In the order in which somebody reads them: the token of the login goes with what comes after it.
    for (const operationName of names) {
      const answer = await raw({
        path,
        method: 'POST',
        headers: { 'content-type': JSON_TYPE, ...(token !== undefined && { authorization: `Bearer ${token}` }) },
        body: JSON.stringify({ query, operationName }),
      });
      expect([answer.status, answer.body.errors], operationName).toEqual([200, undefined]);
      for (const value of Object.values(answer.body.data)) expect(value, operationName).not.toBeNull();
      token = answer.body.data.login?.jwt ?? token;
    }
    expect(token).toEqual(expect.any(String));
  });

  test('what GraphiQL of one path keeps in the browser, that of the other does not see', async () => {
    const kept = new Map<string, string>();
    class Storage {
      getItem(key: string) {
        return kept.get(key) ?? null;
      }
      setItem(key: string, value: string) {
        kept.set(key, value);
      }
      removeItem(key: string) {
        kept.delete(key);
      }
    }
    const storageAt = async (path: string) => {
      const { text } = await raw({ path, headers: { accept: 'text/html' } });
      const own = class extends Storage {};
      for (const name of ['getItem', 'setItem', 'removeItem'] as const) {
        Object.defineProperty(own.prototype, name, { value: Storage.prototype[name], writable: true });
      }
      new Script(/<head><script>([\s\S]*?)<\/script>/.exec(text)?.[1] ?? '').runInNewContext({ Storage: own });
      return new own();
    };
    const [users, administrators] = [await storageAt('/graphql'), await storageAt('/admin/graphql')];
    administrators.setItem('graphiql:headers', 'Bearer secret');
    expect(administrators.getItem('graphiql:headers')).toBe('Bearer secret');
    expect(users.getItem('graphiql:headers')).toBeNull();
    users.removeItem('graphiql:headers');
    expect([...kept.values()]).toEqual(['Bearer secret']);
    administrators.removeItem('graphiql:headers');
    expect(kept.size).toBe(0);
  });

  test('the password of an administrator who was named is in no page', async () => {
    const firstAdmin = { email: 'root@example.com', password: 'a password of an admin' };
    await using named = await startBeside(server, { firstAdmin });
    const page = await fetch(named.url.replace(/graphql$/, 'admin/graphql'), { headers: { accept: 'text/html' } });
    const text = await page.text();
    expect(text).toContain('root@example.com');
    expect(text).not.toContain(firstAdmin.password);
  });
});

describe('pages of other origins', () => {
  const preflight = (to: TestServer, origin: string) =>
    fetch(to.url, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
    });
  const allowed = async (to: TestServer, origin: string) => {
    const asked = await preflight(to, origin);
    expect(asked.status).toBe(204);
    expect(asked.headers.get('vary')).toBe('Origin, Access-Control-Request-Headers');
    const mayRead = asked.headers.get('access-control-allow-origin');
    // With its cookie, where the page is named; never where every page is let in.
    expect(asked.headers.get('access-control-allow-credentials')).toBe(mayRead === origin ? 'true' : null);
    const answered = await to.ask('{ __typename }', { headers: { origin } });
    expect(answered.headers.get('access-control-allow-origin')).toBe(mayRead);
    expect(answered.headers.get('vary')).toBe('Origin');
    return mayRead;
  };

  test.each(['http://localhost:5173', 'http://127.0.0.1:3000', 'http://[::1]:3000', 'http://app.localhost'])(
    '%s may use it in development',
    async (origin) => {
      expect(await allowed(server, origin)).toBe(origin);
      expect((await preflight(server, origin)).headers.get('access-control-allow-headers')).toContain('authorization');
    },
  );

  test.each([
    'https://evil.test',
    'http://localhost.evil.test',
    'null',
    'http://127.0.0.1.evil.test',
    'ftp://localhost',
    'chrome-extension://localhost',
    'http://user@localhost',
    'http://localhost/',
  ])('%s may not', async (origin) => {
    expect(await allowed(server, origin)).toBeNull();
  });

  test.each<[string, string | undefined, RegExp]>([
    ['Apollo’s names of a client', 'apollographql-client-name,apollographql-client-version,content-type', /.*/],
    ['traces', 'authorization, baggage, sentry-trace, traceparent, tracestate', /.*/],
    ['none that is named', undefined, /^content-type, authorization, /],
    ['what is no list of names', 'x-one; x-two', /^content-type, authorization, /],
    ['nothing', '', /^content-type, authorization, /],
  ])('may send headers of their own: %s', async (_what, names, otherwise) => {
    const ask = (path: string, origin: string, method = 'POST') =>
      fetch(new URL(path, server.url), {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': method,
          ...(names !== undefined && { 'access-control-request-headers': names }),
        },
      });
    for (const path of ['/graphql', '/admin/graphql', '/graphql/']) {
      const { status, headers } = await ask(path, 'http://localhost:5173');
      expect(status).toBe(204);
      const allowed = headers.get('access-control-allow-headers') ?? '';
      if (otherwise.source === '.*') expect(allowed).toBe(names);
      else expect(allowed).toMatch(otherwise);
      expect(headers.get('access-control-max-age')).toBe('7200');
    }
    const refused = (await ask('/graphql', 'https://evil.test')).headers;
    expect([...refused.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  test('only those that are named may in production', async () => {
    const origin = 'https://www.example.com';
    const named = await startServer({ config: { production: true, corsOrigins: [origin] } });
    expect(await allowed(named, origin)).toBe(origin);
    expect(await allowed(named, 'http://localhost:5173')).toBeNull();
    await named.close();
    const open = await startServer({ config: { production: true, corsOrigins: ['*'] } });
    expect(await allowed(open, origin)).toBe('*');
    await open.close();
  });
});

describe('a path', () => {
  test.each([
    ['/graphql/', 'POST'],
    ['/admin/graphql/', 'POST'],
    ['/health/', 'GET'],
    ['/ready/', 'GET'],
    ['/reset-password/', 'GET'],
    ['/confirm-email/', 'GET'],
    ['/admin/reset-password/', 'GET'],
  ])('%s is the one without its last /', async (path, method) => {
    const body = method === 'POST' ? { body: '{ "query": "{ __typename }" }' } : {};
    const headers = { 'content-type': JSON_TYPE };
    const answer = await raw({ path, method, headers, ...body });
    expect(answer.status).toBe(200);
    expect(answer.text).toBe((await raw({ path: path.slice(0, -1), method, headers, ...body })).text);
  });

  test('of GraphQL with a / takes a query by GET, and shows GraphiQL', async () => {
    const answer = await raw({ path: '/graphql/', query: '{ __typename }', headers: { 'x-requested-with': 'fetch' } });
    expect(answer.body).toEqual({ data: { __typename: 'Query' } });
    expect((await raw({ path: '/admin/graphql/', headers: { accept: 'text/html' } })).text).toContain('GraphiQL');
    expect((await raw({ path: '/graphql/', method: 'DELETE' })).headers.get('allow')).toBe('GET, POST, OPTIONS');
  });

  test.each(['/graphql//', '//graphql', '/graphql/x', '/Graphql', '/', '/auth/graphql', '*'])(
    '%s is none of them',
    async (path) => {
      const client = await openRaw(server.url, rawRequest('GET', path, { Connection: 'close' }));
      await client.closed();
      expect(client.text()).toMatch(/^HTTP\/1\.1 404 /);
    },
  );
});

describe('the name that a server is asked by', () => {
  let listening: Awaited<ReturnType<typeof startBeside>>;
  let production: Awaited<ReturnType<typeof startBeside>>;
  beforeAll(async () => {
    listening = await startBeside(server, { host: '0.0.0.0', publicUrl: 'https://Dev.Example.com:8443/auth' });
    production = await startBeside(server, { production: true });
  });
  afterAll(async () => {
    await listening?.[Symbol.asyncDispose]();
    await production?.[Symbol.asyncDispose]();
  });

  const at = async (url: string, host: string | undefined, path = '/health', version = '1.1') => {
    const head = `GET ${path} HTTP/${version}\r\n${host === undefined ? '' : `Host: ${host}\r\n`}Connection: close\r\n\r\n`;
    const client = await openRaw(url.replace('0.0.0.0', '127.0.0.1'), head);
    await client.closed();
    return client.text();
  };
  const statusAt = async (...asked: Parameters<typeof at>) => Number(/^HTTP\/1\.1 (\d+)/.exec(await at(...asked))?.[1]);

  test.each([
    ['localhost', 200],
    ['localhost:4000', 200],
    ['LocalHost:4000', 200],
    ['localhost.', 200],
    ['app.localhost:3000', 200],
    ['127.0.0.1', 200],
    ['127.0.0.1:1', 200],
    ['[::1]:4000', 200],
    ['gatehouse.test', 200], // PUBLIC_URL
    ['GATEHOUSE.test.:80', 200],
    ['evil.test', 421],
    ['evil.test:4000', 421],
    ['localhost.evil.test', 421],
    ['evillocalhost', 421],
    ['localhost@evil.test', 421],
    ['evil.test/localhost', 421],
    ['evil.test#.localhost', 421],
    ['evil.test?localhost', 421],
    ['evil.test;.localhost', 421],
    ['.localhost', 421],
    ['127.0.0.1.evil.test', 421],
    ['192.0.2.7', 421],
    ['[::ffff:192.0.2.7]', 421],
    ['0.0.0.0', 421],
    [':4000', 421],
    ['', 421],
    ['.', 421],
  ])('Host: %s is answered in development with %i', async (host, status) => {
    expect(await statusAt(server.url, host)).toBe(status);
  });

  test.each([
    ['0.0.0.0:4000', 200],
    ['192.0.2.7:4000', 200],
    ['[2001:db8::7]', 200],
    ['dev.example.com', 200],
    ['localhost', 200],
    ['gatehouse.test', 421],
    ['[fe80::1', 421],
    ['1.2.3', 421],
  ])('where it listens everywhere, Host: %s is answered with %i', async (host, status) => {
    expect(await statusAt(listening.url, host)).toBe(status);
  });

  test('says what is wrong in GraphQL’s shape, and runs nothing', async () => {
    const query = 'mutation { forgotPassword(email: "editor@example.com") { ok } }';
    server.mails.length = 0;
    for (const path of ['/graphql', '/admin/graphql', '/nothing']) {
      const client = await openRaw(server.url, rawOperation(query, { Host: 'evil.test' }).replace('/graphql', path));
      await client.answers(1);
      expect(client.text()).toMatch(/^HTTP\/1\.1 421 /);
      expect(client.text()).toContain('"code":"MISDIRECTED_REQUEST"');
      expect(client.text()).not.toContain('evil');
      client.socket.destroy();
    }
    await server.gatehouse.idle();
    expect(server.mails).toEqual([]);
  });

  test('may stand in the address itself, and is that one then', async () => {
    expect(await statusAt(server.url, 'evil.test', 'http://localhost:4000/health')).toBe(200);
    expect(await statusAt(server.url, 'localhost', 'http://evil.test/health')).toBe(421);
    expect(await statusAt(server.url, 'localhost', 'HTTP://localhost?x')).toBe(404);
  });

  test('has to be said, and is of no matter in production', async () => {
    for (const { url } of [server, production]) {
      expect(await at(url, undefined)).toMatch(/^HTTP\/1\.1 400 .*"code":"BAD_REQUEST"/s);
    }
    expect(await statusAt(server.url, undefined, '/health', '1.0')).toBe(421);
    expect(await statusAt(production.url, undefined, '/health', '1.0')).toBe(200);
    expect(await statusAt(production.url, 'evil.test')).toBe(200);
    expect(await statusAt(production.url, '')).toBe(200);
  });
});

describe('in production', () => {
  let production: TestServer;
  beforeAll(async () => {
    production = await startServer({ config: { production: true, introspection: false } });
  });
  afterAll(() => production?.close());

  test('the schema is not told, and there is no GraphiQL', async () => {
    const { errors } = await production.ask('{ __schema { types { name } } }');
    expect(errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
    const page = await fetch(production.url, { headers: { accept: 'text/html' } });
    expect(await page.text()).not.toContain('GraphiQL');
    expect((await production.ask('{ __typename }')).data).toEqual({ __typename: 'Query' });
  });
});
