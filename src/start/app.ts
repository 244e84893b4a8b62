import type { NewRole } from '../authorization/defaults.ts';
import type { Models } from '../database/models.ts';
import type { GatehouseOptions } from '../gatehouse/options.ts';
import type { Prisma } from '../generated/prisma/client.ts';

/** What whoever uses Gatehouse owns of a server: `src/app/app.ts` gathers it. The core knows it only as an argument. */
export interface App extends Pick<GatehouseOptions, 'contentTypes' | 'extend' | 'plugins' | 'adminPlugins'> {
  /** What is generated from its Prisma schema. */
  readonly models: Models;
  /** The roles of a new database. */
  readonly roles: readonly NewRole[];
  /** Users to try a new database with, where the configuration wants them. The first is who GraphiQL logs in as. */
  readonly demoUsers: readonly DemoUser[];
  /** Example data for the same database, in the transaction that makes its roles. */
  readonly seed?: ((transaction: Prisma.TransactionClient) => Promise<void>) | undefined;
}

export interface DemoUser {
  readonly username: string;
  readonly email: string;
  /** The type of one of the roles. */
  readonly role: string;
}
