// A database and a role that carry settings which are all wrong for us: what a connection inherits may not matter.
import { randomBytes } from 'node:crypto';
import { administer, ask } from './administer.ts';
import { testServerUrl } from './server-url.ts';

/** For each setting that we rely on, a value that would make us answer wrongly, write wrongly, or not at all. */
export const HOSTILE: Readonly<Record<string, string>> = {
  search_path: 'elsewhere, pg_catalog, public',
  TimeZone: 'America/St_Johns',
  DateStyle: 'German, DMY',
  IntervalStyle: 'sql_standard',
  client_encoding: 'LATIN1',
  bytea_output: 'escape',
  extra_float_digits: '-10',
  lc_monetary: 'C.UTF-8',
  lc_numeric: 'C.UTF-8',
  lc_time: 'C.UTF-8',
  xmlbinary: 'hex',
  xmloption: 'document',
  array_nulls: 'off',
  standard_conforming_strings: 'off',
  backslash_quote: 'off',
  transform_null_equals: 'on',
  quote_all_identifiers: 'on',
  row_security: 'off',
  gin_fuzzy_search_limit: '1',
  default_transaction_isolation: 'serializable',
  default_transaction_read_only: 'on',
  default_transaction_deferrable: 'on',
  // Milliseconds: enough for nothing.
  statement_timeout: '1',
  lock_timeout: '1',
  idle_session_timeout: '1',
  transaction_timeout: '1',
  idle_in_transaction_session_timeout: '1',
  exit_on_error: 'on',
  jit: 'on',
  join_collapse_limit: '50',
  from_collapse_limit: '50',
  geqo: 'off',
  geqo_threshold: '50',
  log_parameter_max_length_on_error: '100',
  client_min_messages: 'debug1',
  // Only a superuser may set it, and so only a superuser can set it back.
  session_replication_role: 'replica',
};

/** Who the tests are on such databases: nobody in particular, and not a superuser. */
export interface HostileRole {
  readonly name: string;
  readonly password: string;
}

/** The role carries one half of the settings, in every database. */
export async function createHostileRole(): Promise<HostileRole> {
  const role = { name: `gatehouse_hostile_${process.pid}`, password: randomBytes(16).toString('hex') };
  await administer(
    `DROP ROLE IF EXISTS ${role.name}`,
    `CREATE ROLE ${role.name} LOGIN PASSWORD '${role.password}'`,
    ...(await hostile(`ALTER ROLE ${role.name}`, (index) => index % 2 === 0)),
  );
  return role;
}

/** The database carries the other half. */
export async function makeHostile(database: string): Promise<void> {
  await administer(...(await hostile(`ALTER DATABASE ${database}`, (index) => index % 2 === 1)));
}

/** Other tables and functions of our names, for whoever looks there first. */
export const ELSEWHERE = `
  CREATE SCHEMA elsewhere;
  CREATE TABLE elsewhere.users (id int); CREATE TABLE elsewhere.sessions (id int); CREATE TABLE elsewhere.roles (id int);
  CREATE TABLE elsewhere.permissions (id int); CREATE TABLE elsewhere.posts (id int); CREATE TABLE elsewhere.attempts (id int);
  CREATE TABLE elsewhere.audit_head (id int); CREATE TABLE elsewhere._prisma_migrations (id int);
  CREATE FUNCTION elsewhere.lower(text) RETURNS text LANGUAGE sql AS 'SELECT ''elsewhere''';
  CREATE FUNCTION elsewhere.pg_notify(text, text) RETURNS void LANGUAGE sql AS 'SELECT NULL::void';
  GRANT USAGE ON SCHEMA elsewhere TO PUBLIC;
  GRANT ALL ON ALL TABLES IN SCHEMA elsewhere TO PUBLIC`;

async function hostile(prefix: string, half: (index: number) => boolean): Promise<string[]> {
  const known = await ask('SELECT name FROM pg_settings');
  const names = new Set(known.map(({ name }) => name));
  return Object.entries(HOSTILE)
    .filter(([name], index) => half(index) && names.has(name) && name !== 'session_replication_role')
    .map(([name, value]) => `${prefix} SET ${name} = ${name === 'search_path' ? value : `'${value}'`}`);
}

/** The URL of a database for this role. */
export function hostileUrl(database: string, { name, password }: HostileRole): string {
  const url = new URL(testServerUrl(database));
  url.username = name;
  url.password = password;
  return url.href;
}
