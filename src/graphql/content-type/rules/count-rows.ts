import { namesRoles, namesUser } from '../../../authorization/grants.ts';
import type { CountRows } from '../../../authorization/rules.ts';
import type { Clock } from '../../../common/clock.ts';
import type { Database } from '../../../database/open.ts';
import { contentActionsOf } from '../actions.ts';
import type { ContentType } from '../content-type.ts';
import { allOf, anyOf, type Filter } from '../filter.ts';
import { Source } from '../sql/conditions.ts';
import { Statement } from '../sql/statement.ts';
import type { ContentRules } from './create-rules.ts';
import { bound } from './variables.ts';

/** Counts rows in one statement, with the conditions as the lists of `/graphql` have them. */
export function createRowCounter(
  { query, foldCase }: Pick<Database, 'query' | 'foldCase'>,
  types: readonly ContentType[],
  rules: Pick<ContentRules, 'compiled'>,
  clock: Clock,
): CountRows {
  const actions = contentActionsOf(types);
  return async (action, grants, { user, roles }) => {
    const found = actions.get(action);
    if (!found || found.verb === 'create') return undefined;
    const { type, verb } = found;
    const list = grants === 'all' ? [] : grants;
    const needsUser = type.where?.ofViewer === 'user' || list.some(namesUser);
    const needsRoles = type.where?.ofViewer === 'roles' || list.some(namesRoles);
    if ((needsUser && !user) || (needsRoles && !roles)) return undefined;
    const rule = grants === 'all' ? undefined : anyOf(rules.compiled(type, verb, list).map(({ where }) => where));
    const statement = new Statement(foldCase);
    const count = (filter: Filter | undefined) =>
      `(SELECT count(*) FROM ${Source.of(statement, { type, rule: filter, gates: [] }).from})`;
    const declared = type.where?.filter;
    const sql = `SELECT json_build_array(${count(allOf([declared, rule]))}, ${count(declared)})::text AS "json"`;
    const [row] = await query(sql, bound(statement.values, { user: user && { ...user }, roles, now: clock() }));
    const [rows, of] = JSON.parse(row?.['json'] as string) as [number, number]; // as the statement makes them
    return { rows, of };
  };
}
