import type pg from 'pg';
import { Connection, type ConnectionOptions } from './connection.ts';
import type { ConnectionTarget } from './connection-url.ts';
import { DatabaseUnreachable } from './failures.ts';
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

/**
 * Finds out whether a pooler is in between.
 *
 * @throws DatabaseUnreachable when no usable server answers.
 */
export async function findServer(
  target: ConnectionTarget,
  { statementTimeout, variable }: { readonly statementTimeout: number; readonly variable?: string },
): Promise<ServerConnections> {
  const settings = sessionSettings({ statementTimeout, schema: target.schema });
  const plain: ConnectionOptions = {
    ...target.client,
    connectionTimeoutMillis: target.patience ?? PATIENCE,
    needsChannelBinding: target.needsChannelBinding,
  };
  const withOptions = (some: readonly SessionSetting[]): ConnectionOptions => ({
    ...plain,
    options: `${asStartupOptions(some)} ${target.options}`.trim(),
  });
  try {
    // A setting that every version has and every user can change, so that the first connection stays open long enough.
    const known = settable(settings, { version: 0, superuser: false });
    let refusal: unknown;
    const first = await connect(withOptions(known)).catch((error: unknown) => {
      if (!isStartupRefused(error)) throw error;
      refusal = error;
      return undefined;
    });
    const met = first ?? (await connect(plain));
    const own = await using(met, async (client) => ({
      settings: settable(settings, {
        version: Number.parseInt(client.told.get('server_version') ?? '0', 10),
        superuser: client.told.get('is_superuser') === 'on',
      }),
      pooled: !first || (await backendOf(client)) !== client.backend,
    }));
    if (!own.pooled) {
      return {
        pooling: 'none',
        config: withOptions(own.settings),
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
