import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { Models } from './models.ts';

/** The other formats quote the call with its arguments, which can be secrets, into the log. */
const errorFormat = 'minimal';

/** The Prisma client of these models. `onStatement` is told each SQL statement, before it runs. */
export function clientOf(
  adapter: SqlMigrationAwareDriverAdapterFactory,
  models: Pick<Models, 'PrismaClient'>,
  onStatement?: (sql: string) => void,
): PrismaClient {
  // Whatever other models its schema has, ours are there, and of those that are not the core knows only names.
  const Client = models.PrismaClient as unknown as typeof PrismaClient;
  if (!onStatement) return new Client({ adapter, errorFormat });
  const client = new Client({ adapter, errorFormat, log: [{ emit: 'event', level: 'query' }] });
  client.$on('query', (event) => onStatement(event.query));
  return client as PrismaClient; // logging adds a type parameter and changes nothing else
}
