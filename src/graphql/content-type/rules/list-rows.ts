import type { ListedRow, ListRows } from '../../../authorization/rules.ts';
import type { Clock } from '../../../common/clock.ts';
import type { Database } from '../../../database/open.ts';
import type { ContentType } from '../content-type.ts';
import { Source } from '../sql/conditions.ts';
import { documentIdSql } from '../sql/document-id.ts';
import { Statement } from '../sql/statement.ts';
import { titleOf } from '../title.ts';
import type { ContentRules } from './create-rules.ts';
import { createFindRows } from './rows-let-through.ts';
import { bound } from './variables.ts';

/** Lists rows in one statement, with the conditions as the lists of `/graphql` have them, in the order of their ids. */
export function createRowLister(
  { query, foldCase }: Pick<Database, 'query' | 'foldCase'>,
  types: readonly ContentType[],
  rules: Pick<ContentRules, 'compiled'>,
  clock: Clock,
): ListRows {
  const findRows = createFindRows(types, rules);
  return async (action, grants, as, limit) => {
    const found = findRows(action, grants, as);
    if (!found) return undefined;
    const { type, filter } = found;
    const statement = new Statement(foldCase);
    const source = Source.of(statement, { type, rule: filter, gates: [] });
    const title = type.read.find(({ name }) => name === titleOf(type)) ?? type.documentId;
    const columns = [type.documentId, title].map(
      (member) => (member.kind === 'column' ? documentIdSql(source, member) : 'NULL'), // a title is a column
    );
    const order = type.rowKey.map((column) => source.column(column)).join(', ');
    return query<ListedRow>(
      `SELECT ${columns[0]} AS "documentId", ${columns[1]} AS "title" FROM ${source.from} ORDER BY ${order} LIMIT ${statement.value(limit, 'int4')}`,
      bound(statement.values, { ...as, user: as.user && { ...as.user }, now: clock() }),
    );
  };
}
