import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DEMO_PASSWORD } from '../src/accounts/public-password.ts';
import { send, startBeside, startServer, type TestServer } from './support/start.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.close());
beforeEach(async () => {
  await server.gatehouse.idle();
  server.mails.length = 0;
});

interface RestAnswer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: an answer has the shape that its path has
  readonly body: any;
  readonly text: string;
}

interface RestOptions {
  /** Sent as JSON. */
  readonly json?: unknown;
  readonly text?: string;
  readonly token?: string | undefined;
  readonly headers?: Record<string, string>;
}

/** As axios and Strapi’s front ends send it. */
async function rest(
  methodAndPath: string,
  { json, text, token, headers }: RestOptions = {},
  to: { readonly url: string } = server,
): Promise<RestAnswer> {
  const [method = 'GET', path = '/'] = methodAndPath.split(' ');
  await server.database.changes.catchUp();
  const body = text ?? (json === undefined ? undefined : JSON.stringify(json));
  const response = await fetch(to.url.replace(/\/graphql$/, path), {
    method,
    redirect: 'manual',
    headers: {
      accept: 'application/json, text/plain, */*',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body !== undefined && { body }),
  });
  const answer = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json');
  return {
    status: response.status,
    headers: response.headers,
    body: isJson && answer !== '' ? JSON.parse(answer) : answer,
    text: answer,
  };
}

let people = 0;
/** A person whom nobody has met before. */
function somebody() {
  people += 1;
  return { username: `restful${people}`, email: `restful${people}@example.com`, password: 'a good password' };
}

async function registered(person = somebody()) {
  const { body } = await rest('POST /api/auth/local/register', { json: person });
  if (!body.jwt) throw new Error(JSON.stringify(body));
  return { ...person, jwt: body.jwt as string, id: body.user.id as number };
}

/** The code in the last mail, as its link carries it. */
async function mailedCode(): Promise<string> {
  await server.gatehouse.idle();
  return server.mails.at(-1)?.link?.split('=').at(-1) ?? 'no mail';
}

const USER = {
  id: expect.any(Number),
  documentId: expect.stringMatching(/^[a-z0-9]{20,}$/),
  username: expect.any(String),
  email: expect.any(String),
  provider: 'local',
  confirmed: true,
  blocked: false,
  createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
  updatedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
  publishedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
};
const JWT = expect.stringMatching(/^eyJ/);

