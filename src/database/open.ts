import type { PrismaClient } from '../generated/prisma/client.ts';
import type { CaseFolding } from './case-folding.ts';
import type { Shares } from './connection-shares.ts';
import type { ChangeFeed } from './notifications/changes.ts';

/** Which PostgreSQL: one embedded in this process, on a directory or in memory, or a server. */
export type DatabaseLocation =
  | { readonly kind: 'embedded'; readonly directory: string }
  | { readonly kind: 'memory'; readonly dump?: Blob }
  /** `statementTimeout` is in milliseconds. */
  | {
      readonly kind: 'server';
      readonly url: string;
      /** Where to listen for changes, where `url` is a pooler that cannot. */
      readonly listenUrl?: string | undefined;
      readonly connections?: number;
      readonly statementTimeout?: number;
      /** Whether statements that come again are named; undefined: where what is at the other end knows the names. */
      readonly statements?: 'named' | 'unnamed' | undefined;
    };

export interface Database {
  readonly kind: 'embedded' | 'server';
  readonly prisma: PrismaClient;
  /** Runs one statement of our own, outside of any transaction, and answers its rows. */
  readonly query: Query;
  /** What each operation may hold of the connections. */
  readonly shares: Pick<Shares, 'within' | 'apart'>;
  /** How many statements all connections were sent so far; undefined of the embedded database, which cannot tell. */
  readonly statements: (() => number) | undefined;
  /** What others change of users, roles and API tokens. */
  readonly changes: ChangeFeed;
  /** Writes an expression of type text so that texts that differ only in case are equal, as far as this database can. */
  readonly foldCase: CaseFolding;
  /** Ends every connection and gives the directory free. */
  close(): Promise<void>;
}

/** SQL with `$1`, `$2`, … for its values. */
export type Query = (sql: string, values: readonly unknown[]) => Promise<Record<string, unknown>[]>;

export interface OpenOptions {
  /** Told each SQL statement, before it runs. Tests and the bench count with it. */
  readonly onStatement?: (sql: string) => void;
}

/**
 * Opens the database, brings its tables up to date and hands out the client.
 *
 * @throws DirectoryInUse when another process has the embedded database open; DatabaseUnreachable when no server answers.
 */
export async function openDatabase(location: DatabaseLocation, options: OpenOptions = {}): Promise<Database> {
  // Only the one that is asked for is loaded.
  if (location.kind === 'server') return (await import('./open-server.ts')).openServer(location, options);
  return (await import('./open-embedded.ts')).openEmbedded(location, options);
}
