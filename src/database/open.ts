import type { PrismaClient } from '../generated/prisma/client.ts';
import type { CaseFolding } from './case-folding.ts';
import type { ConnectionShares } from './connection-shares.ts';
import type { Models } from './models.ts';
import type { ChangeFeed } from './notifications/changes.ts';
import type { Schemas } from './schemas.ts';

/** Which PostgreSQL to open: one embedded in this process, on a directory or in memory, or a server. */
export type DatabaseLocation =
  | { readonly kind: 'embedded'; readonly directory: string; readonly ownSchema?: string | undefined }
  | { readonly kind: 'memory'; readonly dump?: Blob; readonly ownSchema?: string | undefined }
  /** `statementTimeout` is in milliseconds. */
  | {
      readonly kind: 'server';
      readonly url: string;
      /** Where to listen for notifications, where `url` is a pooler that does not bring them. */
      readonly listenUrl?: string | undefined;
      /** Where Gatehouse's own tables are to be in a new database. Default: `gatehouse`. The content's are in the schema of `url`. */
      readonly ownSchema?: string | undefined;
      readonly connections?: number;
      readonly statementTimeout?: number;
      /** Whether prepared statements are named; undefined: where the server or pooler supports it. */
      readonly statements?: 'named' | 'unnamed' | undefined;
    };

export interface Database {
  readonly kind: 'embedded' | 'server';
  readonly prisma: PrismaClient;
  /** What the client was made of, with the schemas of this database. */
  readonly models: Models;
  readonly schemas: Schemas;
  /** Runs one SQL statement outside of any transaction and returns its rows. */
  readonly query: Query;
  /** The share of the connections that each operation can hold. */
  readonly shares: Pick<ConnectionShares, 'within' | 'apart'>;
  /** Number of statements sent on all connections so far; undefined for the embedded database. */
  readonly statements: (() => number) | undefined;
  /** Notifications of changes of users, roles, API tokens and settings. */
  readonly changes: ChangeFeed;
  /** Writes an SQL expression of type text so that texts that differ only in case are equal, as far as this database can. */
  readonly foldCase: CaseFolding;
  /** Ends every connection and releases the directory. */
  close(): Promise<void>;
}

/** Runs SQL with the placeholders `$1`, `$2`, … for its values. What it selects is the caller's word: nothing checks it. */
export type Query = <Selected extends object = Record<string, unknown>>(
  sql: string,
  values: readonly unknown[],
) => Promise<Selected[]>;

export interface OpenOptions {
  /** Called with each SQL statement before it runs. Tests and the bench count with it. */
  readonly onStatement?: (sql: string) => void;
}

/**
 * Opens the database, applies its migrations and creates the client of these models.
 *
 * @throws DirectoryInUse when another process has the embedded database open; DatabaseUnreachable when no server answers.
 */
export async function openDatabase(
  location: DatabaseLocation,
  models: Models,
  options: OpenOptions = {},
): Promise<Database> {
  // Loads only the one that is needed.
  if (location.kind === 'server') return (await import('./open-server.ts')).openServer(location, models, options);
  return (await import('./open-embedded.ts')).openEmbedded(location, models, options);
}