describe('answers have the bodies of Strapi', () => {
  test('a registration and a login: { jwt, user }, and nothing else', async () => {
    const person = somebody();
    const made = await rest('POST /api/auth/local/register', { json: person });
    const { username, email } = person;
    expect(made).toMatchObject({ status: 200, body: { user: { username, email } } });
    expect(made.body).toEqual({ jwt: JWT, user: USER });
    for (const identifier of [email, username, email.toUpperCase()]) {
      const { status, body } = await rest('POST /api/auth/local', { json: { identifier, password: person.password } });
      expect({ status, body }).toEqual({ status: 200, body: { jwt: JWT, user: made.body.user } });
    }
    expect(made.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(made.headers.get('cache-control')).toBe('no-store');
  });

  test('me, and with its role for who asks for it in any of Strapi’s ways', async () => {
    const { jwt: token, username } = await registered();
    const role = {
      id: expect.any(Number),
      documentId: expect.any(String),
      name: 'Authenticated',
      description: expect.any(String),
      type: 'authenticated',
      createdAt: USER.createdAt,
      updatedAt: USER.updatedAt,
      publishedAt: USER.publishedAt,
    };
    const plain = await rest('GET /api/users/me', { token });
    expect(plain.body).toEqual({ ...USER, username });
    for (const query of [
      'populate=role',
      'populate=*',
      'populate[0]=role',
      'populate%5B0%5D=role',
      'populate[]=role',
      'populate[role]=true',
      'populate[role]=*',
      'populate[role][fields][0]=name',
      'populate=avatar,role',
      'populate=role.permissions',
    ]) {
      const { body } = await rest(`GET /api/users/me?${query}`, { token });
      expect({ query, body }).toEqual({ query, body: { ...USER, username, role } });
    }
    for (const query of [
      'populate=roles',
      'populate[role]=false',
      'fields[0]=id',
      '__proto__[role]=1',
      'role=populate',
    ]) {
      const { status, body } = await rest(`GET /api/users/me?${query}`, { token });
      expect({ query, status, body }).toEqual({ query, status: 200, body: { ...USER, username } });
    }
  });

  test('a changed password: a new jwt, and the older one is dead', async () => {
    const { jwt: token, password } = await registered();
    const json = { currentPassword: password, password: 'another good one', passwordConfirmation: 'another good one' };
    const { status, body } = await rest('POST /api/auth/change-password', { json, token });
    expect({ status, body }).toEqual({ status: 200, body: { jwt: JWT, user: USER } });
    expect((await rest('GET /api/users/me', { token })).status).toBe(401);
    expect((await rest('GET /api/users/me', { token: body.jwt })).status).toBe(200);
  });

  test('a forgotten password: { ok }, for known and unknown addresses; and its code: { jwt, user }', async () => {
    const { email, jwt } = await registered();
    for (const each of [email, 'nobody.at.all@example.com']) {
      const { status, body } = await rest('POST /api/auth/forgot-password', { json: { email: each } });
      expect({ status, body }).toEqual({ status: 200, body: { ok: true } });
    }
    const code = await mailedCode();
    const json = { code, password: 'yet another one', passwordConfirmation: 'yet another one' };
    const { status, body } = await rest('POST /api/auth/reset-password', { json });
    expect({ status, body }).toEqual({ status: 200, body: { jwt: JWT, user: USER } });
    expect((await rest('GET /api/users/me', { token: jwt })).status).toBe(401);
    const again = await rest('POST /api/auth/reset-password', { json });
    expect(again).toMatchObject({
      status: 400,
      body: { error: { name: 'ValidationError', message: 'Incorrect code provided' } },
    });
  });

  test('an update of oneself is answered with the user, and takes what updateMe takes', async () => {
    const { jwt: token, password } = await registered();
    const renamed = await rest('PUT /api/users/me', { json: { username: `new-name-${people}` }, token });
    expect(renamed).toMatchObject({ status: 200, body: { ...USER, username: `new-name-${people}` } });
    const email = `new-${people}@example.com`;
    const asked = await rest('PUT /api/users/me', { json: { email, currentPassword: password }, token });
    expect(asked).toMatchObject({ status: 200, body: USER });
    expect(asked.body.email).not.toBe(email);
    await server.gatehouse.idle();
    expect(server.mails.map(({ to }) => to)).toContain(email);
  });
});

/** Status, name, message and the faults by their paths. */
function errorOf({ status, body }: RestAnswer) {
  const { data, error } = body;
  const { name, message, details } = error ?? {};
  const faults = details?.errors?.map(
    ({ path, message }: { path: string[]; message: string }) => `${path}: ${message}`,
  );
  return { data, status, sameStatus: error?.status === status, name, message, ...(faults && { faults }) };
}

function refused(status: number, name: string, message: string | object, faults?: readonly string[]) {
  return { data: null, status, sameStatus: true, name, message, ...(faults && { faults }) };
}

const invalid = (...faults: string[]) =>
  refused(
    400,
    'ValidationError',
    faults.length === 1 ? (faults[0] ?? '').replace(/^\w+: /, '') : `${faults.length} errors occurred`,
    faults,
  );
const NOT_OBJECT = refused(400, 'BadRequestError', 'The body of a request has to be a JSON object');

describe('a request that cannot be served is refused in the shape of Strapi', () => {
  const LOCAL = 'POST /api/auth/local';
  const REGISTER = 'POST /api/auth/local/register';
  const RESET = 'POST /api/auth/reset-password';
  test.each<[string, string, RestOptions, object]>([
    [
      'nothing in it',
      LOCAL,
      { json: {} },
      invalid('identifier: identifier is a required field', 'password: password is a required field'),
    ],
    [
      'blanks',
      LOCAL,
      { json: { identifier: ' ', password: 'x' } },
      invalid('identifier: identifier is a required field'),
    ],
    [
      'null',
      LOCAL,
      { json: { identifier: null, password: 'x' } },
      invalid('identifier: identifier is a required field'),
    ],
    [
      'numbers',
      LOCAL,
      { json: { identifier: 1, password: 2 } },
      invalid('identifier: identifier must be a string', 'password: password must be a string'),
    ],
    [
      'a list',
      LOCAL,
      { json: { identifier: ['reader'], password: 'x' } },
      invalid('identifier: identifier must be a string'),
    ],
    [
      'an operator',
      LOCAL,
      { json: { identifier: { $ne: null }, password: { $ne: null } } },
      invalid('identifier: identifier must be a string', 'password: password must be a string'),
    ],
    [
      'an object that poses as a text',
      LOCAL,
      { json: { identifier: { toString: 'reader', length: 6 }, password: 'x' } },
      invalid('identifier: identifier must be a string'),
    ],
    [
      'a wrong password',
      LOCAL,
      { json: { identifier: 'reader', password: 'wrong' } },
      refused(400, 'ValidationError', 'Invalid identifier or password'),
    ],
    [
      'an unknown identifier',
      LOCAL,
      { json: { identifier: 'no such user', password: 'wrong' } },
      refused(400, 'ValidationError', 'Invalid identifier or password'),
    ],
    [
      'inherited names',
      LOCAL,
      { text: '{"__proto__":{"identifier":"reader","password":"gatehouse-demo"}}' },
      invalid('identifier: identifier is a required field', 'password: password is a required field'),
    ],
    ['a list of logins', LOCAL, { json: [{ identifier: 'reader', password: DEMO_PASSWORD }] }, NOT_OBJECT],
    ['a text', LOCAL, { json: 'reader' }, NOT_OBJECT],
    ['null for a body', LOCAL, { text: 'null' }, NOT_OBJECT],
    ['no JSON', LOCAL, { text: '{"identifier":"reader","password":"s3cret' }, NOT_OBJECT],
    [
      'an empty body',
      LOCAL,
      { text: '' },
      invalid('identifier: identifier is a required field', 'password: password is a required field'),
    ],
    [
      'many values',
      LOCAL,
      { text: `{"identifier":[${'1,'.repeat(500)}1]}` },
      refused(400, 'ValidationError', 'The body has too many values'),
    ],
    [
      'too much',
      LOCAL,
      { text: `{"identifier":"${'x'.repeat(1024 * 1024)}"}` },
      refused(413, 'PayloadTooLargeError', expect.any(String)),
    ],
    [
      'a form',
      LOCAL,
      {
        text: `identifier=reader&password=${DEMO_PASSWORD}`,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      },
      refused(415, 'UnsupportedMediaTypeError', 'Send application/json in UTF-8'),
    ],
    [
      'plain text',
      LOCAL,
      { json: { identifier: 'reader', password: DEMO_PASSWORD }, headers: { 'content-type': 'text/plain' } },
      refused(415, 'UnsupportedMediaTypeError', 'Send application/json in UTF-8'),
    ],
    [
      'JSON by another name',
      LOCAL,
      {
        json: { identifier: 'reader', password: DEMO_PASSWORD },
        headers: { 'content-type': 'text/plain; application/json' },
      },
      refused(415, 'UnsupportedMediaTypeError', 'Send application/json in UTF-8'),
    ],
    [
      'another charset',
      LOCAL,
      { json: {}, headers: { 'content-type': 'application/json; charset=utf-16' } },
      refused(415, 'UnsupportedMediaTypeError', 'Send application/json in UTF-8'),
    ],
    [
      'a registration without anything',
      REGISTER,
      { json: {} },
      invalid(
        'username: username is a required field',
        'email: email is a required field',
        'password: password is a required field',
      ),
    ],
    [
      'a registration of numbers',
      REGISTER,
      { json: { username: 1, email: 2, password: 3 } },
      invalid(
        'username: username must be a string',
        'email: email must be a string',
        'password: password must be a string',
      ),
    ],
    [
      'a registration with bad values',
      REGISTER,
      { json: { username: 'xy', email: 'no', password: 'short' } },
      invalid(
        'username: username must be at least 3 characters',
        'email: email must be a valid email',
        'password: password must be at least 8 characters',
      ),
    ],
    [
      'a registration of an administrator',
      REGISTER,
      { json: { ...somebody(), role: 1, confirmed: true } },
      refused(400, 'ValidationError', 'Invalid parameters: role, confirmed'),
    ],
    [
      'a registration with a secret for a name',
      REGISTER,
      { text: '{"my secret is hunter2!":1}' },
      refused(400, 'ValidationError', 'Invalid parameters: …'),
    ],
    [
      'a registration with inherited names',
      REGISTER,
      { text: '{"__proto__":{"role":1},"constructor":1}' },
      refused(400, 'ValidationError', 'Invalid parameters: __proto__, constructor'),
    ],
    [
      'a registration of who is there',
      REGISTER,
      { json: { username: 'Reader', email: 'somebody.else@example.com', password: 'a good password' } },
      refused(400, 'ApplicationError', 'Email or Username are already taken'),
    ],
    [
      'a bad address',
      'POST /api/auth/forgot-password',
      { json: { email: 'nobody' } },
      invalid('email: email must be a valid email'),
    ],
    ['no address', 'POST /api/auth/forgot-password', { json: {} }, invalid('email: email is a required field')],
    [
      'two addresses',
      'POST /api/auth/forgot-password',
      { json: { email: ['a@example.com', 'b@example.com'] } },
      invalid('email: email must be a string'),
    ],
    [
      'a bad address',
      'POST /api/auth/send-email-confirmation',
      { json: { email: 'nobody' } },
      invalid('email: email must be a valid email'),
    ],
    [
      'no code',
      RESET,
      { json: { password: 'a good password', passwordConfirmation: 'a good password' } },
      invalid('code: code is a required field'),
    ],
    [
      'a wrong code',
      RESET,
      { json: { code: 'x', password: 'a good password', passwordConfirmation: 'a good password' } },
      refused(400, 'ValidationError', 'Incorrect code provided'),
    ],
    [
      'a code that finds every code',
      RESET,
      { json: { code: { not: '' }, password: 'a good password', passwordConfirmation: 'a good password' } },
      invalid('code: code must be a string'),
    ],
    [
      'two passwords',
      RESET,
      { json: { code: 'x', password: 'a good password', passwordConfirmation: 'another password' } },
      invalid('passwordConfirmation: Passwords do not match'),
    ],
    ['no code', 'GET /api/auth/email-confirmation', {}, invalid('confirmation: confirmation is a required field')],
    [
      'a wrong code',
      'GET /api/auth/email-confirmation?confirmation=x',
      {},
      refused(400, 'ValidationError', 'Invalid token'),
    ],
    [
      'two codes',
      'GET /api/auth/email-confirmation?confirmation=x&confirmation=y',
      {},
      refused(400, 'ValidationError', 'Invalid token'),
    ],
    [
      'no refresh token',
      'POST /api/auth/refresh',
      { json: {} },
      refused(401, 'UnauthorizedError', 'Missing or invalid credentials'),
    ],
    [
      'a wrong refresh token',
      'POST /api/auth/refresh',
      { json: { refreshToken: 'x' } },
      refused(401, 'UnauthorizedError', 'Missing or invalid credentials'),
    ],
    [
      'a refresh token that is none',
      'POST /api/auth/refresh',
      { json: { refreshToken: 1 } },
      invalid('refreshToken: refreshToken must be a string'),
    ],
    ['nobody’s own', 'GET /api/users/me', {}, refused(403, 'ForbiddenError', 'Forbidden')],
    [
      'nobody’s own',
      'PUT /api/users/me',
      { json: { username: 'somebody' } },
      refused(403, 'ForbiddenError', 'Forbidden'),
    ],
    ['nobody’s password', 'POST /api/auth/change-password', { json: {} }, refused(403, 'ForbiddenError', 'Forbidden')],
    [
      'a token that is none',
      'GET /api/users/me',
      { token: 'abc' },
      refused(401, 'UnauthorizedError', 'Missing or invalid credentials'),
    ],
    [
      'a login beside a token that is none',
      LOCAL,
      { json: { identifier: 'reader', password: DEMO_PASSWORD }, token: 'abc' },
      refused(401, 'UnauthorizedError', 'Missing or invalid credentials'),
    ],
    [
      'a password in the header',
      'GET /api/users/me',
      { headers: { authorization: 'Basic cmVhZGVyOmdhdGVob3VzZS1kZW1v' } },
      refused(401, 'UnauthorizedError', 'Missing or invalid credentials'),
    ],
  ])('%s: %s', async (_what, path, options, expected) => {
    const answer = await rest(path, options);
    expect(errorOf(answer)).toEqual(expected);
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(server.mails).toEqual([]);
  });

  test.each([
    ['GET /api', 404],
    ['GET /api/', 404],
    ['GET /api/posts', 404],
    ['POST /api/posts', 404],
    ['GET /api/users', 404],
    ['GET /api/users/1', 404],
    ['DELETE /api/users/me', 405],
    ['GET /api/auth/local', 405],
    ['PUT /api/auth/local', 405],
    ['POST /api/users/me', 405],
    ['POST /api/auth/email-confirmation', 405],
    ['GET /api/auth/local/register', 405],
    ['POST /api/auth/LOCAL', 404],
    ['POST /api/auth/local/', 400],
    ['POST /api/auth/local//', 404],
    ['POST /api//auth/local', 404],
    ['POST /api/auth/%6Cocal', 404],
    ['POST /api/auth/local%2F', 404],
    ['POST /api/auth/local;x=y', 404],
    ['POST /api/auth/constructor', 404],
    ['POST /api/__proto__', 404],
    ['HEAD /api/auth/email-confirmation', 405],
  ])('%s is %i', async (path, status) => {
    const answer = await rest(path, path.startsWith('P') ? { json: {} } : {});
    expect(answer.status).toBe(status);
    if (path.startsWith('HEAD')) return;
    expect(errorOf(answer)).toMatchObject({ data: null, sameStatus: true });
    if (status === 405) expect(answer.headers.get('allow')).toMatch(/OPTIONS$/);
  });

  test('there is nothing at these paths with REST=off', async () => {
    await using off = await startBeside(server, { rest: false });
    for (const path of ['POST /api/auth/local', 'GET /api/users/me', 'GET /api/x']) {
      const { status, body } = await rest(path, path.startsWith('POST') ? { json: {} } : {}, off);
      expect({ status, code: body.errors[0].extensions.code }).toEqual({ status: 404, code: 'NOT_FOUND' });
    }
  });
});

/** A role may use these paths as it may use the fields of GraphQL. */
describe('permissions are those of GraphQL', () => {
  test.each([
    ['POST /api/auth/local', 'auth.login'],
    ['POST /api/auth/local/register', 'auth.register'],
    ['POST /api/auth/forgot-password', 'auth.forgotPassword'],
    ['POST /api/auth/reset-password', 'auth.resetPassword'],
    ['POST /api/auth/send-email-confirmation', 'auth.sendEmailConfirmation'],
    ['GET /api/auth/email-confirmation', 'auth.emailConfirmation'],
    ['POST /api/auth/refresh', 'auth.refresh'],
    ['POST /api/auth/logout', 'auth.logout'],
  ])('%s needs %s', async (path, action) => {
    const { prisma } = server.database;
    const { id } = await prisma.role.findUniqueOrThrow({ where: { type: 'public' } });
    const where = { roleId_action: { roleId: id, action } };
    await prisma.permission.delete({ where });
    try {
      const answer = await rest(path, path.startsWith('POST') ? { json: {} } : {});
      expect(errorOf(answer)).toEqual(refused(403, 'ForbiddenError', 'Forbidden'));
      expect(answer.body.error.details).toEqual({ action });
    } finally {
      await prisma.permission.create({ data: { roleId: id, action } });
    }
    const numbers = await server.gatehouse.metrics.registry.metrics();
    expect(numbers).toContain(`gatehouse_refusals_total{path="/api",action="${action}"}`);
  });

  test('an API token is no person, whatever it holds', async () => {
    const admin = await server.adminToken();
    const { data } = await server.askAdmin(
      'mutation { createApiToken(data: { name: "rest", kind: FULL_ACCESS, lifespan: UNLIMITED }) { secret } }',
      { token: admin },
    );
    const token = data.createApiToken.secret as string;
    for (const [path, action] of [
      ['GET /api/users/me', 'user.me'],
      ['PUT /api/users/me', 'user.updateMe'],
      ['POST /api/auth/change-password', 'auth.changePassword'],
      ['POST /api/auth/logout', 'auth.logout'],
    ] as const) {
      const answer = await rest(path, { token, ...(path.startsWith('GET') ? {} : { json: {} }) });
      expect(errorOf(answer)).toEqual(refused(403, 'ForbiddenError', 'Forbidden'));
      expect(answer.body.error.details).toEqual({ action });
    }
    expect((await rest('GET /api/users/me', { token: admin })).status).toBe(401);
  });
});

describe('accounts that cannot be logged in to', () => {
  test('a blocked one is told so to who knows its password, and its token is dead', async () => {
    const { username, password, jwt: token, id } = await registered();
    await server.database.prisma.user.update({ where: { id }, data: { blocked: true } });
    const message = 'Your account has been blocked by an administrator';
    const right = await rest('POST /api/auth/local', { json: { identifier: username, password } });
    expect(errorOf(right)).toEqual(refused(401, 'UnauthorizedError', message));
    const wrong = await rest('POST /api/auth/local', { json: { identifier: username, password: 'wrong' } });
    expect(errorOf(wrong)).toEqual(refused(400, 'ValidationError', 'Invalid identifier or password'));
    expect((await rest('GET /api/users/me', { token })).status).toBe(401);
  });

  test('with e-mail confirmation on: { user } and a mail, and the link leads on and logs nobody in', async () => {
    await using on = await withSettings({ emailConfirmation: true });
    const person = somebody();
    const made = await rest('POST /api/auth/local/register', { json: person });
    expect(made).toMatchObject({ status: 200, body: { user: { confirmed: false } } });
    expect(Object.keys(made.body)).toEqual(['user']);
    const login = () => rest('POST /api/auth/local', { json: { identifier: person.email, password: person.password } });
    expect(errorOf(await login())).toEqual(refused(400, 'ApplicationError', 'Your account email is not confirmed'));

    const sent = await rest('POST /api/auth/send-email-confirmation', { json: { email: person.email.toUpperCase() } });
    expect(sent.body).toEqual({ email: person.email, sent: true });
    const unknown = await rest('POST /api/auth/send-email-confirmation', {
      json: { email: 'nobody.here@example.com' },
    });
    expect(unknown.body).toEqual({ email: 'nobody.here@example.com', sent: true });

    const path = `/api/auth/email-confirmation?confirmation=${await mailedCode()}`;
    expect((await rest(`HEAD ${path}`)).status).toBe(405);
    expect((await login()).status).toBe(400);
    const confirmed = await rest(`GET ${path}`);
    expect(confirmed).toMatchObject({ status: 200, body: { user: { confirmed: true } } });
    expect(Object.keys(confirmed.body)).toEqual(['user']);
    expect(confirmed.headers.get('set-cookie')).toBeNull();
    expect((await login()).status).toBe(200);

    await on.change({ confirmEmailUrl: 'https://www.example.com/welcome' });
    const again = await rest(`GET ${path}`);
    expect(again.status).toBe(302);
    expect(again.headers.get('location')).toBe('https://www.example.com/welcome');
    await on.change({ confirmEmailUrl: 'https://api.example.com/api/auth/email-confirmation' });
    expect((await rest(`GET ${path}`)).status).toBe(200);
  });
});

describe('sessions', () => {
  test('in the mode refresh: a refreshToken, which is good once, and goes with its session', async () => {
    await using _on = await withSettings({ sessionMode: 'refresh', refreshTokenGrace: 0 });
    const { username, password } = await registered();
    const { body } = await rest('POST /api/auth/local', { json: { identifier: username, password } });
    expect(body).toEqual({ jwt: JWT, refreshToken: expect.stringMatching(/^[\w-]{43}\.[\w-]{43}$/), user: USER });
    const next = await rest('POST /api/auth/refresh', { json: { refreshToken: body.refreshToken } });
    expect(next).toMatchObject({ status: 200, body: { jwt: JWT, refreshToken: expect.any(String) } });
    expect((await rest('POST /api/auth/logout', { token: next.body.jwt })).body).toEqual({ ok: true });
    const late = await rest('POST /api/auth/refresh', { json: { refreshToken: next.body.refreshToken } });
    expect(late.status).toBe(401);
  });

  test('as a cookie: in no body, taken from pages that are known, and cleared with the session', async () => {
    await using _on = await withSettings({ sessionMode: 'refresh', refreshTokenInCookie: true });
    const { username, password } = await registered();
    const login = await rest('POST /api/auth/local', { json: { identifier: username, password } });
    expect(Object.keys(login.body)).toEqual(['jwt', 'user']);
    const cookie = login.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/HttpOnly/i);
    expect(cookie).toMatch(/SameSite=Strict/i);
    const sent = { cookie: cookie.split(';', 1)[0] ?? '' };
    const foreign = await rest('POST /api/auth/refresh', {
      json: {},
      headers: { ...sent, origin: 'https://evil.example' },
    });
    expect(foreign.status).toBe(401);
    const empty = await rest('POST /api/auth/logout', { headers: sent });
    expect(errorOf(empty)).toMatchObject({ status: 400, name: 'ForbiddenError' }); // any page could send that
    const next = await rest('POST /api/auth/refresh', { json: {}, headers: sent });
    expect(next.status).toBe(200);
    const out = await rest('POST /api/auth/logout', {
      headers: {
        cookie: (next.headers.get('set-cookie') ?? '').split(';', 1)[0] ?? '',
        'x-requested-with': 'XMLHttpRequest',
      },
    });
    expect(out.body).toEqual({ ok: true });
    expect(out.headers.get('set-cookie')).toMatch(/Max-Age=0/i);
    expect((await rest('GET /api/users/me', { token: next.body.jwt })).status).toBe(401);
  });

  test('a login, a refresh and a logout work beside a token that has expired, and nothing else does', async () => {
    await using brief = await startBeside(server, { jwtExpiresIn: 1 });
    const { username, password } = await registered();
    const { body } = await rest('POST /api/auth/local', { json: { identifier: username, password } }, brief);
    const token = body.jwt as string;
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    const expired = await rest('GET /api/users/me', { token }, brief);
    expect(errorOf(expired)).toEqual(refused(401, 'UnauthorizedError', 'Missing or invalid credentials'));
    expect(expired.body.error.details).toEqual({ reason: 'expired' });
    expect(expired.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
    const json = { identifier: username, password };
    expect((await rest('POST /api/auth/local', { json, token }, brief)).status).toBe(200);
    expect((await rest('POST /api/auth/logout', { token }, brief)).body).toEqual({ ok: true });
    expect(
      (await rest('POST /api/auth/forgot-password', { json: { email: 'a@example.com' }, token }, brief)).status,
    ).toBe(401);
  });

  test('a token of either API is good for the other', async () => {
    const { jwt, username } = await registered();
    expect((await server.ask('{ me { username } }', { token: jwt })).data.me.username).toBe(username);
    const token = await server.tokenOf('reader');
    expect((await rest('GET /api/users/me', { token })).body.username).toBe('reader');
  });
});

test('where a further step is needed, no way in goes around it, and every door says so', async () => {
  const asked: string[] = [];
  await using strict = await startBeside(
    server,
    {},
    {
      nextStep: async (realm, { email }) => {
        asked.push(`${realm} ${email}`);
        return { challenge: 'a-challenge', methods: ['totp'] };
      },
    },
  );
  const { username, email, password } = await registered();
  const sessionsBefore = await server.database.prisma.session.count();
  const answer = await rest('POST /api/auth/local', { json: { identifier: username, password } }, strict);
  expect(errorOf(answer)).toEqual(refused(401, 'UnauthorizedError', 'One more step is needed to log in'));
  expect(answer.body.error.details).toEqual({ challenge: 'a-challenge', methods: ['totp'] });
  const login = 'mutation ($input: UsersPermissionsLoginInput!) { login(input: $input) { jwt } }';
  const { data, errors } = await send(strict.url, login, { variables: { input: { identifier: email, password } } });
  expect(data).toEqual({ login: null });
  expect(errors?.[0]?.extensions).toMatchObject({
    code: 'SECOND_FACTOR_REQUIRED',
    challenge: 'a-challenge',
    methods: ['totp'],
  });
  const wrong = await rest('POST /api/auth/local', { json: { identifier: username, password: 'wrong' } }, strict);
  expect(wrong.status).toBe(400);
  expect(asked).toEqual([`users ${email}`, `users ${email}`]);

  // A mailed code that chooses a password sets it, and lets nobody in.
  await rest('POST /api/auth/forgot-password', { json: { email } });
  const json = { code: await mailedCode(), password: 'after the reset', passwordConfirmation: 'after the reset' };
  expect((await rest('POST /api/auth/reset-password', { json }, strict)).status).toBe(401);
  expect(await server.database.prisma.session.count()).toBeLessThanOrEqual(sessionsBefore);
  expect((await rest('POST /api/auth/local', { json: { identifier: email, password: json.password } })).status).toBe(
    200,
  );

  // Administrators pass the same place.
  const admin = await server.database.prisma.admin.findFirst({ orderBy: { id: 'desc' } });
  const adminLogin = await send(
    strict.url.replace(/graphql$/, 'admin/graphql'),
    `mutation { login(email: "${admin?.email}", password: "${DEMO_PASSWORD}") { jwt } }`,
  );
  expect(adminLogin.errors?.[0]?.extensions.code).toBe('SECOND_FACTOR_REQUIRED');
  expect(asked.at(-1)).toBe(`administrators ${admin?.email}`);
});

describe('attempts', () => {
  test('are those of GraphQL: counted for each request, and together', async () => {
    await using few = await startBeside(server, { authRateLimit: 4 });
    const { username, password } = await registered();
    const json = { identifier: username, password: 'wrong' };
    const answers = await Promise.all(Array.from({ length: 3 }, () => rest('POST /api/auth/local', { json }, few)));
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400]);
    const login = 'mutation ($input: UsersPermissionsLoginInput!) { login(input: $input) { jwt } }';
    await send(few.url, login, { variables: { input: json } });
    const fifth = await rest('POST /api/auth/local', { json: { identifier: username.toUpperCase(), password } }, few);
    const message = 'Too many requests, please try again later.';
    expect(errorOf(fifth)).toEqual(refused(429, 'RateLimitError', message));
    expect(Number(fifth.headers.get('retry-after'))).toBeGreaterThan(0);
    const byGraphql = await send(few.url, login, { variables: { input: { identifier: username, password } } });
    expect(byGraphql.errors?.[0]?.extensions.code).toBe('RATE_LIMITED');
  });

  test.each([
    ['POST /api/auth/local/register', {}],
    ['POST /api/auth/forgot-password', { email: 'x' }],
    ['POST /api/auth/send-email-confirmation', { email: 'x' }],
  ])('%s: of one address in a minute', async (path, json) => {
    await using few = await startBeside(server, { authRateLimit: 2 });
    const statuses: number[] = [];
    for (let i = 0; i < 3; i++) statuses.push((await rest(path, { json }, few)).status);
    expect(statuses).toEqual([400, 400, 429]);
    await server.database.prisma.attempt.deleteMany();
  });

  test('GET /api/auth/email-confirmation: of one address in a minute', async () => {
    await using few = await startBeside(server, { authRateLimit: 2 });
    const statuses: number[] = [];
    for (let i = 0; i < 3; i++) {
      statuses.push((await rest(`GET /api/auth/email-confirmation?confirmation=${i}`, {}, few)).status);
    }
    expect(statuses).toEqual([400, 400, 429]);
  });

  test('two registrations of one name at the same moment make one account', async () => {
    const person = somebody();
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => rest('POST /api/auth/local/register', { json: person })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400, 400, 400]);
    expect(await server.database.prisma.user.count({ where: { email: person.email } })).toBe(1);
  });

  test('a code chooses a password once, however many use it at the same moment', async () => {
    const { email } = await registered();
    await rest('POST /api/auth/forgot-password', { json: { email } });
    const code = await mailedCode();
    const json = { code, password: 'at the same moment', passwordConfirmation: 'at the same moment' };
    const answers = await Promise.all(Array.from({ length: 6 }, () => rest('POST /api/auth/reset-password', { json })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400, 400, 400]);
  });
});

