// A thread that migrates an embedded database in memory and hands over its dump. The migration engine keeps a process for ten
// seconds, and a thread can be ended.
import { parentPort } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { PrismaPGlite } from 'pglite-prisma-adapter';
import { migrate } from '../database/migrate.ts';
import { DEFAULT_OWN, type Schemas } from '../database/schemas.ts';
import { embeddedSession } from '../database/session-settings.ts';

const schemas: Schemas = { own: DEFAULT_OWN, content: 'public' };
const pglite = await PGlite.create({ initDbStartParams: ['--wal-segsize=1'] });
await pglite.exec(embeddedSession(schemas));
await migrate({ adapter: new PrismaPGlite(pglite), runScript: (sql) => pglite.exec(sql), schemas });
// A small dump without a log to replay: each start loads it.
await pglite.exec('UPDATE pg_database SET datistemplate = false');
for (const sql of ['DROP DATABASE template0', 'DROP DATABASE template1', 'CHECKPOINT']) await pglite.exec(sql);
const bytes = await (await pglite.dumpDataDir('none')).arrayBuffer();
parentPort?.postMessage(bytes, [bytes]);
