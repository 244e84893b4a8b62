import type { NewRole } from '../authorization/new-roles.ts';
import type { Models } from '../database/models.ts';
import type { GatehouseOptions } from '../gatehouse/options.ts';
import type { TransactionOfApp } from '../register.ts';

/** Your part of a server, collected in `src/app/app.ts`. The core gets it as an argument only. */
export interface App
  extends Pick<
    GatehouseOptions,
    'contentTypes' | 'userFields' | 'extend' | 'hooks' | 'plugins' | 'adminPlugins' | 'accountPages'
  > {
  /** Generated from the Prisma schema. */
  readonly models: Models;
  /** The roles of a new database. */
  readonly roles: readonly NewRole[];
  /** Demo users of a new database, if the configuration enables them. GraphiQL's example login uses the first. */
  readonly demoUsers: readonly DemoUser[];
  /** Example data for the same database, in the transaction that makes its roles. */
  readonly seed?: ((transaction: TransactionOfApp) => Promise<void>) | undefined;
}

export interface DemoUser {
  readonly username: string;
  readonly email: string;
  /** The type of one of the roles. */
  readonly role: string;
}
