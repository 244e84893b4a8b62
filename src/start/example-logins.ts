import { DEMO_ADMIN, DEMO_PASSWORD } from '../accounts/public-password.ts';
import type { Config } from '../config/config.ts';
import type { GatehouseOptions } from '../gatehouse/options.ts';
import type { App } from './app.ts';

/** The example logins of GraphiQL in development. Contains only the demo password, never a real one. */
export function exampleLogins(
  { firstAdmin, seedDemo }: Pick<Config, 'firstAdmin' | 'seedDemo'>,
  { demoUsers: [user] }: Pick<App, 'demoUsers'>,
): NonNullable<GatehouseOptions['examples']> {
  return {
    user: user && seedDemo ? { identifier: user.email, password: DEMO_PASSWORD } : undefined,
    administrator: firstAdmin
      ? { identifier: firstAdmin.email, password: '' }
      : { identifier: DEMO_ADMIN, password: DEMO_PASSWORD },
  };
}
