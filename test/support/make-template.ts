// node make-template.ts embedded FILE EMPTY-FILE | server URL
// Makes a database that is migrated and seeded with the tests' blog, as a dump in a file (with one of an empty database beside it) or as a database on the server. Where
// the project's migrations lead to other tables, those of the blog take their place. A process of its own: the migration
// engine and the embedded database are large, and neither is needed again.
import { writeFileSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { PrismaPGlite } from 'pglite-prisma-adapter';
import { createPasswords } from '../../src/accounts/passwords.ts';
import { migrate } from '../../src/database/migrate.ts';
import { DEFAULT_OWN, type Schemas, searchPath } from '../../src/database/schemas.ts';
import { embeddedSession } from '../../src/database/session-settings.ts';
import type { PrismaClient as AnyClient } from '../../src/generated/prisma/client.ts';
import { filesIn, sqlFromDatabaseTo, sqlFromMigrationsTo } from '../../src/project/schema-difference.ts';
import { seedDatabase } from '../../src/start/seed-database.ts';
import { blog } from '../blog/blog.ts';
import { models } from '../blog/models.ts';
import { openDatabase } from '../blog/open-database.ts';

/** As cheap as bcrypt gets: the tests check what is hashed, not how long it takes. */
const COST = 4;

/** The schema of the tests' blog and of Gatehouse: scripts/generated.mjs puts it together. */
const SCHEMA = 'test/blog/generated/prisma/schema';

const SCHEMAS: Schemas = { own: DEFAULT_OWN, content: 'public' };

/** New tables are made in the schema that is named first. */
const CONTENT_FIRST = `SET LOCAL search_path TO ${searchPath({ own: SCHEMAS.content, content: SCHEMAS.own })}`;

const [, , kind, target = '', empty = ''] = process.argv;
await (kind === 'server' ? serverTemplate(target) : embeddedTemplate(target, empty));
// The engine's own time limit would keep this process for ten seconds more.
process.exit(0);

async function embeddedTemplate(file: string, empty: string): Promise<void> {
  const pglite = await PGlite.create({ initDbStartParams: ['--wal-segsize=1'] });
  // Small dumps without a log to replay: each test file loads one.
  await pglite.exec('UPDATE pg_database SET datistemplate = false');
  for (const sql of ['DROP DATABASE template0', 'DROP DATABASE template1']) await pglite.exec(sql);
  await writeDump(pglite, empty);
  await pglite.exec(embeddedSession(SCHEMAS));
  const adapter = new PrismaPGlite(pglite);
  await migrate({ adapter, runScript: (sql) => pglite.exec(sql), schemas: SCHEMAS });
  await pglite.exec(embeddedSession(SCHEMAS)); // migrations look at one schema first
  const sql = await sqlFromDatabaseTo(filesIn(SCHEMA), adapter);
  if (sql !== undefined) await pglite.exec(`${CONTENT_FIRST}; ${sql}`);
  await seed(new models.PrismaClient({ adapter }) as AnyClient);
  await writeDump(pglite, file);
  await pglite.close();
}

async function writeDump(pglite: PGlite, file: string): Promise<void> {
  await pglite.exec('CHECKPOINT');
  writeFileSync(file, Buffer.from(await (await pglite.dumpDataDir('none')).arrayBuffer()));
}

async function serverTemplate(url: string): Promise<void> {
  const database = await openDatabase({ kind: 'server', url });
  const sql = await sqlFromMigrationsTo(SCHEMA);
  const statements = sql === undefined ? [] : [CONTENT_FIRST, ...sql.split(/;\s*\n/)];
  await database.prisma.$transaction(statements.map((statement) => database.prisma.$executeRawUnsafe(statement)));
  await seed(database.prisma);
  await database.close();
}

async function seed(prisma: AnyClient): Promise<void> {
  await seedDatabase(prisma, blog, { demo: true, production: false, passwords: createPasswords(COST) });
}
