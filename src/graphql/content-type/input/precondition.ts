import { type ApiError, invalidInput } from '../../../common/errors.ts';
import { millisecondsOf } from '../column-values.ts';
import type { ContentType } from '../content-type.ts';
import type { Column } from '../model.ts';
import type { Source } from '../sql/conditions.ts';
import type { Statement } from '../sql/statement.ts';

/** What a document must still have when it is written: the time at which it was written last, as somebody read it. */
export interface Precondition {
  readonly column: string;
  /** Null, for a single type: there was no document yet. */
  readonly at: Date | null;
}

/** The column that says when a document was written last; undefined where none can be read. */
export function writtenAtOf({ generated, read }: Pick<ContentType, 'generated' | 'read'>): Column | undefined {
  const columns = generated.filter(({ on }) => on === 'write').map(({ column }) => column);
  return read.find(
    (member): member is Column =>
      member.kind === 'column' && member.type === 'DateTime' && columns.includes(member.column),
  );
}

/** Whether a row is as it was read, to the millisecond that clients see. */
export function unchangedSql(statement: Statement, source: Source, precondition: Precondition | undefined): string {
  if (!precondition) return 'TRUE';
  const { column, at } = precondition;
  if (!at) return 'FALSE'; // it is there
  return `${millisecondsOf(source.column(column))} = ${statement.value(at.getTime(), 'int8')}`;
}

export function changedMeanwhile(): ApiError {
  return invalidInput([{ path: ['ifUpdatedAt'], message: 'The document was changed meanwhile: read it again' }]);
}
