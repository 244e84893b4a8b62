import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { PrismaPGlite } from 'pglite-prisma-adapter';
import { makeDataDirectory } from '../common/data-directory.ts';
import { findCaseFolding } from './case-folding.ts';
import { clientOf } from './client.ts';
import { createConnectionQueue } from './connection-queue.ts';
import { createConnectionShares, withShares } from './connection-shares.ts';
import { lockDirectory } from './directory-lock.ts';
import { withCommitErrors } from './embedded-commits.ts';
import { migrate } from './migrate.ts';
import type { Models } from './models.ts';
import { listenEmbedded } from './notifications/listen-embedded.ts';
import type { Database, DatabaseLocation, OpenOptions, Query } from './open.ts';
import { findSchemas, modelsIn, type Rows, withSchemas } from './schemas.ts';
import { embeddedSession } from './session-settings.ts';

/** PostgreSQL in this process (PGlite), on a directory or in memory. */
export async function openEmbedded(
  location: Extract<DatabaseLocation, { kind: 'embedded' | 'memory' }>,
  models: Models,
  { onStatement }: OpenOptions,
): Promise<Database> {
  let lock: { release(): void } | undefined;
  if (location.kind === 'embedded') {
    makeDataDirectory(location.directory);
    lock = await lockDirectory(location.directory);
    keepToOwner(join(location.directory, 'postgres'));
  }
  let pglite: PGlite | undefined;
  try {
    pglite = await PGlite.create(
      location.kind === 'embedded'
        ? { dataDir: join(location.directory, 'postgres'), startParams: ON_DISK }
        : { ...(location.dump && { loadDataDir: location.dump }), startParams: IN_MEMORY },
    );
    const embedded = pglite;
    // A data directory can contain settings, also for where names are looked for.
    await embedded.exec(embeddedSession({ own: CONTENT, content: CONTENT }));
    const schemas = await findSchemas(
      async (sql, values) => (await embedded.query<object>(sql, [...values])).rows as Rows,
      CONTENT,
      location.ownSchema,
    );
    const session = embeddedSession(schemas);
    await embedded.exec(session);
    const adapter = new PrismaPGlite(embedded);
    await migrate({ adapter, runScript: (sql) => embedded.exec(sql), schemas });
    await embedded.exec(session); // a migration can change them
    // There is one connection, and no statement on it can be cancelled: operations and clients queue for it.
    const shares = createConnectionShares(1, createConnectionQueue({ connections: 1, perClient: 1 }));
    const prisma = clientOf(withShares(withSchemas(withCommitErrors(adapter), schemas), shares), models, onStatement);
    const query: Query = <Selected extends object>(sql: string, values: readonly unknown[]) =>
      shares.run(async () => {
        onStatement?.(sql);
        const { rows } = await embedded.query<Selected>(sql, [...values]);
        return rows;
      });
    return {
      kind: 'embedded',
      prisma,
      models: modelsIn(models, schemas),
      schemas,
      query,
      shares,
      statements: undefined,
      changes: await listenEmbedded(embedded),
      foldCase: await findCaseFolding((sql) => embedded.query(sql)),
      async close() {
        await prisma.$disconnect();
        await embedded.close();
        lock?.release();
      },
    };
  } catch (error) {
    await pglite?.close();
    lock?.release();
    throw error;
  }
}

/** PostgreSQL clears its buffers at each start: the 128 MB of its default take longer than the rest. What they miss, the system has. */
const ON_DISK = [...PGlite.defaultStartParams, '-c', 'shared_buffers=16MB'];
/** The schema of the content in an embedded database. */
const CONTENT = 'public';

/** What is in memory needs no buffers of its own. */
const IN_MEMORY = [...PGlite.defaultStartParams, '-c', 'shared_buffers=8MB'];

/** The embedded database writes files that every user of the machine can read and write: only the directory protects them. */
function keepToOwner(directory: string): void {
  mkdirSync(directory, { recursive: true });
  chmodSync(directory, 0o700);
}
