import { EventEmitter, once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer as createHttpServer, type Server } from 'node:http';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { DEMO_PASSWORD } from '../../src/accounts/public-password.ts';
import { listen } from '../../src/http/listen.ts';
import {
  createPlace,
  type Launched,
  launch,
  type Place,
  runToEnd,
  SECRETS,
  type ServerProcess,
  startProcess,
} from '../support/process.ts';
import { send } from '../support/start.ts';

const embedded = inject('databaseKind') === 'embedded';

let place: Place;
const running: ServerProcess[] = [];
beforeEach(async () => {
  place = await createPlace({ used: true });
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop('SIGKILL')));
  await place.remove();
});

async function withoutDatabase(): Promise<void> {
  await place.remove();
  place = await createPlace();
}

async function start(environment: Record<string, string> = {}): Promise<ServerProcess> {
  const server = await startProcess({ ...place.environment, ...environment });
  running.push(server);
  return server;
}

async function loginAt(url: string, identifier = 'editor@example.com'): Promise<string> {
  const { data } = await send(url, 'mutation ($i: UsersPermissionsLoginInput!) { login(input: $i) { jwt } }', {
    variables: { i: { identifier, password: DEMO_PASSWORD } },
  });
  return data.login.jwt;
}

const CREATE = 'mutation ($title: String!) { createPost(data: { title: $title }) { documentId } }';

/** What `--max-semi-space-size` a process was started with. */
function youngGenerationOf(pid: number | undefined): string | undefined {
  return /--max-semi-space-size=(\d+)/.exec(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))?.[1];
}

describe('a start', () => {
  test('bounds the young generation of V8 by itself, in the same process, unless it is given a bound', async () => {
    expect(youngGenerationOf((await start()).child.pid)).toBe('4');
    await running.pop()?.stop();
    const given = await start({ NODE_OPTIONS: '--max-semi-space-size=8' });
    expect(youngGenerationOf(given.child.pid)).toBeUndefined();
  });

  test('from nothing prints where to go and who to be, and a restart keeps everything', async () => {
    await withoutDatabase();
    const first = await start();
    expect(first.output()).toContain('/graphql');
    for (const user of ['reader', 'editor', 'moderator']) expect(first.output()).toContain(`${user}@example.com`);
    expect(first.output()).not.toMatch(/warn|deprecat|experimental/i);

    const token = await loginAt(first.url);
    const { data } = await send(first.url, CREATE, { token, variables: { title: 'Kept' } });
    expect(await first.stop()).toEqual({ code: 0, signal: null });

    const second = await start();
    expect(second.output()).toContain('editor@example.com');
    const again = await send(
      second.url,
      'query ($id: ID!) { post(documentId: $id) { title } me { username } posts(pagination: { limit: -1 }) { title } }',
      {
        token, // the secret was kept, so the token still is good
        variables: { id: data.createPost.documentId },
      },
    );
    expect(again.errors).toBeUndefined();
    expect(again.data).toMatchObject({ post: { title: 'Kept' }, me: { username: 'editor' } });
    expect(again.data.posts).toHaveLength(61); // seeded once, with those that only some can read
  });

  test('in production without secrets is refused with every problem named, and exit code 1', async () => {
    const { code, output } = await runToEnd({
      ...place.environment,
      NODE_ENV: 'production',
      PORT: 'many',
      LOG_LEVEL: 'loud',
      JWT_EXPIRES_IN: 'soon',
    });
    expect(code).toBe(1);
    for (const name of ['JWT_SECRET', 'ADMIN_JWT_SECRET', 'PORT', 'LOG_LEVEL', 'JWT_EXPIRES_IN'])
      expect(output).toContain(`${name}: `);
    expect(output).not.toMatch(/ at .*\.ts:/);
  });

  test('in production makes no demo users and shows no schema', async () => {
    await withoutDatabase();
    const server = await start({ NODE_ENV: 'production', ...SECRETS });
    expect(server.output()).not.toContain('example.com');
    const { data } = await send(server.url, '{ posts { title } }');
    expect(data).toEqual({ posts: [] });
    expect((await send(server.url, '{ __schema { types { name } } }')).errors).toBeDefined();
  });

  test.each<[what: string, environment: () => Promise<Record<string, string>>, line: RegExp]>([
    ['a port that is taken', taken('PORT'), /^PORT: port \d+ of 127\.0\.0\.1 is already in use\. Set PORT to/],
    [
      'a port for numbers that is taken',
      taken('METRICS_PORT'),
      /^METRICS_PORT: port \d+ .* is already in use.* METRICS_PORT/,
    ],
    [
      'a name of no machine',
      async () => ({ HOST: 'nowhere.invalid' }),
      /^HOST: nowhere\.invalid is not an address of this machine/,
    ],
    [
      'an address of another machine',
      async () => ({ HOST: '192.0.2.1' }),
      /^HOST: 192\.0\.2\.1 is not an address of this machine/,
    ],
    [
      'a file for a directory',
      async () => ({ DATA_DIR: import.meta.filename }),
      /^DATA_DIR: expected a directory that this user may write to/,
    ],
    ['a directory in a file', async () => ({ DATA_DIR: '/dev/null/data' }), /^DATA_DIR: expected .* \(ENOTDIR\)$/],
  ])('on %s says so in a line', async (_what, environment, line) => {
    const { code, output } = await runToEnd({ ...place.environment, ...(await environment()) });
    expect(output.trim().split('\n'), output).toHaveLength(1);
    expect(output.trim()).toMatch(line);
    expect(code).toBe(1);
  });

  test('on a port that this user may not have says so, and where else', async () => {
    const refusing = new EventEmitter() as unknown as Server;
    refusing.listen = () => {
      queueMicrotask(() => refusing.emit('error', Object.assign(new Error('no'), { code: 'EACCES' })));
      return refusing;
    };
    const address = { host: '0.0.0.0', port: 80, variables: { host: 'HOST', port: 'PORT' } };
    await expect(listen(refusing, address)).rejects.toThrow(
      'PORT: this user is not allowed to listen on port 80. Set PORT to 1024 or more.',
    );
  });

  test('waits a moment for a port that somebody is about to give back', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const server = createHttpServer();
    const listening = listen(server, { host: '127.0.0.1', port, variables: { host: 'HOST', port: 'PORT' } });
    await new Promise((closed) => other.close(closed));
    await listening;
    server.close();
  });
});