test('what was done is in the audit log, and logins are in the numbers', async () => {
  const { username, password } = await registered();
  await rest('POST /api/auth/local', { json: { identifier: username, password } });
  const entries = await server.database.prisma.auditEntry.findMany({
    where: { actorName: username },
    orderBy: { id: 'asc' },
    select: { event: true },
  });
  expect(entries.map(({ event }) => event)).toEqual(['user.register', 'session.begin', 'session.begin']);
  const numbers = await server.gatehouse.metrics.registry.metrics();
  expect(numbers).toMatch(/gatehouse_logins_total\{path="\/api",outcome="accepted"\} \d/);
  expect(numbers).toContain('path="/api/auth/local",status="200"');
  expect(numbers).not.toContain('/api/posts');
});

test('a page of another origin is asked for, and only those that are named may read the answer', async () => {
  const preflight = await rest('OPTIONS /api/users/me', {
    headers: {
      origin: 'http://localhost:5173',
      'access-control-request-method': 'PUT',
      'access-control-request-headers': 'authorization,content-type',
    },
  });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get('allow')).toBe('PUT, GET, OPTIONS');
  expect(preflight.headers.get('access-control-allow-origin')).toBe('http://localhost:5173');
  expect(preflight.headers.get('access-control-allow-methods')).toBe('GET, POST, PUT');
  const foreign = await rest('POST /api/auth/local', { json: {}, headers: { origin: 'https://evil.example' } });
  expect(foreign.headers.get('access-control-allow-origin')).toBeNull();
});

