import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import { PrismaClient } from '../generated/prisma/client.ts';

/** The other formats quote the call with its arguments, and the arguments may be secrets, on their way into the log. */
const errorFormat = 'minimal';

/** The Prisma client. `onStatement` is told each SQL statement, before it runs. */
export function clientOf(
  adapter: SqlMigrationAwareDriverAdapterFactory,
  onStatement?: (sql: string) => void,
): PrismaClient {
  if (!onStatement) return new PrismaClient({ adapter, errorFormat });
  const client = new PrismaClient({ adapter, errorFormat, log: [{ emit: 'event', level: 'query' }] });
  client.$on('query', (event) => onStatement(event.query));
  return client as PrismaClient; // a client that logs has one more type parameter, and is otherwise the same
}
