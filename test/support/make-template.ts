// node make-template.ts embedded FILE | server URL
// Makes a database that is migrated and seeded, as a dump in a file or as a database on the server. A process of its own:
// the migration engine and the embedded database are large, and neither is needed again.
import { writeFileSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { PrismaPGlite } from 'pglite-prisma-adapter';
import { createPasswords } from '../../src/accounts/passwords.ts';
import { migrate } from '../../src/database/migrate.ts';
import { EMBEDDED_SESSION } from '../../src/database/session-settings.ts';
import { PrismaClient } from '../../src/generated/prisma/client.ts';
import { seedDatabase } from '../../src/start/seed-database.ts';
import { blog } from '../blog/blog.ts';
import { openDatabase } from '../blog/open-database.ts';

/** As cheap as bcrypt gets: the tests check what is hashed, not how long it takes. */
const COST = 4;

const [, , kind, target = ''] = process.argv;
await (kind === 'server' ? serverTemplate(target) : embeddedTemplate(target));
// The engine's own time limit would keep this process for ten seconds more.
process.exit(0);

async function embeddedTemplate(file: string): Promise<void> {
  const pglite = await PGlite.create();
  await pglite.exec(EMBEDDED_SESSION);
  const adapter = new PrismaPGlite(pglite);
  await migrate({ adapter, runScript: (sql) => pglite.exec(sql) });
  await seed(new PrismaClient({ adapter }));
  writeFileSync(file, Buffer.from(await (await pglite.dumpDataDir('none')).arrayBuffer()));
  await pglite.close();
}

async function serverTemplate(url: string): Promise<void> {
  const database = await openDatabase({ kind: 'server', url });
  await seed(database.prisma);
  await database.close();
}

async function seed(prisma: PrismaClient): Promise<void> {
  await seedDatabase(prisma, blog, { demo: true, production: false, passwords: createPasswords(COST) });
}
