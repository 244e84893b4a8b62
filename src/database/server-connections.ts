import type pg from 'pg';
import { StartRefused } from '../common/start-refused.ts';
import { Connection, type ConnectionOptions } from './connection.ts';
import type { ConnectionTarget } from './connection-url.ts';
import { DatabaseUnreachable } from './failures.ts';
import { findSchemas, type Schemas } from './schemas.ts';
import {
  asStartupOptions,
  asStatements,
  READ_SETTINGS,
  type SessionSetting,
  sessionSettings,
  settable,
  unfit,
} from './session-settings.ts';

/** How to connect to a server, once it is known whether a pooler is in between. */
export interface ServerConnections {
  /**
   * `none`: the server itself. `session`: a pooler that keeps one server connection per client. `transaction`: a pooler that
   * gives each transaction another connection, so that a session has no state.
   */
  readonly pooling: 'none' | 'session' | 'transaction';
  readonly config: ConnectionOptions;
  /** Prepares a new connection for use. */
  readonly prepare: (client: pg.ClientBase) => Promise<void>;
  /** @throws DatabaseUnreachable when a prepared connection has other settings than it should. */
  readonly check: (client: pg.ClientBase) => Promise<void>;
}

/** Milliseconds to wait for a connection at start. */
const PATIENCE = 5_000;

export interface FindOptions {
  /** In milliseconds. */
  readonly statementTimeout: number;
  readonly schemas: Schemas;
  /** The variable that names the server, for errors. */
  readonly variable?: string;
}

/**
 * Finds where the tables of this database are.
 *
 * @throws DatabaseUnreachable when no usable server answers; SchemaRefused.
 */
export async function findSchemasOn(target: ConnectionTarget, wanted: string | undefined): Promise<Schemas> {
  const { schema } = target;
  const settings = sessionSettings({ statementTimeout: 0, schemas: { own: schema, content: schema } });
  try {
    const { client } = await firstConnection(target, settings);
    return await using(client, () =>
      findSchemas(async (sql, values) => (await client.query(sql, [...values])).rows, schema, wanted),
    );
  } catch (error) {
    // A driver throws nothing else.
    throw error instanceof StartRefused ? error : new DatabaseUnreachable(error as Error);
  }
}

function plainOptions(target: ConnectionTarget): ConnectionOptions {
  return {
    ...target.client,
    connectionTimeoutMillis: target.patience ?? PATIENCE,
    needsChannelBinding: target.needsChannelBinding,
  };
}

function withOptions(target: ConnectionTarget, settings: readonly SessionSetting[]): ConnectionOptions {
  return { ...plainOptions(target), options: `${asStartupOptions(settings)} ${target.options}`.trim() };
}

/** A connection with our settings where none is in the way, so that it stays open long enough; `refusal`: why it has none. */
async function firstConnection(
  target: ConnectionTarget,
  settings: readonly SessionSetting[],
): Promise<{ readonly client: Connection; readonly refusal?: unknown }> {
  // Settings that every version has and every user can change.
  const known = settable(settings, { version: 0, superuser: false });
  try {
    return { client: await connect(withOptions(target, known)) };
  } catch (refusal) {
    if (!isStartupRefused(refusal)) throw refusal;
    return { client: await connect(plainOptions(target)), refusal };
  }
}

/**
 * Finds out whether a pooler is in between.
 *
 * @throws DatabaseUnreachable when no usable server answers.
 */
