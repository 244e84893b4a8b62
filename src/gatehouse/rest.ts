import type { Authenticate } from '../authentication/authenticate.ts';
import type { RestOptions } from '../http/rest/rest-handler.ts';
import type { Caches } from './caches.ts';
import type { GatehouseOptions } from './options.ts';
import type { Services } from './services.ts';

/** The options of the paths of accounts, with the viewers of `/graphql`. */
export function createRest(
  { config, database }: GatehouseOptions,
  { accounts, metrics }: Services,
  { memory }: Caches,
  authenticate: Authenticate,
): RestOptions {
  return {
    strapiPaths: config.rest,
    accounts: { ...accounts, onLogin: (outcome) => metrics.login('/api', outcome) },
    authenticate,
    shares: database.shares,
    afterWrite: () => memory.forgetChanged(),
    onRefused: (action) => metrics.refused('/api', [action]),
  };
}
