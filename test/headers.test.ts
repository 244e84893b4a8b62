import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServer, type TestServer } from './support/start.ts';

let server: TestServer;
let secure: TestServer;
beforeAll(async () => {
  server = await startServer();
  secure = await startServer({ config: { publicUrl: 'https://api.example.com' } });
});
afterAll(() => Promise.all([server?.close(), secure?.close()]));

function get(path: string, headers: Record<string, string> = {}, from = server) {
  return fetch(new URL(path, from.url), { headers });
}

function post(body: string, type = 'application/json') {
  return fetch(server.url, { method: 'POST', headers: { 'content-type': type }, body });
}

test.each<[string, number, () => Promise<Response>]>([
  ['an answer', 200, () => post(JSON.stringify({ query: '{ __typename }' }))],
  ['an error', 400, () => post('{')],
  ['a request of another site', 400, () => post('{}', 'text/plain')],
  ['nothing', 404, () => get('/nothing')],
  ['a method that is not there', 405, () => fetch(server.url, { method: 'DELETE' })],
  ['/health', 200, () => get('/health')],
  ['/ready', 200, () => get('/ready')],
  ['a page of our own', 200, () => get('/reset-password')],
  ['GraphiQL', 200, () => get('/graphql', { accept: 'text/html' })],
])('%s can be neither framed nor sniffed, and tells nothing of itself', async (_what, status, ask) => {
  const response = await ask();
  const { headers } = response;
  expect(response.status).toBe(status);
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('x-frame-options')).toBe('DENY');
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
  expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('x-powered-by')).toBeNull();
  expect(headers.get('server')).toBeNull();
  expect(headers.get('strict-transport-security')).toBeNull();
});

test('JSON may load and run nothing; a page only what is in it', async () => {
  const policyOf = async (path: string, headers = {}) =>
    (await get(path, headers)).headers.get('content-security-policy');
  expect(await policyOf('/health')).toBe(
    "default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'",
  );
  expect(await policyOf('/reset-password')).toMatch(
    /script-src 'sha256-[^']+'; style-src 'sha256-[^']+'; connect-src 'self'/,
  );
  expect(await policyOf('/graphql', { accept: 'text/html' })).toContain("connect-src 'self'");
});

test('the page that shows mails is framed by this server alone, allows their styles, and runs nothing', async () => {
  const response = await get('/admin/mail-frame');
  expect(response.status).toBe(200);
  expect(response.headers.get('x-frame-options')).toBe('SAMEORIGIN');
  const directives = (response.headers.get('content-security-policy') ?? '').split('; ');
  expect(directives).toEqual(
    expect.arrayContaining([
      "default-src 'none'",
      "frame-ancestors 'self'",
      "form-action 'none'",
      'sandbox allow-same-origin',
    ]),
  );
  expect(directives.join(' ')).not.toMatch(/script-src|allow-scripts|connect-src|https?:/);
  expect(await response.text()).toMatch(/<body><\/body>/);
});

test('over TLS, browsers are told to stay there', async () => {
  const { headers } = await get('/health', {}, secure);
  expect(headers.get('strict-transport-security')).toBe('max-age=31536000; includeSubDomains');
});

test('every answer says what it is, in which letters', async () => {
  const answers = await Promise.all([
    post(JSON.stringify({ query: '{ __typename }' })),
    post('{'),
    get('/nothing'),
    get('/health'),
    get('/reset-password'),
    get('/graphql', { accept: 'text/html' }),
  ]);
  for (const { headers } of answers)
    expect(headers.get('content-type')).toMatch(/^(application\/json|text\/html); charset=utf-8$/);
});

test('a message of two lengths is refused: nothing is smuggled behind it', async () => {
  const { hostname, port } = new URL(server.url);
  const body = '0\r\n\r\n';
  const smuggled = `GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n`;
  const message = `POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nTransfer-Encoding: chunked\r\n\r\n${body}${smuggled}`;
  const socket = connect(Number(port), hostname).setEncoding('utf8');
  let answer = '';
  socket.on('data', (text: string) => {
    answer += text;
  });
  socket.write(message);
  await once(socket, 'close');
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
});

test('password fields of pages are masked, and take what a password manager gives', async () => {
  const page = await (await get('/reset-password')).text();
  const fields = page.match(/<input [^>]*name="password[^>]*>/g) ?? [];
  expect(fields).toHaveLength(2);
  for (const field of fields) {
    expect(field).toContain('type="password"');
    expect(field).toContain('autocomplete="new-password"');
  }
  expect(page).not.toMatch(/onpaste|autocomplete="off"|maxlength/i);
});