const occupying: ReturnType<typeof createServer>[] = [];
afterAll(() => {
  for (const server of occupying) server.close();
});

/** A variable that names a port at which somebody listens. */
function taken(variable: string) {
  return async () => {
    const server = createServer().listen(0, '127.0.0.1');
    occupying.push(server);
    await once(server, 'listening');
    return { [variable]: String((server.address() as { port: number }).port) };
  };
}

describe('a stop', () => {
  test('finishes what runs, takes nothing new, and ends with code 0', async () => {
    const server = await start({ AUTH_RATE_LIMIT: 'off' });
    const attempt = 'login(input: { identifier: "editor", password: "not the password" }) { jwt }';
    const slow = `mutation { ${Array.from({ length: 20 }, (_, n) => `a${n}: ${attempt}`).join(' ')} }`;
    const running = send(server.url, slow);
    // A second connection that is there before the stop, and asks again during it.
    await send(server.url, '{ __typename }');
    const stopped = server.stop('SIGTERM');
    expect(await isRefused(server.url)).toBe(true);
    const { errors, data } = await running;
    expect(Object.keys(data)).toHaveLength(20);
    expect(errors).toHaveLength(20);
    expect(new Set(errors?.map(({ message }) => message))).toEqual(new Set(['Invalid identifier or password']));
    expect(await stopped).toEqual({ code: 0, signal: null });
  });
});

/** The server under npm, whose only child it is, or by itself. */
const WAYS = {
  'npm start': ['npm', 'start'],
  'node dist/main.js': [process.execPath, 'dist/main.js'],
} as const;

