import { type Grant, MAX_GRANTS } from '../authorization/grants.ts';
import type { Rules } from '../authorization/rules.ts';
import type { Fault } from '../common/errors.ts';
import type { Models } from '../database/models.ts';
import type { DeclaredContentType } from '../graphql/content-type/content-type.ts';
import { resolveContentTypes } from '../graphql/content-type/resolve-content-types.ts';

/**
 * What grants mean for declared content types.
 *
 * @throws ContentTypeError for an invalid declaration.
 */
export function createRulesOf(models: Models, declared: readonly DeclaredContentType[]): Rules {
  const types = resolveContentTypes(models, declared);
  const actions = new Set(types.map((type) => type.actions));
  const faultsOf: Rules['faultsOf'] = (action, grants) => {
    const [type = '', verb = ''] = action.split('.');
    if (!actions.has(type) || !Object.hasOwn(KEYS, verb)) return [{ path: [], message: `${action} takes no grants` }];
    if (grants.length === 0)
      return [{ path: [], message: 'A list of grants has at least one: take the action away instead' }];
    if (grants.length > MAX_GRANTS) return [{ path: [], message: `An action has at most ${MAX_GRANTS} grants` }];
    return grants.flatMap((grant, index) => faultsOfKeys(verb, grant, index));
  };
  return {
    faultsOf,
    isValid: (action, grant) => faultsOf(action, [grant], 'role').length === 0,
    inWords: (_action, grants) => JSON.stringify(grants),
    types: [],
  };
}

const KEYS: Readonly<Record<string, readonly string[]>> = {
  find: ['where', 'fields'],
  findOne: ['where', 'fields'],
  create: ['fields', 'check', 'set'],
  update: ['where', 'fields', 'check', 'set'],
  delete: ['where'],
};

function faultsOfKeys(verb: string, grant: Grant, index: number): Fault[] {
  return Object.keys(grant)
    .filter((key) => !KEYS[verb]?.includes(key))
    .map((key) => ({ path: [index, key], message: `${key} means nothing for ${verb}` }));
}
