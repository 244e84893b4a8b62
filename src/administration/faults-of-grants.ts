import type { Permission } from '../authorization/grants.ts';
import type { Holder, Rules } from '../authorization/rules.ts';
import type { Fault } from '../common/errors.ts';

/** What is wrong with the grants of an input, at its path: `['grants', 0, 'where', 'owner']`. */
export function faultsOfGrants(rules: Pick<Rules, 'faultsOf'>, [action, grants]: Permission, holder: Holder): Fault[] {
  if (grants === null) return [];
  return rules.faultsOf(action, grants, holder).map(({ path, message }) => ({ path: ['grants', ...path], message }));
}