if (embedded) {
  describe('a stop leaves nothing behind, and the next start on its port and directory needs no patience', () => {
    // One after the other on one port and one directory: each start is the proof that the one before it gave both back.
    const STOPS = [
      ['node dist/main.js', 'SIGTERM', 'the server', 'while it starts', 0],
      ['node dist/main.js', 'SIGHUP', 'the server', '', 0],
      ['node dist/main.js', 'SIGQUIT', 'the server', '', 0],
      ['npm start', 'SIGTERM', 'npm', '', 0],
      ['npm start', 'SIGINT', 'all of them', '', 0],
      ['npm start', 'SIGHUP', 'npm', '', 'SIGHUP'], // npm passes neither this on nor the next, and ends at once
      ['npm start', 'SIGKILL', 'npm', '', 'SIGKILL'],
      ['npm start', 'SIGHUP', 'all of them', '', 'SIGHUP'],
    ] as const;
    let shared: Place;
    let port: number;
    const left: number[] = [];
    beforeAll(async () => {
      shared = await createPlace({ used: true });
      port = await freePort();
    });
    afterAll(async () => {
      for (const pid of left.filter(isRunning)) process.kill(pid, 'SIGKILL');
      await shared.remove();
    });

    test.each(STOPS)('%s, %s to %s %s', async (way, signal, receiver, when, ended) => {
      const server = launch({ ...shared.environment, PORT: String(port) }, WAYS[way]);
      const leader = Number(server.child.pid);
      const exit = once(server.child, 'exit');
      await until(
        () => existsSync(join(shared.dataDir, 'lock.pid')) || isReady(server) || server.child.exitCode !== null,
      );
      if (!when) await until(() => isReady(server) || server.child.exitCode !== null);
      expect(isReady(server), server.output()).toBe(!when);
      expect(left.filter(isRunning)).toEqual([]); // of the one before
      left.push(leader, ...descendantsOf(leader));

      process.kill(receiver === 'all of them' ? -leader : leader, signal);
      const [code, by] = await exit;
      expect(code ?? by, server.output()).toBe(ended);
      expect(server.output()).not.toMatch(/error|fatal| at .*\.[jt]s:/i);
    });

    test('and nothing of the last one', () => expect.poll(() => left.filter(isRunning)).toEqual([]));
  });

  test.each(['development', 'production'])('a log that nobody reads any more ends nothing (%s)', async (mode) => {
    const server = await start({ NODE_ENV: mode, ...SECRETS });
    server.child.stdout?.destroy();
    server.child.stderr?.destroy();
    const me = { username: 'somebody', email: 'somebody@example.com', password: 'a password of somebody' };
    const register = 'mutation ($me: UsersPermissionsRegisterInput!) { register(input: $me) { user { username } } }';
    expect((await send(server.url, register, { variables: { me } })).errors).toBeUndefined();
    // Of each mail a line is logged.
    const forgot = `mutation { forgotPassword(email: "${me.email}") { ok } }`;
    for (let mail = 0; mail < 2; mail++) expect((await send(server.url, forgot)).errors).toBeUndefined();
    await until(() => existsSync(join(place.dataDir, 'outbox')));
    expect((await send(server.url, '{ posts { title } }')).data.posts).toHaveLength(10);
    expect(await server.stop('SIGHUP')).toEqual({ code: 0, signal: null });
  });
}

function isReady({ output }: Launched): boolean {
  return output().includes('ready at');
}

async function until(happened: () => boolean): Promise<void> {
  while (!happened()) await wait(20);
}

/** Every process that this one started, or that those did. */
function descendantsOf(pid: number): number[] {
  const children = childrenOf(pid);
  return [...children, ...children.flatMap(descendantsOf)];
}

/** One that has ended stays in the list until somebody asks how. */
function isRunning(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Whether new connections come to be refused. One that was taken in the last moment may be ended instead. */
async function isRefused(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  for (let attempt = 0; attempt < 500; attempt++) {
    const code = await new Promise<string | undefined>((resolve) => {
      const socket = connect(Number(port), hostname, () => {
        socket.destroy();
        resolve(undefined);
      });
      socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code));
    });
    if (code === 'ECONNREFUSED') return true;
    await wait(10);
  }
  return false;
}

