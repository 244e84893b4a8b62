/**
 * What of a session PostgreSQL lets a database and a role set (`ALTER DATABASE … SET`, `ALTER ROLE … SET`), and this
 * program relies on. Each connection sets all of it: what it would inherit says nothing about this program.
 *
 * Left to whoever runs the database: `role` (who owns what is made), where tables are kept (`default_tablespace` and the
 * like), `synchronous_commit` (what a crash of the database may cost), memory and the planner's prices. They change no
 * answer.
 */
export interface SessionSetting {
  readonly name: string;
  /** As `pg_settings.setting` has it: milliseconds without a unit. */
  readonly value: string;
  /** Other values that are as good, where the value is only looked at. */
  readonly alsoFit?: RegExp;
  /** The first major version that has it. */
  readonly since?: number;
  /** Only a superuser may set it: everybody else can only look. */
  readonly superuser?: true;
}

/** `statementTimeout` in milliseconds; `schema` is where our tables are. */
export function sessionSettings({
  statementTimeout,
  schema,
}: {
  readonly statementTimeout: number;
  readonly schema: string;
}): readonly SessionSetting[] {
  return [
    // Whose tables and functions are meant. Without `pg_temp` at the end, a temporary table would come first.
    { name: 'search_path', value: `${quoteIdentifier(schema)}, pg_temp` },

    // How values are written and read. The driver's dates are written without a zone, and read as if they were of UTC.
    { name: 'TimeZone', value: 'UTC', alsoFit: /^(Etc\/)?(UTC|GMT|Zulu|Universal)$/i },
    { name: 'DateStyle', value: 'ISO, YMD', alsoFit: /^ISO\b/i },
    { name: 'IntervalStyle', value: 'postgres' },
    { name: 'client_encoding', value: 'UTF8' },
    { name: 'bytea_output', value: 'hex' },
    { name: 'extra_float_digits', value: '1', alsoFit: /^[123]$/ }, // below 1 a number that is read is not the one that was written
    { name: 'lc_monetary', value: 'C', alsoFit: /^(C|POSIX)(\.|$)/ }, // an amount is read after one character of currency
    { name: 'lc_numeric', value: 'C', alsoFit: /^(C|POSIX)(\.|$)/ },
    { name: 'lc_time', value: 'C', alsoFit: /^(C|POSIX)(\.|$)/ },
    { name: 'xmlbinary', value: 'base64' },
    { name: 'xmloption', value: 'content' },
    { name: 'array_nulls', value: 'on' }, // off, a null in a list is the word

    // What a statement means.
    { name: 'standard_conforming_strings', value: 'on' },
    { name: 'backslash_quote', value: 'safe_encoding' },
    { name: 'transform_null_equals', value: 'off' },
    { name: 'quote_all_identifiers', value: 'off' },
    { name: 'row_security', value: 'on' }, // off, a policy is an error
    { name: 'gin_fuzzy_search_limit', value: '0' }, // else a list that an index of this kind finds is a random part of it
    { name: 'session_replication_role', value: 'origin', superuser: true }, // `replica`: no trigger and no foreign key

    // What a transaction is. What locks a row reads what was committed before; a snapshot would be from before the lock.
    { name: 'default_transaction_isolation', value: 'read committed' },
    { name: 'default_transaction_read_only', value: 'off' },
    { name: 'default_transaction_deferrable', value: 'off' },

    // How long it may take. A row is waited for as long as a statement may take, and no longer.
    { name: 'statement_timeout', value: String(statementTimeout) },
    { name: 'lock_timeout', value: '0' },
    { name: 'idle_session_timeout', value: '0' },
    { name: 'transaction_timeout', value: '0', since: 17 },
    { name: 'idle_in_transaction_session_timeout', value: '60000' }, // a process that hangs does not keep its locks
    { name: 'exit_on_error', value: 'off' },

    // What planning a document may cost. While jit compiles, a backend hears neither a timeout nor a signal.
    { name: 'jit', value: 'off' },
    // Of so many tables every order is tried: with eight, as is usual, a filter through 16 relations took four times as long.
    { name: 'join_collapse_limit', value: '4', alsoFit: /^[1-4]$/ },
    { name: 'from_collapse_limit', value: '4', alsoFit: /^[1-4]$/ },
    { name: 'geqo', value: 'on' },
    { name: 'geqo_threshold', value: '12' },

    // Who is told what. The values of a statement are hashes and addresses: they do not belong into the server's log.
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

/** As the startup message takes them, so that they hold before the first statement. */
export function asStartupOptions(settings: readonly Pick<SessionSetting, 'name' | 'value'>[]): string {
  return settings.map(({ name, value }) => `-c ${name}=${value.replaceAll(/[\\\s]/g, '\\$&')}`).join(' ');
}

/** As statements of a session, where the startup message may not have them. */
export function asStatements(settings: readonly SessionSetting[], prefix = 'SET'): string[] {
  // A list of names is written as one; in quotes it would be one name.
  return settings.map(({ name, value }) =>
    name === 'search_path' ? `${prefix} ${name} = ${value};` : `${prefix} ${name} = '${value}';`,
  );
}

/** What a session of the embedded database sets: the newest version, a superuser, and nothing that could end a statement. */
export const EMBEDDED_SESSION = asStatements(
  sessionSettings({ statementTimeout: 0, schema: 'public' }).map((setting) =>
    setting.name.endsWith('_timeout') ? { ...setting, value: '0' } : setting,
  ),
).join(' ');

/** Reads what a session has, by name. One statement, which looks nothing up in a path that may not be ours. */
export const READ_SETTINGS = 'SELECT name, setting FROM pg_catalog.pg_settings';

/** The settings that a session does not have as they should be. One that this server does not know is as it should be. */
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

/** Lists are written back with other blanks and quotes than they were set with. */
function plain(value: string): string {
  return value.replaceAll(/[\s"]/g, '').toLowerCase();
}

function quoteIdentifier(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
