import { randomBytes } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import type { GraphQLSchema } from 'graphql';
import { pino } from 'pino';
import type { App } from '../start/app.ts';

/**
 * What `/graphql` and `/admin/graphql` serve for an app. Opens no port and no database.
 *
 * @throws ContentTypeError when a content type cannot be served.
 */
export async function buildSchemas(
  app: Pick<App, 'models' | 'contentTypes' | 'userFields' | 'extend'>,
): Promise<{ readonly schema: GraphQLSchema; readonly adminSchema: GraphQLSchema }> {
  // Loaded here, since content types that cannot be served say so when they are loaded.
  const { readConfig } = await import('../config/config.ts');
  const { NO_CHANGES } = await import('../database/notifications/changes.ts');
  const { createConnectionShares } = await import('../database/connection-shares.ts');
  const { createConnectionQueue } = await import('../database/connection-queue.ts');
  const { clientOf } = await import('../database/client.ts');
  const { createGatehouse } = await import('../gatehouse.ts');
  const secret = () => randomBytes(48).toString('base64url');
  const url = 'postgresql://nowhere.invalid/nothing'; // the client connects with its first statement, and there is none
  const prisma = clientOf(new PrismaPg({ connectionString: url }), app.models);
  const gatehouse = await createGatehouse({
    ...app,
    config: readConfig({
      DATABASE_URL: url,
      JWT_SECRET: secret(),
      ADMIN_JWT_SECRET: secret(),
      ENCRYPTION_KEY: secret(),
    }), // with secrets it makes none, and no directory
    database: {
      kind: 'server',
      prisma,
      models: app.models,
      schemas: { own: 'gatehouse', content: 'public' },
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
