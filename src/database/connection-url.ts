import { readFileSync } from 'node:fs';
import type pg from 'pg';
import { readUrl, type UrlProblem } from '../common/url.ts';
import { sessionSettings } from './session-settings.ts';

/** A database URL as options of the driver. */
export interface ConnectionTarget {
  readonly client: pg.ClientConfig;
  /** The schema that holds the content types' tables. */
  readonly schema: string;
  /** Maximum number of connections, and milliseconds to wait for one, where the URL sets them. */
  readonly connections: number | undefined;
  readonly patience: number | undefined;
  /** Session settings of the URL, as the startup message takes them. */
  readonly options: string;
  /** False where the URL turns named statements off. */
  readonly namesStatements: boolean;
  /** Whether a server is refused that cannot prove that it is the other end of this TLS connection. */
  readonly needsChannelBinding: boolean;
}

/**
 * Reads a URL with the parameters of Prisma, libpq and node-postgres. Each parameter is supported or reported as a problem:
 * none is ignored. No problem repeats a value.
 */
export function readConnectionUrl(
  text: string,
  { pool = true }: { readonly pool?: boolean } = {},
): { readonly target: ConnectionTarget } | { readonly problems: readonly UrlProblem[] } {
  const url = readUrl(text, ['postgresql:', 'postgres:']);
  if ('problems' in url) return url;
  const problems: UrlProblem[] = [];
  const given = new Map<string, string>();
  for (const [name, value] of url.parameters) {
    const rule = KNOWN[name];
    const problem = given.has(name)
      ? 'is there twice'
      : !pool && OF_POOL.includes(name)
        ? 'belongs to DATABASE_URL'
        : rule
          ? checked(rule, value)
          : refused(name);
    if (problem) problems.push(`${shown(name)} ${problem}`);
    given.set(name, value);
  }
  if (problems.length > 0) return { problems };

  const host = given.get('host') ?? url.host;
  if (host.includes(',')) return { problems: ['expected one host: put what finds the primary in front of several'] };
  const tls = tlsOf(given, host);
  if (Array.isArray(tls)) return { problems: tls };
  const database = given.get('dbname') ?? url.path;
  const user = given.get('user') ?? url.user;
  const password = given.get('password') ?? url.password;
  const keepAlive = given.get('keepalives') !== '0';
  const binding = given.get('channel_binding');
  const port = given.get('port') ?? url.port;
  const applicationName = given.get('application_name') ?? given.get('fallback_application_name');
  const patience = given.get('connect_timeout');
  const connections = given.get('connection_limit');
  if (binding === 'require' && !tls.ssl) return { problems: ['channel_binding=require needs sslmode=require as well'] };
  return {
    target: {
      client: {
        ...(host !== '' && { host }),
        ...(port !== '' && { port: Number(port) }),
        ...(user !== '' && { user }),
        ...(password !== '' && { password }),
        ...(database !== '' && { database }),
        ...tls,
        application_name: applicationName ?? 'gatehouse',
        keepAlive,
        ...(given.has('keepalives_idle') && {
          keepAliveInitialDelayMillis: Number(given.get('keepalives_idle')) * 1_000,
        }),
        enableChannelBinding: binding === 'prefer' || binding === 'require',
      },
      schema: given.get('schema') ?? 'public',
      connections: connections === undefined ? undefined : Number(connections),
      patience: patience === undefined ? undefined : Number(patience) * 1_000,
      options: given.get('options') ?? '',
      namesStatements: given.get('pgbouncer') !== 'true' && given.get('statement_cache_size') !== '0',
      needsChannelBinding: binding === 'require',
    },
  };
}

/** The allowed values of a parameter: a list, or a pattern with a description. */
type Rule =
  | readonly string[]
  | { readonly form: RegExp; readonly expected: string }
  | ((value: string) => string | undefined);

const wholeNumber = (expected: string): Rule => ({ form: /^[1-9]\d{0,3}$/, expected });
const file: Rule = (value) => {
  try {
    readFileSync(value);
    return undefined;
  } catch (error) {
    // An error of Node has one.
    return `names a file that cannot be read (${(error as NodeJS.ErrnoException).code ?? 'no path'})`;
  }
};

