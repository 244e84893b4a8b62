import { type Schemas, searchPath } from './schemas.ts';

/**
 * The session settings that this program relies on and that a database or a role can change (`ALTER DATABASE … SET`,
 * `ALTER ROLE … SET`). Each connection sets all of them, whatever it would inherit.
 *
 * Left to the database's administrator: `role` (the owner of new tables), tablespaces, `synchronous_commit` (what a crash of
 * the database can lose), memory and planner costs. They change no answer.
 */
export interface SessionSetting {
  readonly name: string;
  /** In the form of `pg_settings.setting`: milliseconds without a unit. */
  readonly value: string;
  /** Other accepted values, where the setting can only be checked. */
  readonly alsoFit?: RegExp;
  /** The first major version that has it. */
  readonly since?: number;
  /** Only a superuser can set it. For others it is only checked. */
  readonly superuser?: true;
}

/** `statementTimeout` in milliseconds; `schemas` are where the tables are. */
export function sessionSettings({
  statementTimeout,
  schemas,
}: {
  readonly statementTimeout: number;
  readonly schemas: Schemas;
}): readonly SessionSetting[] {
  return [
    // Name resolution.
    { name: 'search_path', value: searchPath(schemas) },

    // Formats of values. The driver sends dates without a time zone, which are UTC.
    { name: 'TimeZone', value: 'UTC', alsoFit: /^(Etc\/)?(UTC|GMT|Zulu|Universal)$/i },
    { name: 'DateStyle', value: 'ISO, YMD', alsoFit: /^ISO\b/i },
    { name: 'IntervalStyle', value: 'postgres' },
    { name: 'client_encoding', value: 'UTF8' },
    { name: 'bytea_output', value: 'hex' },
    { name: 'extra_float_digits', value: '1', alsoFit: /^[123]$/ }, // below 1, a number does not survive a round trip
    { name: 'lc_monetary', value: 'C', alsoFit: /^(C|POSIX)(\.|$)/ }, // an amount has one character of currency in front
    { name: 'lc_numeric', value: 'C', alsoFit: /^(C|POSIX)(\.|$)/ },
    { name: 'lc_time', value: 'C', alsoFit: /^(C|POSIX)(\.|$)/ },
    { name: 'xmlbinary', value: 'base64' },
    { name: 'xmloption', value: 'content' },
    { name: 'array_nulls', value: 'on' }, // when off, a null in a list is read as the text "null"

    // The meaning of statements.
    { name: 'standard_conforming_strings', value: 'on' },
    { name: 'backslash_quote', value: 'safe_encoding' },
    { name: 'transform_null_equals', value: 'off' },
    { name: 'quote_all_identifiers', value: 'off' },
    { name: 'row_security', value: 'on' }, // when off, a policy is an error
    { name: 'gin_fuzzy_search_limit', value: '0' }, // otherwise such an index finds only a random part of the rows
    { name: 'session_replication_role', value: 'origin', superuser: true }, // `replica`: no trigger and no foreign key

    // Isolation. After locking a row, a transaction has to read what was committed before; a snapshot would be older.
    { name: 'default_transaction_isolation', value: 'read committed' },
    { name: 'default_transaction_read_only', value: 'off' },
    { name: 'default_transaction_deferrable', value: 'off' },

    // Time limits. Waiting for a locked row counts towards the statement timeout.
    { name: 'statement_timeout', value: String(statementTimeout) },
    { name: 'lock_timeout', value: '0' },
    { name: 'idle_session_timeout', value: '0' },
    { name: 'transaction_timeout', value: '0', since: 17 },
    { name: 'idle_in_transaction_session_timeout', value: '60000' }, // a process that hangs loses its locks
    { name: 'exit_on_error', value: 'off' },

    // Cost of planning. While JIT compiles, a backend reacts neither to a timeout nor to a signal.
    { name: 'jit', value: 'off' },
    // Up to this many tables, every join order is tried. With the usual eight, a filter through 16 relations took four times as long.
    { name: 'join_collapse_limit', value: '4', alsoFit: /^[1-4]$/ },
    { name: 'from_collapse_limit', value: '4', alsoFit: /^[1-4]$/ },
    { name: 'geqo', value: 'on' },
    { name: 'geqo_threshold', value: '12' },

    // Logging. The values of statements are hashes and addresses, which do not belong in the database's log.
    { name: 'log_parameter_max_length_on_error', value: '0' },
    { name: 'client_min_messages', value: 'warning', alsoFit: /^(notice|log|error)$/ },
  ];
}

/** The settings that a connection of this server and user can make. */
export function settable(
  settings: readonly SessionSetting[],
  { version, superuser }: { readonly version: number; readonly superuser: boolean },
): readonly SessionSetting[] {
  return settings.filter(({ since = 0, superuser: only }) => version >= since && (superuser || !only));
}

/** In the format of the startup message, so that they apply before the first statement. */
export function asStartupOptions(settings: readonly Pick<SessionSetting, 'name' | 'value'>[]): string {
  return settings.map(({ name, value }) => `-c ${name}=${value.replaceAll(/[\\\s]/g, '\\$&')}`).join(' ');
}

/** As SQL statements, where the startup message cannot have them. */
export function asStatements(settings: readonly SessionSetting[], prefix = 'SET'): string[] {
  // A list of names is written without quotes; in quotes it would be one name.
  return settings.map(({ name, value }) =>
    name === 'search_path' ? `${prefix} ${name} = ${value};` : `${prefix} ${name} = '${value}';`,
  );
}

/** The settings of the embedded database: newest version, superuser, no timeouts since no statement can be cancelled. */
export function embeddedSession(schemas: Schemas): string {
  const settings = sessionSettings({ statementTimeout: 0, schemas }).map((setting) =>
    setting.name.endsWith('_timeout') ? { ...setting, value: '0' } : setting,
  );
  return asStatements(settings).join(' ');
}

/** Reads the settings of a session by name, in one statement that does not depend on the search path. */
export const READ_SETTINGS = 'SELECT name, setting FROM pg_catalog.pg_settings';

/** The settings of a session that have a wrong value. A setting that this server does not know is right. */
export function unfit(
  settings: readonly SessionSetting[],
  rows: readonly { readonly name: string; readonly setting: string }[],
): readonly (SessionSetting & { readonly actual: string })[] {
  const actual = new Map(rows.map(({ name, setting }) => [name, setting]));
  return settings.flatMap((setting) => {
    const is = actual.get(setting.name);
    if (is === undefined || plain(is) === plain(setting.value) || setting.alsoFit?.test(is)) return [];
    return [{ ...setting, actual: is }];
  });
}

/** The server returns lists with other spaces and quotes than they were set with. */
function plain(value: string): string {
  return value.replaceAll(/[\s"]/g, '').toLowerCase();
}
