import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DEMO_PASSWORD } from '../src/accounts/public-password.ts';
import { startBeside, startServer, type TestServer } from './support/start.ts';

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
