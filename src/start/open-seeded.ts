import { createPasswords } from '../accounts/passwords.ts';
import type { Config } from '../config/config.ts';
import { checkTriggers } from '../database/check-triggers.ts';
import { warningsAboutSchemas } from '../database/creatable-schemas.ts';
import { startFailureOf } from '../database/failures.ts';
import { describeDifferences, findModelDifferences, ModelWithoutMigration } from '../database/model-differences.ts';
import { type Database, openDatabase } from '../database/open.ts';
import type { App } from './app.ts';
import { renewIdentifiers } from './renew-identifiers.ts';
import { type DemoCredentials, seedDatabase } from './seed-database.ts';

/**
 * Opens the configured database, and seeds it if it is empty. Returns the demo users if this call created them: in production,
 * their password is not known otherwise.
 *
 * Warns about tables that differ from the models, and about schemas in which every role can create functions. In production, refuses to start if queries would fail. Refuses to start
 * without the triggers that it relies on.
 *
 * @throws ModelWithoutMigration; TriggersMissing; DirectoryInUse when another process has opened the embedded database, DatabaseUnreachable when
 * the server does not answer.
 */
export async function openSeeded(
  config: Config,
  app: Pick<App, 'models' | 'contentTypes' | 'roles' | 'demoUsers' | 'seed'>,
  warn: (warning: string) => void,
): Promise<{ readonly database: Database; readonly demo: DemoCredentials | undefined }> {
  const database = await openDatabase(config.database, app.models).catch((error: unknown) => {
    throw startFailureOf(error);
  });
  try {
    const differences = await findModelDifferences(database);
    if (config.production && differences.some(({ breaks }) => breaks)) throw new ModelWithoutMigration(differences);
    if (differences.length > 0) warn(describeDifferences(differences));
    await checkTriggers(database);
    // An embedded database has one role.
    if (database.kind === 'server') for (const warning of await warningsAboutSchemas(database)) warn(warning);
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