describe('kill -9', () => {
  test('during writes loses nothing that was acknowledged', async () => {
    const first = await start();
    const token = await loginAt(first.url);
    const acknowledged: string[] = [];
    let killed = false;
    const writer = async (name: number) => {
      for (let number = 0; !killed; number++) {
        const answer = await send(first.url, CREATE, {
          token,
          variables: { title: `written ${name}-${number}` },
        }).catch(() => undefined);
        if (answer?.data?.createPost) acknowledged.push(answer.data.createPost.documentId);
      }
    };
    const writers = [1, 2, 3, 4].map(writer);
    await new Promise<void>((resolve) => {
      const look = setInterval(() => {
        if (acknowledged.length < 60) return;
        clearInterval(look);
        resolve();
      }, 5);
    });
    await first.stop('SIGKILL');
    killed = true;
    await Promise.all(writers);
    expect(acknowledged.length).toBeGreaterThanOrEqual(60);

    // At once, too: a process that was killed holds no lock.
    const second = await start();
    const found: string[] = [];
    const document =
      'query ($ids: [ID!]) { posts(filters: { documentId: { in: $ids } }, pagination: { limit: 100 }) { documentId } }';
    for (let start = 0; start < acknowledged.length; start += 100) {
      const ids = acknowledged.slice(start, start + 100);
      const { data } = await send(second.url, document, { variables: { ids } });
      found.push(...data.posts.map((post: { documentId: string }) => post.documentId));
    }
    expect(found.sort()).toEqual(acknowledged.sort());
  });
});

// What one process may do with a directory, and several with a server's database.
if (embedded) describe('one data directory', oneDataDirectory);
else describe('one database on a server', oneDatabaseOnAServer);

