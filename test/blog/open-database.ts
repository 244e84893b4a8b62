import type { Models } from '../../src/database/models.ts';
import {
  type Database as AnyDatabase,
  type DatabaseLocation,
  type OpenOptions,
  openDatabase as open,
} from '../../src/database/open.ts';
import { models, type PrismaClient } from './models.ts';

/** A database with the tables of the blog. */
export type Database = AnyDatabase & { readonly prisma: PrismaClient };

/** Opens a database with the models that tests and bench work with. */
export async function openDatabase(
  location: DatabaseLocation,
  { models: others, ...options }: OpenOptions & { readonly models?: Models | undefined } = {},
): Promise<Database> {
  return (await open(location, others ?? models, options)) as Database;
}
