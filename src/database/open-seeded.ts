import { type DemoCredentials, seedDemo } from '../../prisma/seed.ts';
import { createPasswords } from '../authentication/passwords.ts';
import type { Config } from '../config.ts';
import { DatabaseUnreachable, databaseFailureOf } from './failures.ts';
import { type Database, openDatabase } from './open.ts';
import { renewIdentifiers } from './renew-identifiers.ts';
import { seedRoles } from './seed-roles.ts';

/**
 * Opens the database that the configuration names; one that is empty gets its roles, and the example blog where the
 * configuration wants it. Tells the demo users when this call made them: nothing else knows their password in production.
 *
 * @throws DirectoryInUse when another process has the embedded database open, DatabaseUnreachable when no server answers.
 */
export async function openSeeded(
  config: Config,
): Promise<{ readonly database: Database; readonly demo: DemoCredentials | undefined }> {
  const database = await openDatabase(config.database);
  try {
    let demo: DemoCredentials | undefined;
    await seedRoles(database.prisma, async (transaction) => {
      if (!config.seedDemo) return;
      demo = await seedDemo(transaction, createPasswords(config.bcryptCost), { production: config.production });
    });
    await renewIdentifiers(database.prisma);
    return { database, demo };
  } catch (error) {
    await database.close();
    throw databaseFailureOf(error) ? new DatabaseUnreachable(error as Error) : error;
  }
}
