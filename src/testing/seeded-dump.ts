import { PGlite } from '@electric-sql/pglite';
import { PrismaPGlite } from 'pglite-prisma-adapter';
import { createPasswords } from '../accounts/passwords.ts';
import { DEFAULT_OWN } from '../database/schemas.ts';
import { embeddedSession } from '../database/session-settings.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { App } from '../start/app.ts';
import { seedDatabase } from '../start/seed-database.ts';

/** The dump of a migrated database, with the roles and settings of the application in it. */
export async function withRoles(app: App, migrated: Blob): Promise<Uint8Array> {
  const pglite = await PGlite.create({ loadDataDir: migrated });
  try {
    await pglite.exec(embeddedSession({ own: DEFAULT_OWN, content: 'public' }));
    const adapter = new PrismaPGlite(pglite);
    const prisma = new app.models.PrismaClient({ adapter }) as PrismaClient; // whatever else it has, it has our models
    await seedDatabase(prisma, app, { demo: false, production: false, passwords: createPasswords(4) });
    await pglite.exec('CHECKPOINT'); // without a log to replay
    return new Uint8Array(await (await pglite.dumpDataDir('none')).arrayBuffer());
  } finally {
    await pglite.close();
  }
}
