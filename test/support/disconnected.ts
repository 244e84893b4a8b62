import { PrismaPg } from '@prisma/adapter-pg';
import type { PrismaClient } from '../../src/generated/prisma/client.ts';
import type { ContentDatabase } from '../../src/graphql/content-type/add-content-types.ts';
import { models } from '../blog/models.ts';

/** A database that is never connected: building a schema sends it nothing. */
export const disconnected: ContentDatabase = {
  prisma: new models.PrismaClient({
    adapter: new PrismaPg('postgresql://nobody@127.0.0.1:1/none'),
  }) as PrismaClient,
  models,
  query: () => Promise.reject(new Error('There is no database')),
  foldCase: (expression) => expression,
};
