import { GraphQLError, type GraphQLResolveInfo, responsePathAsArray } from 'graphql';
import { type ApiError, forbidden } from '../../common/errors.ts';
import { inTransaction } from '../../database/retry.ts';
import { actionOf } from './actions.ts';
import type { WrittenDocument } from './input/write.ts';
import { documentNotFound } from './input/write-failure.ts';
import { TRANSACTION } from './input/write-statements.ts';
import { isHidden } from './model.ts';
import type { Row } from './row.ts';
import { selectionFor } from './selection.ts';
import type { RowPlan } from './sql/plan.ts';
import type { LoadedRow } from './sql/rows.ts';
import { showingConflicts, withinTransaction } from './within-transaction.ts';
import { type ContentWrite, readableWritten } from './write-content.ts';

/**
 * Writes a document, and reads what is selected of it. A column that is never null and hidden in the row as it was written refuses the
 * whole: where that can be, both are one transaction, so that nothing is written then.
 */
export async function writeAndAnswer(
  write: ContentWrite,
  info: GraphQLResolveInfo,
  work: (write: ContentWrite) => Promise<WrittenDocument>,
): Promise<Row> {
  const { schema } = write;
  // Without such columns, as nearly always, a write stays one statement.
  if (!write.grants.some((grant) => grant.fields && canRefuse(write, { grant }, info))) {
    const written = await work(write);
    return answer(write, written, planOf(write, written, info));
  }
  return inTransaction(
    schema.prisma,
    (transaction) =>
      showingConflicts(async () => {
        const part = { ...write, schema: withinTransaction(schema, transaction) };
        const written = await work(part);
        const plan = planOf(part, written, info);
        const row = await answer(part, written, plan);
        for (const [name, { plan: field }] of plan.fields) {
          const isRefused = field.kind === 'column' && isHidden(field.column, row.get(name));
          if (isRefused) throw refusedAt(name, forbidden(actionOf(write.type, 'find')), info);
        }
        return row;
      }),
    TRANSACTION,
  );
}

/** The error of a field of the answer, although the answer is not made. */
function refusedAt(name: string, originalError: ApiError, { fieldNodes, path }: GraphQLResolveInfo): GraphQLError {
  const { message } = originalError;
  return new GraphQLError(message, { nodes: fieldNodes, path: [...responsePathAsArray(path), name], originalError });
}

/** Whether a selected column is never null, and not sure to be read by who may write by this grant. */
function canRefuse(write: ContentWrite, by: Pick<WrittenDocument, 'grant'>, info: GraphQLResolveInfo): boolean {
  const { fields } = planOf(write, by, info);
  return [...fields.values()].some(
    ({ plan }) => plan.kind === 'column' && isHidden(plan.column, null) && plan.when !== 'always',
  );
}

function planOf(write: ContentWrite, by: Pick<WrittenDocument, 'grant'>, info: GraphQLResolveInfo): RowPlan {
  return selectionFor(write.schema, write.operation.viewer.permissions).row(readableWritten(write, by), info);
}

/** The document after the write, with the planned fields. */
async function answer(write: ContentWrite, written: WrittenDocument, plan: RowPlan): Promise<LoadedRow> {
  const { schema, type, operation } = write;
  const { key, value } = written.key;
  const [row] = await schema.reader.byKey(operation, plan.readable, plan, key, [value]);
  if (!row) throw documentNotFound(type); // deleted by another request in the meantime
  return row;
}