test('no secret that was sent is echoed or logged', async () => {
  const secret = 'hunter2-hunter2';
  for (const [path, json] of [
    ['POST /api/auth/local', { identifier: secret, password: secret }],
    ['POST /api/auth/local', { identifier: [secret], password: { secret } }],
    ['POST /api/auth/local/register', { username: 'ab', email: secret, password: secret.slice(0, 3), [secret]: 1 }],
    ['POST /api/auth/reset-password', { code: secret, password: secret, passwordConfirmation: `${secret}!` }],
    ['POST /api/auth/refresh', { refreshToken: secret }],
  ] as const) {
    expect((await rest(path, { json })).text).not.toContain(secret);
  }
  expect((await rest('POST /api/auth/local', { text: `{"password":"${secret}` })).text).not.toContain(secret);
  expect((await rest(`GET /api/auth/email-confirmation?confirmation=${secret}`)).text).not.toContain(secret);
  expect(server.log.join('\n')).not.toContain(secret);
});

async function withSettings(changes: Record<string, unknown>) {
  const { prisma } = server.database;
  const before = await prisma.settings.findUniqueOrThrow({ where: { id: 1 } });
  const change = async (data: Record<string, unknown>) => {
    await prisma.settings.update({ where: { id: 1 }, data });
  };
  await change(changes);
  return { change, [Symbol.asyncDispose]: () => change(before) };
}

