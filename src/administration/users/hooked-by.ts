import type { AccountWay } from '../../accounts/hooks/account-hooks.ts';
import type { HookedOperation } from '../../accounts/hooks/user-hooks.ts';
import type { By } from '../administration.ts';

/** A change of the administration, for the hooks of accounts. */
export function hookedBy({ actor: { origin, requestId } }: By, way: AccountWay): HookedOperation {
  return { way, requestId, origin };
}
