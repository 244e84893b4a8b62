import { randomBytes } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import type { GraphQLSchema } from 'graphql';
import { pino } from 'pino';
import type { DeclaredContentType } from '../src/graphql/content-type/content-type.ts';

/**
 * What `/graphql` and `/admin/graphql` serve with these content types, or those of `src/app/content/`. Opens no port and no database.
 *
 * @throws ContentTypeError when a content type cannot be served.
 */
export async function buildSchemas(
  contentTypes?: readonly DeclaredContentType[],
): Promise<{ readonly schema: GraphQLSchema; readonly adminSchema: GraphQLSchema }> {
  // Loaded here, since content types that cannot be served say so when they are loaded.
  const { readConfig } = await import('../src/config/config.ts');
  const { NO_CHANGES } = await import('../src/database/notifications/changes.ts');
  const { createConnectionShares } = await import('../src/database/connection-shares.ts');
  const { createConnectionQueue } = await import('../src/database/connection-queue.ts');
  const { createGatehouse } = await import('../src/gatehouse.ts');
  const { PrismaClient } = await import('../src/generated/prisma/client.ts');
  const { models } = await import('../src/generated/models.ts');
  const secret = () => randomBytes(48).toString('base64url');
  const url = 'postgresql://nowhere.invalid/nothing'; // the client connects with its first statement, and there is none
  const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: url }) });
  const gatehouse = await createGatehouse({
    ...(contentTypes && { contentTypes }),
    config: readConfig({ DATABASE_URL: url, JWT_SECRET: secret(), ADMIN_JWT_SECRET: secret() }), // with secrets it makes none, and no directory
    database: {
      kind: 'server',
      prisma,
      models,
      query: () => Promise.reject(new Error('There is no database')),
      shares: createConnectionShares(1, createConnectionQueue({ connections: 1, perClient: 1 })),
      statements: undefined,
      changes: NO_CHANGES,
      foldCase: (expression) => expression,
      close: () => prisma.$disconnect(),
    },
    log: pino({ level: 'silent' }),
  });
  const { schema, adminSchema } = gatehouse;
  await gatehouse.close();
  return { schema, adminSchema };
}
