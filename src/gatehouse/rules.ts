import type { Rules } from '../authorization/rules.ts';
import type { Models } from '../database/models.ts';
import { contentActionsOf } from '../graphql/content-type/actions.ts';
import type { ContentType, DeclaredContentType } from '../graphql/content-type/content-type.ts';
import { resolveContentTypes } from '../graphql/content-type/resolve-content-types.ts';
import { columnsIn } from '../graphql/content-type/rules/columns-of.ts';
import { type ContentRules, createRules } from '../graphql/content-type/rules/create-rules.ts';
import { grantsInWords } from '../graphql/content-type/rules/in-words.ts';
import { ruleModelsOf } from '../graphql/content-type/rules/rule-models.ts';
import { ruleTypesOf } from '../graphql/content-type/rules/rule-types.ts';
import { publicTypesOf } from '../graphql/public-schema.ts';
import { resolveUserFields } from '../graphql/user-fields/resolve-user-fields.ts';
import type { DeclaredUserFields } from '../graphql/user-fields/user-fields.ts';

/** What grants mean for the content types of `/graphql`, for the administration. */
export function rulesOf(
  models: Models,
  types: readonly ContentType[],
  { faultsOf, isValid }: Pick<ContentRules, 'faultsOf' | 'isValid'>,
): Rules {
  const ruleModels = ruleModelsOf(models);
  const ruleTypes = ruleTypesOf(ruleModels, types);
  const actions = contentActionsOf(types);
  return {
    faultsOf,
    isValid,
    inWords: (action, grants) => grantsInWords(ruleTypes, action, grants),
    columnsOf(action, grants) {
      const found = actions.get(action);
      return found ? columnsIn(ruleModels, found.type.model, grants) : [];
    },
    types: ruleTypes,
  };
}

/**
 * What grants mean for content types as they are declared.
 *
 * @throws ContentTypeError for an invalid declaration.
 */
export function rulesOfDeclared(
  models: Models,
  declared: readonly DeclaredContentType[],
  userFields?: DeclaredUserFields | undefined,
): Rules {
  const types = publicTypesOf(models, resolveContentTypes(models, declared), resolveUserFields(models, userFields));
  return rulesOf(models, types, createRules(models, types));
}
