// node make-template.ts embedded FILE | server URL
// Makes a database that is migrated and seeded with the tests' blog, as a dump in a file or as a database on the server. Where
// the project's migrations lead to other tables, those of the blog take their place. A process of its own: the migration
// engine and the embedded database are large, and neither is needed again.
import { writeFileSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { PrismaPGlite } from 'pglite-prisma-adapter';
import { sqlFromDatabaseTo, sqlFromMigrationsTo } from '../../scripts/schema-difference.ts';
import { createPasswords } from '../../src/accounts/passwords.ts';
import { migrate } from '../../src/database/migrate.ts';
import { EMBEDDED_SESSION } from '../../src/database/session-settings.ts';
import type { PrismaClient as AnyClient } from '../../src/generated/prisma/client.ts';
import { seedDatabase } from '../../src/start/seed-database.ts';
import { blog } from '../blog/blog.ts';
import { models } from '../blog/models.ts';
import { openDatabase } from '../blog/open-database.ts';

/** As cheap as bcrypt gets: the tests check what is hashed, not how long it takes. */
const COST = 4;

/** The schema of the tests' blog and of Gatehouse: scripts/generated.mjs puts it together. */
const SCHEMA = 'test/blog/generated/prisma/schema';

const [, , kind, target = ''] = process.argv;
await (kind === 'server' ? serverTemplate(target) : embeddedTemplate(target));
// The engine's own time limit would keep this process for ten seconds more.
process.exit(0);

async function embeddedTemplate(file: string): Promise<void> {
  const pglite = await PGlite.create();
  await pglite.exec(EMBEDDED_SESSION);
  const adapter = new PrismaPGlite(pglite);
  await migrate({ adapter, runScript: (sql) => pglite.exec(sql) });
  const sql = await sqlFromDatabaseTo(SCHEMA, adapter);
  if (sql !== undefined) await pglite.exec(sql);
  await seed(new models.PrismaClient({ adapter }) as AnyClient);
  writeFileSync(file, Buffer.from(await (await pglite.dumpDataDir('none')).arrayBuffer()));
  await pglite.close();
}

async function serverTemplate(url: string): Promise<void> {
  const database = await openDatabase({ kind: 'server', url });
  const sql = await sqlFromMigrationsTo(SCHEMA);
  for (const statement of sql?.split(/;\s*\n/) ?? []) await database.prisma.$executeRawUnsafe(statement);
  await seed(database.prisma);
  await database.close();
}

async function seed(prisma: AnyClient): Promise<void> {
  await seedDatabase(prisma, blog, { demo: true, production: false, passwords: createPasswords(COST) });
}
