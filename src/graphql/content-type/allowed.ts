import { Sql } from '@prisma/client/runtime/client';
import type { Action } from '../../authorization/permissions.ts';
import type { Clock } from '../../common/clock.ts';
import type { CaseFolding } from '../../database/case-folding.ts';
import { quoted } from '../../database/identifiers.ts';
import type { Context } from '../context.ts';
import { contentActionsOf } from './actions.ts';
import { type ContentSchema, readableBy } from './content-schema.ts';
import { bound, variableValuesOf } from './rules/variables.ts';
import { Source } from './sql/conditions.ts';
import { hasDocumentId } from './sql/document-id.ts';
import { Statement } from './sql/statement.ts';

/** What fields in plain Pothos ask, to apply the rules of permissions as generated fields do. */
export interface Allowed {
  /**
   * Whether the viewer can use an action: on this document, where one is named, as the document is now. A document that does
   * not exist, or that the viewer has no permission for, is the same: false. Of `create` and of an action that is not one of
   * content, whether the viewer has it at all. One SQL statement where a document is named, else none.
   */
  may(context: Context, action: Action, documentId?: string): Promise<boolean>;
  /**
   * An SQL condition for the rows on which the viewer can use an action: for `$queryRaw`, by the alias or name of the table.
   * `FALSE` without the action.
   *
   * @throws Error for an action that is not one of rows of a content type.
   */
  rowsAllowed(context: Context, action: Action, table: string): Sql;
}

export function createAllowed(
  schema: ContentSchema,
  { clock, foldCase }: { clock: Clock; foldCase: CaseFolding },
): Allowed {
  const actions = contentActionsOf(schema.types.values());

  return {
    async may(context, action, documentId) {
      const found = actions.get(action);
      const { permissions } = context.viewer;
      if (!found || found.verb === 'create' || documentId === undefined) return permissions.allows(action);
      const rows = readableBy(schema, found.type, found.verb, permissions);
      if (!rows) return false;
      return (await schema.reader.json(context, (statement) => {
        const source = Source.of(statement, rows);
        const key = hasDocumentId(statement, source, found.type.documentId, documentId);
        return `SELECT EXISTS (SELECT 1 FROM ${source.from} WHERE ${key})::text AS "json"`;
      })) as boolean;
    },
    rowsAllowed(context, action, table) {
      const found = actions.get(action);
      if (!found || found.verb === 'create') throw new Error(`${action} is not an action on rows of a content type`);
      const rows = readableBy(schema, found.type, found.verb, context.viewer.permissions);
      if (!rows) return new Sql(['FALSE'], []);
      if (!rows.rule) return new Sql(['TRUE'], []);
      const statement = new Statement(foldCase);
      const source = Source.of(statement, rows);
      const { rowKey } = found.type;
      const [own, allowed] = [
        rowKey.map((column) => `${quoted(table)}.${quoted(column)}`),
        rowKey.map((column) => source.column(column)),
      ];
      const sql = `${own.length === 1 ? own[0] : `(${own.join(', ')})`} IN (SELECT ${allowed.join(', ')} FROM ${source.from})`;
      return asSql(sql, bound(statement.values, variableValuesOf(context.viewer, clock())));
    },
  };
}

/** A text with the placeholders `$1`, `$2`, … in the form that Prisma puts together with others. */
function asSql(text: string, values: readonly unknown[]): Sql {
  const parts = text.split(/\$(\d+)(?=::)/);
  const strings = parts.filter((_part, index) => index % 2 === 0);
  const numbers = parts.filter((_part, index) => index % 2 === 1);
  return new Sql(
    strings,
    numbers.map((number) => values[Number(number) - 1]),
  );
}
