import type { Grants } from '../../../authorization/grants.ts';
import { namesRoles, namesUser } from '../../../authorization/grants.ts';
import type { CountedAs } from '../../../authorization/rules.ts';
import { contentActionsOf } from '../actions.ts';
import type { ContentType } from '../content-type.ts';
import { allOf, anyOf, type Filter } from '../filter.ts';
import type { ContentRules } from './create-rules.ts';

/** The rows of a type that grants of an action let through. */
export interface RowsLetThrough {
  readonly type: ContentType;
  readonly filter: Filter | undefined;
  /** The rows that the type has at all. */
  readonly declared: Filter | undefined;
}

/** Undefined where nobody can say which rows: of a create, and of a condition with a variable that has no value. */
export type FindRows = (action: string, grants: Grants, as: CountedAs) => RowsLetThrough | undefined;

export function createFindRows(types: readonly ContentType[], rules: Pick<ContentRules, 'compiled'>): FindRows {
  const actions = contentActionsOf(types);
  return (action, grants, { user, roles }) => {
    const found = actions.get(action);
    if (!found || found.verb === 'create') return undefined;
    const { type, verb } = found;
    const list = grants === 'all' ? [] : grants;
    const needsUser = type.where?.ofViewer === 'user' || list.some(namesUser);
    const needsRoles = type.where?.ofViewer === 'roles' || list.some(namesRoles);
    if ((needsUser && !user) || (needsRoles && !roles)) return undefined;
    const rule = grants === 'all' ? undefined : anyOf(rules.compiled(type, verb, list).map(({ where }) => where));
    const declared = type.where?.filter;
    return { type, filter: allOf([declared, rule]), declared };
  };
}
