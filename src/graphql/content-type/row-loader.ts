import { createContextCache } from '@pothos/core';
import type { FieldNode, GraphQLResolveInfo } from 'graphql';
import type { Context } from '../context.ts';
import type { Collected } from '../operation/collect-fields.ts';
import { type ContentSchema, declaredRows, readableBy } from './content-schema.ts';
import type { ContentType } from './content-type.ts';
import type { Row } from './model.ts';
import { pathWithoutPositions } from './paths.ts';
import { readableWhole } from './readable.ts';
import { selectionFor } from './selection.ts';
import type { LoadedRow } from './sql/rows.ts';
import { WholeRow } from './whole-row.ts';

/**
 * Loads the selected fields of rows returned by plain Pothos fields, of which only the `id` is known. Rows that the viewer cannot
 * find are not loaded: whatever returned them does not know the rules of the permission.
 */
export type LoadRow = (
  type: ContentType,
  row: Row,
  context: Context,
  info: GraphQLResolveInfo,
) => Promise<LoadedRow | undefined>;

interface Batch {
  readonly ids: Set<number>;
  readonly fields: Map<string, Collected>;
  readonly rows: Promise<ReadonlyMap<number, LoadedRow>>;
}

/**
 * Batches the rows of a list and their fields into one statement, like a DataLoader: the fields of all rows are resolved
 * in one tick, and the batch is loaded after it.
 */
export function createRowLoader(schema: ContentSchema): LoadRow {
  const batchesOf = createContextCache((_context: Context) => new Map<string, Batch>());

  function begin(
    { type, whole }: { readonly type: ContentType; readonly whole: boolean },
    context: Context,
    info: GraphQLResolveInfo,
    ended: () => void,
  ): Batch {
    const ids = new Set<number>();
    const fields = new Map<string, Collected>();
    const rows = new Promise<void>((resolve) => setImmediate(resolve)).then(async () => {
      ended();
      const { permissions } = context.viewer;
      // Who may not find any was let in by a field that grants its rows, with an action of its own.
      const found = whole ? undefined : readableBy(schema, type, 'find', permissions);
      const readable = found ?? readableWhole(type, declaredRows(type, permissions));
      const plan = selectionFor(schema, permissions).rowWith(readable, info, fields);
      const loaded = await schema.reader.byKey(context, readable, plan, 'id', [...ids]);
      return new Map(loaded.map((row) => [row.id, row]));
    });
    return { ids, fields, rows };
  }

  return async (type, row, context, info) => {
    const { id } = row;
    const whole = row instanceof WholeRow;
    const batches = batchesOf(context);
    const key = `${whole ? 'all of ' : ''}${type.model} at ${info.path.prev ? pathWithoutPositions(info.path.prev) : ''}`;
    let batch = batches.get(key);
    if (!batch) {
      batch = begin({ type, whole }, context, info, () => batches.delete(key));
      batches.set(key, batch);
    }
    batch.ids.add(id);
    batch.fields.set(String(info.path.key), {
      field: info.parentType.getFields()[info.fieldName],
      nodes: info.fieldNodes as [FieldNode, ...FieldNode[]], // a resolved field has at least one node
    });
    return (await batch.rows).get(id);
  };
}
