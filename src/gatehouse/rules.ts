import type { CountRows, Rules } from '../authorization/rules.ts';
import type { Clock } from '../common/clock.ts';
import type { Models } from '../database/models.ts';
import type { Database } from '../database/open.ts';
import type { ContentType, DeclaredContentType } from '../graphql/content-type/content-type.ts';
import { resolveContentTypes } from '../graphql/content-type/resolve-content-types.ts';
import { columnsIn } from '../graphql/content-type/rules/columns-of.ts';
import { createRowCounter } from '../graphql/content-type/rules/count-rows.ts';
import { createRules } from '../graphql/content-type/rules/create-rules.ts';
import { grantsInWords } from '../graphql/content-type/rules/in-words.ts';
import { ruleModelsOf } from '../graphql/content-type/rules/rule-models.ts';
import { ruleTypesOf } from '../graphql/content-type/rules/rule-types.ts';
import { publicTypesOf } from '../graphql/public-schema.ts';

/** What grants mean for the content types of `/graphql`: those of the project, users and roles. */
export function rulesOf(models: Models, contentTypes: readonly ContentType[]): Rules {
  const types = publicTypesOf(models, contentTypes);
  const ruleModels = ruleModelsOf(models);
  const ruleTypes = ruleTypesOf(ruleModels, types);
  const { faultsOf, isValid } = createRules(models, types);
  return {
    faultsOf,
    isValid,
    inWords: (action, grants) => grantsInWords(ruleTypes, action, grants),
    columnsOf(action, grants) {
      const type = types.find(({ actions, relatedOnly }) => !relatedOnly && actions === action.split('.', 1)[0]);
      return type ? columnsIn(ruleModels, type.model, grants) : [];
    },
    types: ruleTypes,
  };
}

/** Counts the rows that grants of `/graphql` let through. */
export function rowCounterOf(database: Database, contentTypes: readonly ContentType[], clock: Clock): CountRows {
  const types = publicTypesOf(database.models, contentTypes);
  return createRowCounter(database, types, createRules(database.models, types), clock);
}

/**
 * What grants mean for content types as they are declared.
 *
 * @throws ContentTypeError for an invalid declaration.
 */
export function rulesOfDeclared(models: Models, declared: readonly DeclaredContentType[]): Rules {
  return rulesOf(models, resolveContentTypes(models, declared));
}