function oneDataDirectory() {
  test('serves one process: a second is told so and stops, and the first goes on', async () => {
    const first = await start();
    const { code, output } = await runToEnd(place.environment);
    expect(code).toBe(1);
    expect(output).toContain(`in use by another Gatehouse (process ${first.child.pid})`);
    expect(output).toContain('DATABASE_URL');
    expect((await send(first.url, '{ posts { title } }')).data.posts).toHaveLength(10);
    expect(existsSync(join(place.dataDir, 'lock'))).toBe(true);
  });

  test('of two processes that start together one serves', async () => {
    const attempts = await Promise.allSettled([start(), start()]);
    expect(attempts.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const refused = attempts.find((attempt) => attempt.status === 'rejected');
    expect(String(refused?.reason)).toContain('in use by another Gatehouse');
  });
}

function oneDatabaseOnAServer() {
  test('is made ready once by processes that start together, and serves them all', async () => {
    await withoutDatabase();
    const servers = await Promise.all([start(), start(), start()]);
    const lists = await Promise.all(
      servers.map(({ url }) => send(url, '{ posts(pagination: { limit: -1 }) { title } }')),
    );
    for (const { data } of lists) expect(data.posts).toHaveLength(50);
    const [first, second] = servers;
    const token = await loginAt(first?.url ?? '');
    expect((await send(second?.url ?? '', '{ me { username } }', { token })).data.me).toEqual({ username: 'editor' });
  });

  test('has one signing key of processes that start together, which a command revokes for all', async () => {
    await withoutDatabase();
    const environment = {
      ...place.environment,
      TOKEN_ALGORITHM: 'ES256',
      ENCRYPTION_KEY: 'quite a good battery staple and 10 more',
    };
    const servers = await Promise.all([start(environment), start(environment), start(environment)]);
    const keysAt = async (url: string): Promise<string[]> =>
      (await (await fetch(url.replace('graphql', '.well-known/jwks.json'))).json()).keys.map(
        ({ kid }: { readonly kid: string }) => kid,
      );
    const [kid = '', ...others] = await keysAt(servers[0].url);
    expect(others).toEqual([]);
    const token = await loginAt(servers[0].url);
    const outcomes = () =>
      Promise.all(
        servers.map(async ({ url }) => {
          const { data, errors } = await send(url, '{ me { username } }', { token });
          return data?.me.username ?? errors?.[0]?.extensions.reason;
        }),
      );
    expect(await outcomes()).toEqual(['editor', 'editor', 'editor']);

    const other = { ...environment, ENCRYPTION_KEY: 'a worse horse battery staple and 11 more' };
    const refused = await runToEnd(other);
    expect(refused.output.trim()).toMatch(/^These signing keys cannot be opened with ENCRYPTION_KEY: \w+\. .+$/);
    expect(refused.code).toBe(1);
    expect(await outcomes()).toEqual(['editor', 'editor', 'editor']);

    const revoked = await runToEnd(environment, ['dist/command-line/main.js', 'keys', 'revoke', kid]);
    await wait(100); // the longest that a change may take
    expect(await outcomes(), revoked.output).toEqual(['expired', 'expired', 'expired']);
    const next = await keysAt(servers[1].url);
    expect(next).toHaveLength(1);
    expect(next).not.toContain(kid);
  });

  test('is served by a cluster on one port: one that dies is replaced, and all of them stop', async () => {
    const cluster = await startProcess({ ...place.environment, WORKERS: '3' }, ['dist/start/cluster.js']);
    running.push(cluster);
    await allAnswer(cluster, 1);
    const token = await loginAt(cluster.url);
    const ask = () => send(cluster.url, '{ me { username } }', { token });
    const answers = await Promise.all(Array.from({ length: 30 }, ask));
    expect(answers.every(({ data }) => data.me.username === 'editor')).toBe(true);
    const [victim] = childrenOf(cluster.child.pid);
    process.kill(victim ?? 0, 'SIGKILL');
    while (!cluster.output().includes('is being replaced')) await wait(50);
    await allAnswer(cluster, 2);
    expect(childrenOf(cluster.child.pid).map(youngGenerationOf)).toEqual(['4', '4', '4']);
    expect((await ask()).data.me.username).toBe('editor');
    const workers = childrenOf(cluster.child.pid);
    expect(await cluster.stop()).toEqual({ code: 0, signal: null });
    expect(workers.filter(isRunning)).toEqual([]);
  });

  test.each([
    ['SIGHUP', 'its first process', 0],
    ['SIGINT', 'all of them', 0],
    ['SIGKILL', 'its first process', 'SIGKILL'],
    ['SIGTERM', 'npm', 0],
  ] as const)('its cluster stops on %s to %s, and none of its processes stays', async (signal, receiver, ended) => {
    const environment = { ...place.environment, WORKERS: '2', PORT: String(await freePort()) };
    const way = receiver === 'npm' ? ['npm', 'run', 'start:cluster'] : [process.execPath, 'dist/start/cluster.js'];
    const cluster = launch(environment, way as [string, ...string[]]);
    const exit = once(cluster.child, 'exit');
    await until(() => cluster.output().includes('processes answer') || cluster.child.exitCode !== null);
    const leader = Number(cluster.child.pid);
    const all = [leader, ...descendantsOf(leader)];
    expect(all.length, cluster.output()).toBeGreaterThanOrEqual(3);
    process.kill(receiver === 'all of them' ? -leader : leader, signal);
    const [code, by] = await exit;
    expect(code ?? by, cluster.output()).toBe(ended);
    await expect.poll(() => all.filter(isRunning)).toEqual([]);
    expect(cluster.output()).not.toMatch(/error|fatal|is being replaced| at .*\.ts:/i);
  });

  test('its cluster sums up what its processes did', async () => {
    const port = await freePort();
    const environment = { ...place.environment, WORKERS: '2', METRICS_PORT: String(port) };
    running.push(await startProcess(environment, ['dist/start/cluster.js']));
    const [{ url }] = running as [ServerProcess];
    await allAnswer(running[0] as ServerProcess, 1);
    await Promise.all(Array.from({ length: 20 }, () => send(url, '{ __typename }')));
    await expect
      .poll(async () => (await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()).match(ANSWERED)?.[1])
      .toBe('20');
  });
}

const ANSWERED = /gatehouse_request_duration_seconds_count\{path="\/graphql",status="200"\} (\d+)/;

/** All of its processes are there, for so many times. */
async function allAnswer(cluster: ServerProcess, times: number): Promise<void> {
  await expect.poll(() => cluster.output().split('processes answer.').length - 1).toBe(times);
}

function childrenOf(pid = 0): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

if (embedded) {
  test('a cluster needs a server, and says so', async () => {
    const { code, output } = await runToEnd(place.environment, ['dist/start/cluster.js']);
    expect(code).toBe(1);
    expect(output).toContain('DATABASE_URL: an embedded database can be used by one process only');
  });
}