export async function findServer(
  target: ConnectionTarget,
  { statementTimeout, schemas, variable }: FindOptions,
): Promise<ServerConnections> {
  const settings = sessionSettings({ statementTimeout, schemas });
  const plain = plainOptions(target);
  try {
    const { client: first, refusal } = await firstConnection(target, settings);
    const own = await using(first, async (client) => ({
      settings: settable(settings, {
        version: Number.parseInt(client.told.get('server_version') ?? '0', 10),
        superuser: client.told.get('is_superuser') === 'on',
      }),
      pooled: refusal !== undefined || (await backendOf(client)) !== client.backend,
    }));
    if (!own.pooled) {
      return {
        pooling: 'none',
        config: withOptions(target, own.settings),
        prepare: async (client) => refuseStandby(client),
        check: (client) => refuseUnfit(client, settings, UNFIT_SERVER),
      };
    }
    if (target.options !== '') throw refusal ?? new Error('its pooler takes no options from a URL: leave them out');
    const check = (client: pg.ClientBase) => refuseUnfit(client, settings, UNFIT_POOLER);
    if (await sharesConnections(plain)) {
      return {
        pooling: 'transaction',
        config: plain,
        // A setting made here would apply to the next client of that connection, too: so settings are only checked.
        prepare: async (client) => {
          refuseStandby(client);
          await check(client);
        },
        check,
      };
    }
    const statements = asStatements(own.settings).join(' ');
    return {
      pooling: 'session',
      config: plain,
      prepare: async (client) => {
        refuseStandby(client);
        await client.query(statements);
      },
      check: (client) => refuseUnfit(client, settings, UNFIT_SERVER),
    };
  } catch (error) {
    // A driver throws nothing else.
    throw error instanceof DatabaseUnreachable ? error : new DatabaseUnreachable(error as Error, variable);
  }
}

async function connect(config: ConnectionOptions): Promise<Connection> {
  const client = new Connection(config);
  client.on('error', () => {}); // the statement that fails reports it
  await client.connect();
  return client;
}

async function using<T>(client: Connection, work: (client: Connection) => Promise<T>): Promise<T> {
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** The message of a pooler, and PostgreSQL's for an unknown setting. */
function isStartupRefused(error: unknown): boolean {
  const { code, message = '' } = error as { readonly code?: string; readonly message?: string }; // of a driver's error
  return code === '08P01' || code === '0A000' || code === '42704' || /startup parameter|options/i.test(message);
}

async function backendOf(client: Connection): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_catalog.pg_backend_pid() AS pid');
  return rows[0]?.pid ?? 0;
}

/** Number of checks: by chance, a pooler can give the same connection again. */
const LOOKS = 4;

/**
 * Whether a pooler gives the server's connection to another client between two statements: the second client gets the
 * connection of the first, or the first gets another one.
 */
async function sharesConnections(config: ConnectionOptions): Promise<boolean> {
  return using(await connect(config), async (one) => {
    const before = await backendOf(one);
    return using(await connect(config), async (other) => {
      for (let look = 0; look < LOOKS; look++) {
        // It waits for the other one meanwhile, and a local setting ends with its transaction.
        await other.query('BEGIN; SET LOCAL idle_in_transaction_session_timeout = 60000');
        const others = await backendOf(other);
        const again = others === before ? undefined : await backendOf(one);
        await other.query('COMMIT');
        if (others === before || again !== before) return true;
      }
      return false;
    });
  });
}

function refuseStandby(client: pg.ClientBase): void {
  if (client instanceof Connection) client.refuseStandby();
}

const UNFIT_SERVER = 'its sessions are not fit, and only a superuser can change that. As a superuser, run:';
const UNFIT_POOLER =
  'it is behind a pooler that gives each transaction another connection, so the server itself has to make its sessions ' +
  'fit. Run this once, and have the pooler connect anew (RECONNECT):';

async function refuseUnfit(client: pg.ClientBase, settings: readonly SessionSetting[], why: string): Promise<void> {
  const found = unfit(settings, (await client.query<{ name: string; setting: string }>(READ_SETTINGS)).rows);
  if (found.length === 0) return;
  const { rows } = await client.query<{ prefix: string }>(
    `SELECT pg_catalog.format('ALTER ROLE %I IN DATABASE %I SET', CURRENT_USER, pg_catalog.current_database()) AS prefix`,
  );
  throw new DatabaseUnreachable(new Error([why, ...asStatements(found, rows[0]?.prefix)].join('\n  ')));
}
