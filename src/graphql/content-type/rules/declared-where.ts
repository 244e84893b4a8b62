import { type Condition, variablesIn } from '../../../authorization/grants.ts';
import type { Models } from '../../../database/models.ts';
import type { ContentType } from '../content-type.ts';
import { readCondition } from './read-condition.ts';
import { ruleModelsOf } from './rule-models.ts';

/** Every error in the `where` that a content type declares, one line each. */
export function faultsOfWhere(models: Models, model: string, where: unknown): string[] {
  if (where === undefined) return [];
  // Not type checked: readCondition() takes whatever it is given.
  return read(models, model, where as Condition).faults.map(
    ({ path, message }) => `${model}: ${path.join('.')}: ${message}`,
  );
}

/** The condition that a content type declares, which faultsOfWhere() has checked. */
export function declaredWhere(models: Models, model: string, where: Condition): ContentType['where'] {
  const { filter } = read(models, model, where);
  if (!filter) throw new Error(`${model}: where cannot be read`);
  const variables = variablesIn({ where });
  const ofUser = variables.some((variable) => variable.startsWith('$user'));
  return { filter, ofViewer: ofUser ? 'user' : variables.includes('$roles') ? 'roles' : undefined };
}

function read(models: Models, model: string, where: Condition) {
  return readCondition(ruleModelsOf(models), model, where, { path: ['where'], holder: 'everybody' });
}
