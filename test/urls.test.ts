import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, inject, test } from 'vitest';
import { readConfig } from '../src/config/config.ts';
import { ConfigError } from '../src/config/config-error.ts';
import { readConnectionUrl } from '../src/database/connection-url.ts';
import { readSmtpUrl } from '../src/mail/smtp-url.ts';
import { openDatabase } from './blog/open-database.ts';
import { ask } from './support/administer.ts';
import { createServerDatabase } from './support/database.ts';

const directory = mkdtempSync(join(tmpdir(), 'gatehouse-urls-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const FILE = join(directory, 'a file.pem');
writeFileSync(FILE, 'a certificate');

const DATABASE = 'postgresql://me:secret@db.example:6543/blog';
const SMTP = 'smtp://me:secret@mail.example:2525';

function problemsOf(environment: Readonly<Record<string, string>>): string {
  try {
    readConfig({ DATA_DIR: directory, ...environment });
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).message;
  }
  return 'none';
}

function targetOf(url: string) {
  const read = readConnectionUrl(url);
  if ('problems' in read) throw new Error(read.problems.join('; '));
  return read.target;
}

describe('of a database, what is honoured', () => {
  const { client: base } = targetOf(DATABASE);
  test.each<[parameters: string, expected: object]>([
    ['', { client: { host: 'db.example', port: 6543, user: 'me', password: 'secret', database: 'blog' } }],
    ['?host=/var/run/postgresql&port=5433', { client: { host: '/var/run/postgresql', port: 5433 } }],
    ['?user=you&password=p%40ss&dbname=other', { client: { user: 'you', password: 'p@ss', database: 'other' } }],
    ['?schema=app', { schema: 'app' }],
    ['?connection_limit=3', { connections: 3 }],
    ['?connect_timeout=7', { patience: 7_000 }],
    ['?application_name=a%20b', { client: { application_name: 'a b' } }],
    ['?fallback_application_name=c', { client: { application_name: 'c' } }],
    ['?options=-c%20work_mem%3D5MB', { options: '-c work_mem=5MB' }],
    ['?options=endpoint%3Dep-cool-1', { options: 'endpoint=ep-cool-1' }],
    ['?pgbouncer=true', { namesStatements: false }],
    ['?statement_cache_size=0', { namesStatements: false }],
    ['?keepalives=0', { client: { keepAlive: false } }],
    ['?keepalives_idle=30', { client: { keepAlive: true, keepAliveInitialDelayMillis: 30_000 } }],
    ['?sslmode=disable', { client: { ssl: false } }],
    ['?ssl=false', { client: { ssl: false } }],
    ['?sslmode=require', { client: { ssl: { rejectUnauthorized: true } } }],
    ['?ssl=true', { client: { ssl: { rejectUnauthorized: true } } }],
    ['?sslmode=verify-full', { client: { ssl: { rejectUnauthorized: true } } }],
    [
      `?sslmode=verify-ca&sslrootcert=${encodeURIComponent(FILE)}`,
      { client: { ssl: { rejectUnauthorized: true, ca: 'a certificate', checkServerIdentity: expect.any(Function) } } },
    ],
    ['?sslmode=no-verify', { client: { ssl: { rejectUnauthorized: false } } }],
    ['?sslmode=require&sslaccept=accept_invalid_certs', { client: { ssl: { rejectUnauthorized: false } } }],
    ['?sslaccept=strict', { client: { ssl: { rejectUnauthorized: true } } }],
    [
      `?sslcert=${encodeURIComponent(FILE)}&sslkey=${encodeURIComponent(FILE)}&sslpassword=open`,
      { client: { ssl: { cert: 'a certificate', key: 'a certificate', passphrase: 'open' } } },
    ],
    [`?sslidentity=${encodeURIComponent(FILE)}`, { client: { ssl: { pfx: Buffer.from('a certificate') } } }],
    ['?sslmode=require&sslnegotiation=direct', { client: { sslnegotiation: 'direct' } }],
    ['?sslmode=require&channel_binding=require', { needsChannelBinding: true, client: { enableChannelBinding: true } }],
    ['?channel_binding=prefer', { needsChannelBinding: false, client: { enableChannelBinding: true } }],
  ])('%s', (parameters, expected) => {
    expect(targetOf(`${DATABASE}${parameters}`)).toMatchObject(expected);
  });

  test('and nothing else is', () => {
    expect(Object.keys(base).sort()).toEqual(
      ['application_name', 'database', 'enableChannelBinding', 'host', 'keepAlive', 'password', 'port', 'user'].sort(),
    );
  });
});

describe('what is not honoured is refused by name', () => {
  test.each<[variable: string, parameters: string, problem: string]>([
    ['DATABASE_URL', '?pool_timeout=10', 'pool_timeout is not supported: use connect_timeout'],
    ['DATABASE_URL', '?socket_timeout=10', 'socket_timeout is not supported: set STATEMENT_TIMEOUT'],
    ['DATABASE_URL', '?statement_timeout=1', 'statement_timeout is not supported: set STATEMENT_TIMEOUT'],
    [
      'DATABASE_URL',
      '?max=5&idleTimeoutMillis=1',
      'max is not supported: use connection_limit; idleTimeoutMillis is not',
    ],
    ['DATABASE_URL', '?sslmode=prefer', 'sslmode can only be disable, require, verify-ca, verify-full or no-verify'],
    ['DATABASE_URL', '?sslmode=allow', 'sslmode can only be'],
    ['DATABASE_URL', '?sslmode=verify-ca', 'sslmode=verify-ca needs sslrootcert'],
    ['DATABASE_URL', '?sslmode=require&ssl=true', 'sslmode and ssl say the same thing'],
    ['DATABASE_URL', '?sslmode=verify-full&sslaccept=accept_invalid_certs', 'contradict each other'],
    ['DATABASE_URL', '?sslmode=disable&sslaccept=strict', 'sslaccept needs sslmode=require'],
    ['DATABASE_URL', '?sslcert=/etc/hostname', 'sslcert and sslkey go together'],
    ['DATABASE_URL', '?sslrootcert=/not/there', 'sslrootcert names a file that cannot be read (ENOENT)'],
    ['DATABASE_URL', '?channel_binding=require', 'channel_binding=require needs sslmode=require'],
    ['DATABASE_URL', '?uselibpqcompat=true', 'uselibpqcompat is not supported: use sslmode'],
    ['DATABASE_URL', '?target_session_attrs=any', 'target_session_attrs can only be read-write or primary'],
    ['DATABASE_URL', '?client_encoding=latin1', 'client_encoding can only be UTF8'],
    ['DATABASE_URL', '?statement_cache_size=100', 'statement_cache_size can only be 0'],
    ['DATABASE_URL', '?options=-c%20DateStyle%3DGerman', 'options cannot set datestyle: Gatehouse sets it itself'],
    ['DATABASE_URL', '?options=-c%20search_path%3Dapp', 'options cannot set search_path: use schema'],
    ['DATABASE_URL', '?options=fast', 'options expected -c name=value'],
    ['DATABASE_URL', '?schema=a,b', 'schema expected the name of one schema'],
    ['DATABASE_URL', '?schema=a&schema=b', 'schema is there twice'],
    ['DATABASE_URL', '?connection_limit=0', 'connection_limit expected a whole number'],
    ['DATABASE_URL', '?connect_timeout=soon', 'connect_timeout expected a whole number of seconds'],
    ['DATABASE_URL', '?host=a,b', 'expected one host'],
    ['DATABASE_LISTEN_URL', '?connection_limit=2', 'connection_limit belongs to DATABASE_URL'],
    ['DATABASE_LISTEN_URL', '?schema=other', 'expected the schema of DATABASE_URL'],
    ['SMTP_URL', '?secure=true', 'secure is not supported: write smtps://'],
    ['SMTP_URL', '?logger=true&debug=true', 'logger is not supported: it would log the password; debug is not'],
    ['SMTP_URL', '?connectionTimeout=1', 'connectionTimeout is not supported'],
    ['SMTP_URL', '?tls.rejectUnauthorized=no', 'tls.rejectUnauthorized expected true or false'],
    ['SMTP_URL', '?tls.ciphers=NULL', 'tls.ciphers is not supported'],
    ['SMTP_URL', '?maxConnections=2', 'maxConnections and maxMessages need pool=true'],
    ['SMTP_URL', '?requireTLS=true&ignoreTLS=true', 'ignoreTLS contradicts'],
    ['SMTP_URL', '/inbox', 'expected nothing after the port'],
  ])('%s: %s', (variable, parameters, problem) => {
    const url = `${variable === 'SMTP_URL' ? SMTP : DATABASE}${parameters}`;
    const message = problemsOf({
      ...(variable === 'DATABASE_LISTEN_URL' && { DATABASE_URL: DATABASE }),
      [variable]: url,
    });
    expect(message).toContain(`${variable}: `);
    expect(message).toContain(problem);
    expect(message).not.toContain('secret');
  });

  test('several hosts, and a URL to listen at that goes with nothing', () => {
    expect(problemsOf({ DATABASE_URL: 'postgresql://me:secret@a:1,b:2/blog' })).toContain('expected one host');
    expect(problemsOf({ DATABASE_LISTEN_URL: DATABASE })).toContain('DATABASE_URL: expected a URL, since');
  });

  // The names of Prisma, libpq, node-postgres and nodemailer, with a value that each of them takes.
  test.each<[read: typeof readConnectionUrl | typeof readSmtpUrl, base: string, parameters: string]>([
    [
      readConnectionUrl,
      DATABASE,
      'schema=a connection_limit=3 pool_timeout=3 connect_timeout=3 socket_timeout=3 sslmode=require sslcert=x sslidentity=x ' +
        'sslpassword=x sslaccept=strict pgbouncer=true statement_cache_size=9 max_connection_lifetime=3 ' +
        'max_idle_connection_lifetime=3 application_name=a options=x channel_binding=require hostaddr=127.0.0.2 passfile=x ' +
        'require_auth=md5 fallback_application_name=a keepalives=0 keepalives_idle=3 keepalives_interval=3 keepalives_count=3 ' +
        'tcp_user_timeout=3 replication=database gssencmode=prefer sslcompression=1 sslcertmode=allow sslrootcert=x sslcrl=x ' +
        'sslcrldir=x sslsni=0 requirepeer=x ssl_min_protocol_version=TLSv1.3 ssl_max_protocol_version=TLSv1.3 krbsrvname=x ' +
        'gsslib=x gssdelegation=1 service=x target_session_attrs=any load_balance_hosts=random min_protocol_version=3.2 ' +
        'sslkey=x sslkeylogfile=x ssl=true ssl=no-verify uselibpqcompat=true statement_timeout=3 query_timeout=3 lock_timeout=3 ' +
        'idle_in_transaction_session_timeout=3 client_encoding=latin1 max=3 min=3 idleTimeoutMillis=3 connectionTimeoutMillis=3 ' +
        'allowExitOnIdle=true maxUses=3 maxLifetimeSeconds=3 keepAlive=true keepAliveInitialDelayMillis=3 binary=true ' +
        'encoding=latin1 db=other database=other host=other user=other password=other dbname=other port=1 binary_parameters=yes ' +
        'prepared_statements=false search_path=a supa=base-pooler.x workaround=x',
    ],
    [
      readSmtpUrl,
      SMTP,
      'name=a pool=true maxConnections=3 maxMessages=3 rateLimit=3 rateDelta=3 secure=true requireTLS=true ignoreTLS=true ' +
        'opportunisticTLS=true authMethod=LOGIN connectionTimeout=3 greetingTimeout=3 socketTimeout=3 dnsTimeout=3 logger=true ' +
        'debug=true transactionLog=true proxy=x localAddress=127.0.0.2 lmtp=true service=gmail forceAuth=true from=a ' +
        'disableFileAccess=true disableUrlAccess=true tls.rejectUnauthorized=false tls.servername=a tls.minVersion=TLSv1.3 ' +
        'tls.maxVersion=TLSv1.2 tls.ciphers=x tls.ca=x auth.type=oauth2 dkim.keySelector=x host=other port=1 user=x pass=x',
    ],
  ])('%o: no parameter is ignored', (read, base, parameters) => {
    const plain = read(base);
    for (const parameter of parameters.split(' ')) {
      const result = read(`${base}?${parameter}`);
      const [name = ''] = parameter.split('=');
      if ('problems' in result) expect(result.problems.join(), parameter).toContain(name);
      else expect(result, parameter).not.toEqual(plain);
    }
  });
});

describe('a password is never shown, not in part either', () => {
  const PASSWORD = /hunter|4711|swordfish/;
  test.each(['/', '?', '#', '@', '%', ':', '[', ']', '\\', ' ', '%zz', '%ff', '?a=', '/@', '#@', '&', '|', '^', '"'])(
    'with %s in it as it is',
    (between) => {
      for (const start of ['hunter', '4711', '']) {
        for (const [variable, rest] of [
          ['DATABASE_URL', '@db.example:5432/blog?sslmode=prefer'],
          ['DATABASE_URL', '@db.example/blog?unheard_of=1'],
          ['SMTP_URL', '@mail.example:465?unheardOf=1'],
        ] as const) {
          const scheme = variable === 'SMTP_URL' ? 'smtp' : 'postgresql';
          const message = problemsOf({ [variable]: `${scheme}://me:${start}${between}swordfish${rest}` });
          expect(message).toContain(`${variable}: `);
          expect(message).not.toMatch(PASSWORD);
        }
      }
    },
  );

  test('and whatever is accepted goes to the host that was meant', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme-ascii' }), (password) => {
        for (const [read, url] of [
          [readConnectionUrl, `postgresql://me:${password}@db.example/blog`],
          [readSmtpUrl, `smtp://me:${password}@db.example`],
        ] as const) {
          const result = read(url);
          if ('problems' in result) {
            const pieces = password.split(/\W/).filter((piece) => piece.length > 4);
            for (const piece of pieces) expect(result.problems.join()).not.toContain(piece);
          } else {
            const host = 'target' in result ? result.target.client.host : result.server.host;
            expect(host).toBe('db.example');
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  test('every problem of every variable is told at once', () => {
    const message = problemsOf({
      DATABASE_URL: 'postgresql://me:hunter#4711@db.example/blog',
      DATABASE_LISTEN_URL: 'postgresql://me:swordfish@db.example/blog?sslmode=prefer&max=3',
      SMTP_URL: 'smtp://me:swordfish@mail.example?debug=true',
      PORT: 'x',
      DATABASE_STATEMENTS: 'often',
    });
    for (const part of [
      'DATABASE_URL: in a user or a password, write',
      'sslmode can only',
      'max is not',
      'debug is',
      'PORT: ',
    ]) {
      expect(message).toContain(part);
    }
    expect(message).toContain('DATABASE_STATEMENTS: expected named or unnamed');
    expect(message).not.toMatch(PASSWORD);
  });
});

if (inject('databaseKind') === 'server')
  describe('on a server', () => {
    test('what the URL says is so', async () => {
      await using place = await createPlace();
      const url = `${place.url}?schema=My%20App&application_name=a%20name&connection_limit=2&options=-c%20work_mem%3D5MB`;
      const opened = await openDatabase({ kind: 'server', url });
      try {
        // Prisma's statements and those of our own, migrations and functions: all mean the one schema.
        await opened.prisma.role.create({ data: { name: 'Only', type: 'only' } });
        expect(await opened.query('SELECT "name" FROM "roles"', [])).toEqual([{ name: 'Only' }]);
        expect(
          await opened.query(
            `SELECT current_setting('application_name') AS "name", current_setting('work_mem') AS "memory",
          (SELECT count(*)::int FROM pg_tables WHERE schemaname = 'public') AS "public"`,
            [],
          ),
        ).toEqual([{ name: 'a name', memory: '5MB', public: 0 }]);
        await Promise.all(Array.from({ length: 6 }, () => opened.query('SELECT pg_sleep(0.01)', [])));
        const [connections] = await ask(
          `SELECT count(*)::int AS "open" FROM pg_stat_activity WHERE application_name = 'a name' AND datname = '${place.name}'`,
        );
        expect(connections).toEqual({ open: 2 });
      } finally {
        await opened.close();
      }
    });

    test('a connection that is to be encrypted is, or there is none', async () => {
      await using place = await createPlace();
      const [row] = await ask('SHOW ssl');
      const opening = openDatabase({ kind: 'server', url: `${place.url}?sslmode=no-verify&connection_limit=1` });
      if (row?.['ssl'] === 'off') {
        await expect(opening).rejects.toThrow('cannot be used: The server does not support SSL connections');
        return;
      }
      const opened = await opening;
      const rows = await opened.query('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()', []);
      await opened.close();
      expect(rows).toEqual([{ ssl: true }]);
    });

    test('who asks for channel binding sends no password where there is none', async () => {
      await using place = await createPlace();
      const url = `${place.url}?sslmode=no-verify&channel_binding=require`;
      // The test server either has no TLS, or trusts us without SCRAM: in neither case is the server proven.
      const [{ method } = {}] = await ask(`SELECT current_setting('ssl') AS "method"`);
      const failure = await openDatabase({ kind: 'server', url }).then(
        (opened) => opened.close().then(() => 'opened'),
        (error: Error) => error.message,
      );
      if (method === 'off') expect(failure).toContain('does not support SSL');
      else if (new URL(place.url).password === '') expect(failure).toContain('channel_binding=require');
    });
  });

async function createPlace(): Promise<AsyncDisposable & { readonly url: string; readonly name: string }> {
  const { url, drop } = await createServerDatabase();
  return { url, name: new URL(url).pathname.slice(1), [Symbol.asyncDispose]: drop };
}
