import { createPasswords } from '../accounts/passwords.ts';
import type { Config } from '../config/config.ts';
import { startFailureOf } from '../database/failures.ts';
import { describeDifferences, findModelDifferences, ModelWithoutMigration } from '../database/model-differences.ts';
import { type Database, openDatabase } from '../database/open.ts';
import type { App } from './app.ts';
import { renewIdentifiers } from './renew-identifiers.ts';
import { type DemoCredentials, seedDatabase } from './seed-database.ts';

/**
 * Opens the database that the configuration names; one that is empty gets its roles, and the example data where the
 * configuration wants it. Tells the demo users when this call made them: nothing else knows their password in production.
 *
 * Tables that are not what the models say are warned of, in words; in production, where what is asked of them would fail,
 * they are a reason not to start.
 *
 * @throws ModelWithoutMigration; DirectoryInUse when another process has the embedded database open, DatabaseUnreachable when no server answers.
 */
export async function openSeeded(
  config: Config,
  app: Pick<App, 'models' | 'roles' | 'demoUsers' | 'seed'>,
  warn: (warning: string) => void,
): Promise<{ readonly database: Database; readonly demo: DemoCredentials | undefined }> {
  const database = await openDatabase(config.database, app.models).catch((error: unknown) => {
    throw startFailureOf(error);
  });
  try {
    const differences = await findModelDifferences(database.query, app.models);
    if (config.production && differences.some(({ breaks }) => breaks)) throw new ModelWithoutMigration(differences);
    if (differences.length > 0) warn(describeDifferences(differences));
    const { seedDemo, production, bcryptCost } = config;
    const passwords = createPasswords(bcryptCost);
    const demo = await seedDatabase(database.prisma, app, { demo: seedDemo, production, passwords });
    await renewIdentifiers(database.prisma);
    return { database, demo };
  } catch (error) {
    await database.close();
    throw startFailureOf(error);
  }
}
