import type { CountRows } from '../../../authorization/rules.ts';
import type { Clock } from '../../../common/clock.ts';
import type { Database } from '../../../database/open.ts';
import type { ContentType } from '../content-type.ts';
import type { Filter } from '../filter.ts';
import { Source } from '../sql/conditions.ts';
import { Statement } from '../sql/statement.ts';
import type { ContentRules } from './create-rules.ts';
import { createFindRows } from './rows-let-through.ts';
import { bound } from './variables.ts';

/** Counts rows in one statement, with the conditions as the lists of `/graphql` have them. */
export function createRowCounter(
  { query, foldCase }: Pick<Database, 'query' | 'foldCase'>,
  types: readonly ContentType[],
  rules: Pick<ContentRules, 'compiled'>,
  clock: Clock,
): CountRows {
  const findRows = createFindRows(types, rules);
  return async (action, grants, as) => {
    const found = findRows(action, grants, as);
    if (!found) return undefined;
    const { type, filter, declared } = found;
    const statement = new Statement(foldCase);
    const count = (rule: Filter | undefined) =>
      `(SELECT count(*) FROM ${Source.of(statement, { type, rule, gates: [] }).from})`;
    const sql = `SELECT json_build_array(${count(filter)}, ${count(declared)})::text AS "json"`;
    const [row] = await query(sql, bound(statement.values, { ...as, user: as.user && { ...as.user }, now: clock() }));
    const [rows, of] = JSON.parse(row?.['json'] as string) as [number, number]; // as the statement makes them
    return { rows, of };
  };
}
