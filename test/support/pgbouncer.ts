import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** A PgBouncer of a test's own, in front of a database of the test server. */
export interface PgBouncer extends AsyncDisposable {
  readonly url: string;
}

/** Where Debian puts it is on no user's path. */
const PROGRAM = ['pgbouncer', '/usr/sbin/pgbouncer'].find((path) => spawnSync(path, ['--version']).status === 0);

/** `.ci/run` installs it, and fails where it cannot. */
export const hasPgBouncer = PROGRAM !== undefined;

/** Starts one. It lets everybody in who reaches it: it listens on this machine only, and ends with the test. */
export async function startPgBouncer(
  databaseUrl: string,
  options: { readonly mode: 'transaction' | 'session'; readonly ignoresOptions?: boolean },
): Promise<PgBouncer> {
  const { hostname, port, username, password, pathname } = new URL(databaseUrl);
  const name = pathname.slice(1);
  const directory = mkdtempSync(join(tmpdir(), 'gatehouse-pgbouncer-'));
  const listenPort = await freePort();
  const file = join(directory, 'pgbouncer.ini');
  const given = (name: string, value: string) =>
    value === '' ? '' : ` ${name}='${decodeURIComponent(value).replaceAll("'", "''")}'`;
  writeFileSync(
    file,
    `[databases]
${name} = host=${hostname} port=${port || '5432'} dbname=${name}${given('user', username)}${given('password', password)}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${listenPort}
unix_socket_dir =
auth_type = any
pool_mode = ${options.mode}
default_pool_size = ${options.mode === 'transaction' ? 4 : 20}
max_client_conn = 100
${options.ignoresOptions ? 'ignore_startup_parameters = options' : ''}
`,
    { mode: 0o600 },
  );
  // It refuses to run as root, which a machine that tests is sometimes. The file holds a password: nobody else reads it.
  const asNobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined;
  if (asNobody) for (const path of [directory, file]) chownSync(path, asNobody.uid, asNobody.gid);
  const child = spawn(PROGRAM ?? '', ['-q', file], { stdio: ['ignore', 'ignore', 'pipe'], ...asNobody });
  let said = '';
  child.stderr.on('data', (data) => {
    said += data;
  });
  const ended = once(child, 'exit');
  for (let attempt = 0; !(await answers(listenPort)); attempt++) {
    if (attempt > 100 || child.exitCode !== null) throw new Error(`PgBouncer does not answer:\n${said}`);
    await wait(50);
  }
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String(listenPort);
  return {
    url: url.href,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address === 'string' || !address) throw new Error('no port');
  return address.port;
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
