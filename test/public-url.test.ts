import { runInNewContext } from 'node:vm';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from './support/start.ts';

const PUBLIC = 'https://example.com/auth';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ config: { publicUrl: PUBLIC, corsOrigins: [] } });
});
afterAll(() => server?.close());
afterEach(() =>
  server.database.prisma.settings.update({
    where: { id: 1 },
    data: { resetPasswordUrl: null, confirmEmailUrl: null, refreshTokenInCookie: false, sessionMode: 'plain' },
  }),
);

/** A request of a client at `https://example.com`, as a proxy passes it on. */
type Proxy = (path: string, init?: RequestInit) => Promise<Response>;

const PROXIES: readonly [what: string, proxy: Proxy][] = [
  ['leaves it in front', passing((path) => path)],
  ['takes it away', passing((path) => path.slice('/auth'.length))],
];

/** What does not begin with `/auth/` is somebody else's. */
function passing(change: (path: string) => string): Proxy {
  return async (path, init) =>
    path.startsWith('/auth/')
      ? fetch(new URL(change(path), server.url), init)
      : new Response('the site of the front end', { status: 404 });
}

async function mailedLink(document: string): Promise<string> {
  await server.gatehouse.idle();
  server.mails.length = 0;
  const { errors } = await server.ask(document);
  expect(errors).toBeUndefined();
  await server.gatehouse.idle();
  const mail = server.mails.find(({ link }) => link !== undefined);
  expect(mail?.text).toContain(mail?.link);
  return mail?.link ?? 'none';
}

const forgotten = () => mailedLink('mutation { forgotPassword(email: "editor@example.com") { ok } }');

/** Opens a page of ours by its link, fills its fields, presses its button, and tells what it says then. */
async function press(link: string, proxy: Proxy, fields: Record<string, string>): Promise<string> {
  const location = new URL(link);
  expect(location.origin).toBe('https://example.com');
  const page = await proxy(location.pathname);
  expect(page.status).toBe(200);
  const script = /<script>(.*)<\/script>/s.exec(await page.text())?.[1] ?? '';
  let submit = async (_event: object): Promise<void> => {};
  const output = { textContent: '' };
  const form = {
    addEventListener: (_type: string, listener: typeof submit) => {
      submit = listener;
    },
    querySelector: () => ({ disabled: false }),
    remove: () => {},
  };
  runInNewContext(script, {
    document: { querySelector: (name: string) => (name === 'form' ? form : output) },
    location,
    URLSearchParams,
    FormData: class extends Map<string, string> {
      constructor() {
        super(Object.entries(fields));
      }
    },
    fetch: (path: string, init: RequestInit) => proxy(new URL(path, location).pathname, init),
  });
  await submit({ preventDefault: () => {} });
  return output.textContent;
}