/** The supported parameters. */
const KNOWN: Readonly<Record<string, Rule>> = {
  host: { form: /./, expected: 'expected a host, or the directory of a socket' },
  port: { form: /^\d{1,5}$/, expected: 'expected a number' },
  user: { form: /./, expected: 'expected a name' },
  password: { form: /./, expected: 'expected a password' },
  dbname: { form: /./, expected: 'expected a name' },
  schema: { form: /^[^,"\0]{1,63}$/, expected: 'expected the name of one schema' },
  connection_limit: wholeNumber('expected a whole number of connections from 1'),
  connect_timeout: wholeNumber('expected a whole number of seconds from 1'),
  application_name: { form: /^[\x20-\x7e]{1,63}$/, expected: 'expected at most 63 characters of ASCII' },
  fallback_application_name: { form: /^[\x20-\x7e]{1,63}$/, expected: 'expected at most 63 characters of ASCII' },
  options: optionsProblem,
  pgbouncer: ['true', 'false'],
  statement_cache_size: { form: /^0$/, expected: 'can only be 0 (statements are then unnamed)' },
  client_encoding: { form: /^(utf-?8|unicode)$/i, expected: 'can only be UTF8' },
  keepalives: ['0', '1'],
  keepalives_idle: wholeNumber('expected a whole number of seconds from 1'),
  target_session_attrs: ['read-write', 'primary'],
  channel_binding: ['disable', 'prefer', 'require'],
  gssencmode: ['disable'],
  sslmode: ['disable', 'require', 'verify-ca', 'verify-full', 'no-verify'],
  ssl: ['true', '1', 'false', '0', 'no-verify'],
  sslaccept: ['strict', 'accept_invalid_certs'],
  sslnegotiation: ['postgres', 'direct'],
  sslrootcert: (value) => (value === 'system' ? undefined : checked(file, value)),
  sslcert: file,
  sslkey: file,
  sslidentity: file,
  sslpassword: { form: /./, expected: 'expected a password' },
};

/** Parameters that have no meaning for a connection that only listens. */
const OF_POOL = ['connection_limit', 'pgbouncer', 'statement_cache_size'];

/** Parameters that people know from other programs, and what to use instead. */
const INSTEAD: Readonly<Record<string, string>> = {
  pool_timeout: 'use connect_timeout, which says how long a request waits for a connection',
  socket_timeout: 'set STATEMENT_TIMEOUT',
  statement_timeout: 'set STATEMENT_TIMEOUT',
  query_timeout: 'set STATEMENT_TIMEOUT',
  lock_timeout: 'set STATEMENT_TIMEOUT, which bounds waiting for locks too',
  uselibpqcompat: 'use sslmode=no-verify, verify-ca or verify-full',
  max: 'use connection_limit',
  database: 'use dbname, or the path of the URL',
  search_path: 'use schema',
};

function refused(name: string): string {
  return `is not supported${INSTEAD[name] ? `: ${INSTEAD[name]}` : ''}`;
}

function checked(rule: Rule, value: string): string | undefined {
  if (typeof rule === 'function') return rule(value);
  if ('form' in rule) return rule.form.test(value) ? undefined : rule.expected;
  if (rule.includes(value)) return undefined;
  return rule.length === 1 ? `can only be ${rule[0]}` : `can only be ${rule.slice(0, -1).join(', ')} or ${rule.at(-1)}`;
}

/** Only a word is repeated as a name: anything else can be a part of a password with an unescaped character. */
function shown(name: string): string {
  return /^[a-z_][a-z_.-]{0,40}$/i.test(name) ? name : 'a parameter';
}

const OURS = new Set(
  sessionSettings({ statementTimeout: 0, schemas: { own: '', content: '' } }).map(({ name }) => name.toLowerCase()),
);

/** `-c name=value`, any number of times, and the `endpoint=…` and `project=…` of Neon. */
function optionsProblem(options: string): string | undefined {
  const expected = 'expected -c name=value, with a backslash before each blank of a value';
  const words = options.match(/(?:\\.|[^\s\\])+/g) ?? [];
  for (let index = 0; index < words.length; index++) {
    let word = words[index] ?? '';
    if (/^(endpoint|project)=[\w-]+$/.test(word)) continue;
    if (word === '-c') word = words[++index] ?? '';
    else if (/^(-c|--)./.test(word)) word = word.slice(2);
    else return expected;
    const [, name] = /^([\w.-]+)=/.exec(word) ?? [];
    if (name === undefined) return expected;
    const key = name.replaceAll('-', '_').toLowerCase();
    if (OURS.has(key)) return `cannot set ${key}: ${INSTEAD[key] ?? 'Gatehouse sets it itself'}`;
  }
  return undefined;
}

/** Uses and verifies TLS exactly as the URL says. There is no fallback to a connection without TLS. */
function tlsOf(given: ReadonlyMap<string, string>, host: string): pg.ClientConfig | UrlProblem[] {
  const ssl = given.get('ssl');
  const mode =
    given.get('sslmode') ??
    (ssl === undefined ? undefined : ssl === 'no-verify' ? ssl : ['true', '1'].includes(ssl) ? 'require' : 'disable');
  if (ssl !== undefined && given.has('sslmode')) return ['sslmode and ssl say the same thing: leave ssl out'];
  const details = [
    'sslaccept',
    'sslnegotiation',
    'sslrootcert',
    'sslcert',
    'sslkey',
    'sslidentity',
    'sslpassword',
  ].filter((name) => given.has(name));
  if (mode === 'disable') return details.length > 0 ? [`${details[0]} needs sslmode=require`] : { ssl: false };
  if (mode === undefined && details.length === 0) return {};
  if (host.startsWith('/')) return ['expected no TLS on a socket of this machine: leave sslmode out'];
  if (given.has('sslcert') !== given.has('sslkey')) {
    return ["sslcert and sslkey go together (the certificate of the server's authority is sslrootcert)"];
  }
  if (given.has('sslidentity') && given.has('sslkey')) return ['sslidentity and sslkey are two ways to say one thing'];
  const unverified = mode === 'no-verify' || given.get('sslaccept') === 'accept_invalid_certs';
  if (unverified && (mode?.startsWith('verify') || given.has('sslrootcert'))) {
    return ['sslmode, sslaccept and sslrootcert contradict each other: is the certificate to be checked, or not?'];
  }
  if (mode === 'verify-ca' && (given.get('sslrootcert') ?? 'system') === 'system') {
    return ['sslmode=verify-ca needs sslrootcert: with public authorities anybody has a certificate'];
  }
  const read = (name: string) => {
    const path = given.get(name);
    return path === undefined || path === 'system' ? undefined : readFileSync(path);
  };
  const ca = read('sslrootcert')?.toString();
  const cert = read('sslcert')?.toString();
  const key = read('sslkey')?.toString();
  const pfx = read('sslidentity');
  const passphrase = given.get('sslpassword');
  return {
    ssl: {
      rejectUnauthorized: !unverified,
      ...(ca && { ca }),
      ...(cert && { cert }),
      ...(key && { key }),
      ...(pfx && { pfx }),
      ...(passphrase && { passphrase }),
      ...(mode === 'verify-ca' && { checkServerIdentity: () => undefined }),
    },
    ...(given.get('sslnegotiation') === 'direct' && { sslnegotiation: 'direct' as const }),
  };
}