describe('odd requests', () => {
  const ODD = ['a\u0000b', '\ud800', '\u202eabc', 'x'.repeat(100_000), '{{7*7}}', "' OR 1=1 --", '\u200b\u200b'];
  test.each(ODD.map((text) => [JSON.stringify(text).slice(0, 40), text]))(
    'a text such as %s is never a fault of ours',
    async (_as, text) => {
      const { jwt: token, password } = await registered();
      for (const [path, json] of [
        ['POST /api/auth/local', { identifier: text, password: text }],
        ['POST /api/auth/local/register', { username: text, email: `${text}@example.com`, password: text }],
        ['POST /api/auth/forgot-password', { email: `${text}@example.com` }],
        [
          'POST /api/auth/reset-password',
          { code: text, password: 'a good password', passwordConfirmation: 'a good password' },
        ],
        ['POST /api/auth/send-email-confirmation', { email: text }],
        [
          'POST /api/auth/change-password',
          { currentPassword: text, password: `${text}12345678`, passwordConfirmation: text },
        ],
        ['POST /api/auth/refresh', { refreshToken: text }],
        ['PUT /api/users/me', { email: `${text}@example.com`, currentPassword: password, username: text }],
      ] as const) {
        const needsToken = path.startsWith('PUT') || path.includes('change');
        const { status } = await rest(path, { json, ...(needsToken && { token }) });
        expect({ path, status, isOurs: status >= 500 }).toEqual({ path, status, isOurs: false });
      }
      const login = 'mutation ($input: UsersPermissionsLoginInput!) { login(input: $input) { jwt } }';
      const byGraphql = await server.ask(login, { variables: { input: { identifier: text, password: 'x' } } });
      expect(byGraphql.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
      const adminLogin = 'mutation ($email: String!) { login(email: $email, password: "x") { jwt } }';
      const byAdmin = await server.askAdmin(adminLogin, { variables: { email: text } });
      expect(byAdmin.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
      const query = encodeURIComponent(text.slice(0, 1_000).toWellFormed());
      expect((await rest(`GET /api/auth/email-confirmation?confirmation=${query}`)).status).toBe(400);
      expect((await rest(`GET /api/users/me?populate=${query}&populate[${query}]=1`, { token })).status).toBe(200);
    },
  );

  test.each<[string, RestOptions, number]>([
    [
      'a key twice: the last one counts',
      { text: `{"identifier":"nobody","password":"x","identifier":"reader","password":"${DEMO_PASSWORD}"}` },
      200,
    ],
    ['more than is asked for', { json: { identifier: 'reader', password: DEMO_PASSWORD, rememberMe: true } }, 200],
    [
      'another method in a header',
      { json: { identifier: 'reader', password: DEMO_PASSWORD }, headers: { 'x-http-method-override': 'DELETE' } },
      200,
    ],
    [
      'a charset that is named',
      {
        json: { identifier: 'reader', password: DEMO_PASSWORD },
        headers: { 'content-type': 'Application/JSON; charset="UTF-8"' },
      },
      200,
    ],
    ['any Accept', { json: { identifier: 'reader', password: DEMO_PASSWORD }, headers: { accept: 'text/html' } }, 200],
    [
      'a body that is packed',
      { json: { identifier: 'reader', password: DEMO_PASSWORD }, headers: { 'content-encoding': 'gzip' } },
      200,
    ],
    ['deep nesting', { text: `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}` }, 400],
    ['a provider', { json: { identifier: 'reader', password: DEMO_PASSWORD, provider: 'google' } }, 200],
    ['escaped names', { text: `{"\\u0069dentifier":"reader","p\\u0061ssword":"${DEMO_PASSWORD}"}` }, 200],
    ['a byte order mark', { text: `\ufeff{"identifier":"reader","password":"${DEMO_PASSWORD}"}` }, 200],
  ])('a login with %s', async (_what, options, status) => {
    expect((await rest('POST /api/auth/local', options)).status).toBe(status);
  });

  test.each([
    ['//api/auth/local', 404],
    ['/api/../api/auth/local', 404],
    ['/api/%2e%2e/admin/graphql', 404],
    ['/api/./auth/local', 404],
    ['/%61pi/auth/local', 404],
    ['/api/auth/local?x', 400],
    ['/api/auth/local/?x=/', 400],
    ['/api\\auth\\local', 404],
    ['/api/auth/local%00', 404],
    ['http://127.0.0.1/api/auth/local', 400],
    ['/API/AUTH/LOCAL', 404],
  ])('POST %s is %i', async (target, status) => {
    const answer = await rawPost(target, '{}');
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });

  test('a body that comes in pieces and is too long is refused before it is whole', async () => {
    const answer = await rawPost('/api/auth/local', 'x'.repeat(1024 * 1024 + 1));
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
    expect(answer).toContain('"error":{"status":413,"name":"PayloadTooLargeError"');
  });

  test('two credentials are none', async () => {
    const token = await server.tokenOf('reader');
    const answer = await rawPost('/api/auth/logout', '{}', [
      `Authorization: Bearer ${token}`,
      `Authorization: Bearer ${token}`,
    ]);
    expect(answer).toMatch(/^HTTP\/1.1 401 /);
    expect((await rest('GET /api/users/me', { token })).status).toBe(200);
  });
});

/** The target goes out as it is: no client has tidied it. */
function rawPost(target: string, body: string, headers: readonly string[] = []): Promise<string> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => {
      const head = [
        `POST ${target} HTTP/1.1`,
        `Host: ${hostname}:${port}`,
        'Content-Type: application/json',
        'Connection: close',
        ...headers,
      ];
      socket.write(`${head.join('\r\n')}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    });
    socket.setEncoding('utf8').on('data', (text) => {
      answer += text;
    });
    socket.on('close', () => resolve(answer)).on('error', (error) => (answer ? resolve(answer) : reject(error)));
  });
}
