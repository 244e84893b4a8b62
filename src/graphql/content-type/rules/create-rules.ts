import type { Grant } from '../../../authorization/grants.ts';
import type { Rules } from '../../../authorization/rules.ts';
import type { Models } from '../../../database/models.ts';
import { contentActionsOf } from '../actions.ts';
import type { ContentType, Verb } from '../content-type.ts';
import type { CompiledGrant } from './compiled-grant.ts';
import { readGrant, readGrants } from './read-grants.ts';
import { ruleModelsOf } from './rule-models.ts';

/** The rules of some content types, and what reads their grants. */
export interface ContentRules extends Pick<Rules, 'faultsOf' | 'isValid'> {
  /** Reads the grants of an action of a content type. One that does not read is left out: it grants nothing. */
  compiled(type: ContentType, verb: Verb, grants: readonly Grant[]): readonly CompiledGrant[];
}

/** What the grants of permissions mean for these content types. */
export function createRules(models: Models, types: readonly ContentType[]): ContentRules {
  const declared = new Map(
    types.flatMap(({ model, where }) => (where && !where.ofViewer ? [[model, where.filter]] : [])),
  );
  const ruleModels = ruleModelsOf(models, declared, types);
  const actions = contentActionsOf(types);
  /** Each object of memory is read once: a permission keeps its grants until it is changed. */
  const known = new WeakMap<Grant, CompiledGrant | 'invalid'>();

  function compiledGrant(type: ContentType, verb: Verb, grant: Grant): CompiledGrant | undefined {
    if (typeof grant !== 'object' || grant === null) return undefined; // written into the database by hand
    let compiled = known.get(grant);
    if (!compiled) {
      compiled = readGrant({ models: ruleModels, type, verb, holder: 'role' }, grant, []).compiled ?? 'invalid';
      known.set(grant, compiled);
    }
    return compiled === 'invalid' ? undefined : compiled;
  }

  return {
    faultsOf(action, grants, holder) {
      const found = actions.get(action);
      if (!found) return [{ path: [], message: `${action} takes no grants: only actions on content do` }];
      return readGrants({ models: ruleModels, ...found, holder }, grants).faults;
    },
    isValid(action, grant) {
      const found = actions.get(action);
      return found !== undefined && compiledGrant(found.type, found.verb, grant) !== undefined;
    },
    compiled: (type, verb, grants) => grants.flatMap((grant) => compiledGrant(type, verb, grant) ?? []),
  };
}
