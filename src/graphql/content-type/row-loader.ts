import { createContextCache } from '@pothos/core';
import type { FieldNode, GraphQLResolveInfo } from 'graphql';
import type { Permissions } from '../../authorization/permissions.ts';
import type { Context } from '../context.ts';
import type { Collected } from '../operation/collect-fields.ts';
import { type ContentSchema, declaredRows, readableBy } from './content-schema.ts';
import type { ContentType } from './content-type.ts';
import { guardedRowOf } from './guarded-row.ts';
import { pathWithoutPositions } from './paths.ts';
import { type Readable, readableWhole } from './readable.ts';
import type { Row } from './row.ts';
import { rowIdOf } from './row-key.ts';
import { selectionFor } from './selection.ts';
import type { LoadedRow } from './sql/rows.ts';
import { WholeRow } from './whole-row.ts';

/**
 * Loads the selected fields of rows returned by plain Pothos fields, of which only the key is known. Rows that the viewer cannot
 * find are not loaded: whatever returned them does not know the rules of the permission.
 */
export type LoadRow = (
  type: ContentType,
  row: Row,
  context: Context,
  info: GraphQLResolveInfo,
) => Promise<LoadedRow | undefined>;

interface Batch {
  readonly ids: Set<number | string>;
  readonly fields: Map<string, Collected>;
  readonly rows: Promise<ReadonlyMap<number | string, LoadedRow>>;
}

/**
 * Batches the rows of a list and their fields into one statement, like a DataLoader: the fields of all rows are resolved
 * in one tick, and the batch is loaded after it.
 */
export function createRowLoader(schema: ContentSchema): LoadRow {
  const wholes = new WeakMap<Permissions, Map<ContentType, Readable>>();
  /** Of rows that the viewer can read the same of, by type and place. */
  const batchesOf = createContextCache((_context: Context) => new Map<Readable, Map<string, Batch>>());

  /** What the viewer can read of a row: of one that came without it, what they can find. */
  function readableIn(type: ContentType, row: Row, { viewer: { permissions } }: Context): Readable {
    const known = guardedRowOf(row)?.readable;
    if (known) return known;
    if (row instanceof WholeRow) return wholeOf(type, permissions);
    // Who may not find any was let in by a field that grants its rows, with an action of its own.
    return readableBy(schema, type, 'find', permissions) ?? wholeOf(type, permissions);
  }

  /** The same object for each row, so that rows share a batch. */
  function wholeOf(type: ContentType, permissions: Permissions): Readable {
    const known = wholes.get(permissions) ?? new Map<ContentType, Readable>();
    wholes.set(permissions, known);
    const readable = known.get(type) ?? readableWhole(type, declaredRows(type, permissions));
    known.set(type, readable);
    return readable;
  }

  function begin(
    type: ContentType,
    readable: Readable,
    context: Context,
    info: GraphQLResolveInfo,
    ended: () => void,
  ): Batch {
    const ids = new Set<number | string>();
    const fields = new Map<string, Collected>();
    const rows = new Promise<void>((resolve) => setImmediate(resolve)).then(async () => {
      ended();
      const plan = selectionFor(schema, context.viewer.permissions).rowWith(readable, info, fields);
      const loaded = await schema.reader.byKey(context, readable, plan, type.hasId ? 'id' : 'documentId', [...ids]);
      return new Map(loaded.map((row) => [row.id, row]));
    });
    return { ids, fields, rows };
  }

  return async (type, row, context, info) => {
    const id = rowIdOf(type, row);
    const readable = readableIn(type, row, context);
    const all = batchesOf(context);
    const batches = all.get(readable) ?? new Map<string, Batch>();
    all.set(readable, batches);
    const key = `${type.model} at ${info.path.prev ? pathWithoutPositions(info.path.prev) : ''}`;
    let batch = batches.get(key);
    if (!batch) {
      batch = begin(type, readable, context, info, () => batches.delete(key));
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