describe.each(PROXIES)('behind a path that the proxy %s', (_what, proxy) => {
  test('both endpoints, the pages and GraphiQL are there', async () => {
    for (const path of ['/graphql', '/graphql/', '/admin/graphql', '/admin/graphql/']) {
      const answer = await proxy(`/auth${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{ "query": "{ __typename }" }',
      });
      expect(await answer.json()).toEqual({ data: { __typename: 'Query' } });
      // It asks the address that it was opened at.
      const graphiql = await (await proxy(`/auth${path}`, { headers: { accept: 'text/html' } })).text();
      expect(graphiql).toContain('renderYogaGraphiQL(');
      expect(/renderYogaGraphiQL\(\s*window[^{]*({.*})/.exec(graphiql)?.[1] ?? '').not.toContain('"endpoint"');
    }
    for (const path of ['/health', '/ready', '/reset-password/'])
      expect((await proxy(`/auth${path}`)).status).toBe(200);
    for (const path of ['/auth', '/auth/', '/auth/nothing', '/authgraphql', '/auth/metrics']) {
      expect((await proxy(path)).status).toBe(404);
    }
  });

  test('a mailed link leads to the page for a new password, and the page to the endpoint', async () => {
    const link = await forgotten();
    expect(link).toMatch(/^https:\/\/example\.com\/auth\/reset-password#code=[\w-]{43}$/);
    const password = `chosen by ${_what}`;
    const fields = { password, passwordConfirmation: password };
    expect(await press(link, proxy, { ...fields, passwordConfirmation: 'another' })).toBe('Passwords do not match');
    expect(await press(link, proxy, fields)).toBe('Your password was changed. You can log in with it now.');
    const login = `mutation { login(input: { identifier: "editor", password: "${password}" }) { user { username } } }`;
    expect((await server.ask(login)).data.login.user.username).toBe('editor');
    // Opened with a / at its end, it finds its endpoint too.
    const again = (await forgotten()).replace('#', '/#');
    expect(await press(again, proxy, fields)).toBe('Your password was changed. You can log in with it now.');
  });

  test('so do those for an e-mail address, and for an administrator', async () => {
    await server.database.prisma.settings.update({ where: { id: 1 }, data: { emailConfirmation: true } });
    const email = `${_what.replaceAll(' ', '-')}@example.com`;
    const input = `{ username: "${_what}", email: "${email}", password: "a good password" }`;
    const confirmation = await mailedLink(`mutation { register(input: ${input}) { user { id } } }`);
    expect(confirmation).toMatch(/^https:\/\/example\.com\/auth\/confirm-email#confirmation=[\w-]{43}$/);
    expect(await press(confirmation, proxy, {})).toBe('Thank you. Your address is confirmed, and you can log in.');
    await server.database.prisma.settings.update({ where: { id: 1 }, data: { emailConfirmation: false } });

    const token = await server.adminToken();
    await server.gatehouse.idle();
    server.mails.length = 0;
    await server.askAdmin(`mutation { createAdmin(data: { email: "${email}", role: READ_ONLY }) { email } }`, {
      token,
    });
    await server.gatehouse.idle();
    const invitation = server.mails[0]?.link ?? 'none';
    expect(invitation).toMatch(/^https:\/\/example\.com\/auth\/admin\/reset-password#code=[\w-]{43}$/);
    const fields = { password: 'a very good password', passwordConfirmation: 'a very good password' };
    expect(await press(invitation, proxy, fields)).toBe('Your password was changed. You can log in with it now.');
  });

  test('a refresh token in a cookie is sent back to both', async () => {
    const data = { sessionMode: 'refresh', refreshTokenInCookie: true } as const;
    await server.database.prisma.settings.update({ where: { id: 1 }, data });
    const ask = async (query: string, cookie = '') => {
      await server.database.changes.catchUp();
      return proxy('/auth/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: 'https://example.com', cookie },
        body: JSON.stringify({ query }),
      });
    };
    const input = '{ identifier: "reader", password: "gatehouse-demo" }';
    const cookie = (await ask(`mutation { login(input: ${input}) { jwt } }`)).headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^__Host-gatehouse-refresh=[^;]+; Max-Age=\d+; Path=\/; HttpOnly; Secure; SameSite=Strict$/);
    const refreshed = await ask('mutation { refresh { jwt } }', cookie.split(';')[0]);
    expect(await refreshed.json()).toEqual({ data: { refresh: { jwt: expect.any(String) } } });
  });
});

test('without a path in its address, no path is taken away', async () => {
  const bare = await startServer();
  expect((await fetch(new URL('/auth/health', bare.url))).status).toBe(404);
  await bare.close();
});

const HASH = '[\\w-]{43}';
describe('a link to a page of a front end has the code where that page reads it', () => {
  test.each([
    ['a page', 'https://www.test/reset', `https://www.test/reset?code=${HASH}`],
    ['a host', 'https://www.test', `https://www.test/?code=${HASH}`],
    ['a folder', 'https://www.test/reset/', `https://www.test/reset/?code=${HASH}`],
    ['a port', 'http://localhost:3000/reset', `http://localhost:3000/reset?code=${HASH}`],
    ['a query', 'https://www.test/reset?lang=de', `https://www.test/reset?lang=de&code=${HASH}`],
    ['an empty query', 'https://www.test/reset?', `https://www.test/reset?code=${HASH}`],
    ['a query as it was written', 'https://www.test/?a=b%20c+d&flag', `https://www.test/?a=b%20c+d&flag&code=${HASH}`],
    ['a code of its own', 'https://www.test/?code=x&a=1&%63ode=y', `https://www.test/?a=1&code=${HASH}`],
    ['a name like it', 'https://www.test/?codes=x&barcode=y', `https://www.test/?codes=x&barcode=y&code=${HASH}`],
    ['a place on the page', 'https://www.test/reset#form', `https://www.test/reset?code=${HASH}#form`],
    ['a # with nothing behind it', 'https://www.test/reset#', `https://www.test/reset?code=${HASH}`],
    ['a hash router (React, Vue, Angular)', 'https://www.test/#/reset', `https://www.test/#/reset?code=${HASH}`],
    ['one at its start', 'https://www.test/#/', `https://www.test/#/?code=${HASH}`],
    ['one in a folder', 'https://www.test/app/#/a/reset', `https://www.test/app/#/a/reset?code=${HASH}`],
    ['one with a query', 'https://www.test/#/reset?lang=de', `https://www.test/#/reset?lang=de&code=${HASH}`],
    ['one with a code', 'https://www.test/#/reset?code=x', `https://www.test/#/reset?code=${HASH}`],
    ['one behind a query', 'https://www.test/?t=1#/reset', `https://www.test/?t=1#/reset?code=${HASH}`],
    ['one with a place', 'https://www.test/#/reset#form', `https://www.test/#/reset?code=${HASH}#form`],
    ['AngularJS', 'https://www.test/#!/reset', `https://www.test/#!/reset?code=${HASH}`],
    ['another alphabet', 'https://münchen.test/zurück', `https://xn--mnchen-3ya.test/zur%C3%BCck?code=${HASH}`],
  ])('%s', async (_what, page, link) => {
    const data = { resetPasswordUrl: page, confirmEmailUrl: page };
    await server.database.prisma.settings.update({ where: { id: 1 }, data });
    const escaped = link
      .replaceAll(HASH, '\0')
      .replace(/[.?+*()[\]{}|\\^$]/g, '\\$&')
      .replaceAll('\0', HASH);
    expect(await forgotten()).toMatch(new RegExp(`^${escaped}$`));
    if (_what !== 'a hash router (React, Vue, Angular)') return;
    const token = await server.tokenOf('reader');
    server.mails.length = 0;
    const change = `mutation { updateMe(data: { email: "new@example.com", currentPassword: "gatehouse-demo" }) { id } }`;
    await server.ask(change, { token });
    await server.gatehouse.idle();
    expect(server.mails.map(({ link }) => link).find(Boolean)).toMatch(
      new RegExp(`^https://www\\.test/#/reset\\?confirmation=${HASH}$`),
    );
  });
});
