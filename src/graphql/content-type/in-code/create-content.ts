import { AsyncLocalStorage } from 'node:async_hooks';
import type { GraphQLSchema } from 'graphql';
import { refusalOf } from '../../../authorization/guard.ts';
import { timedOut } from '../../../common/errors.ts';
import { inTransaction } from '../../../database/retry.ts';
import type { ModelTypesOfApp } from '../../../register.ts';
import type { Context } from '../../context.ts';
import { actionOf, verbsOf } from '../actions.ts';
import { type ListArguments, readListArguments } from '../arguments/list-arguments.ts';
import { type ContentSchema, listBoundsOf, readableOf } from '../content-schema.ts';
import type { ContentType, Verb } from '../content-type.ts';
import { guardRow } from '../guarded-row.ts';
import { refusalOfData } from '../input/writable.ts';
import type { WrittenDocument } from '../input/write.ts';
import { documentNotFound } from '../input/write-failure.ts';
import type { RowKey } from '../input/write-sql.ts';
import { TRANSACTION } from '../input/write-statements.ts';
import { showingConflicts, withinTransaction } from '../within-transaction.ts';
import {
  type ContentWrite,
  create,
  readableWritten,
  remove,
  THE_ONE,
  update,
  updateTheOne,
  writeOf,
} from '../write-content.ts';
import type { Content, ContentDocument, ContentFunctions } from './content.ts';
import { documentIn, planOf } from './documents.ts';
import { readData, readListInput, readSet } from './read-input.ts';

/**
 * Content for code of the project: what the generated fields do, as functions.
 *
 * @param graphql the finished schema: data is read by its input types.
 */
export function createContent(schema: ContentSchema, graphql: () => GraphQLSchema): Content<ModelTypesOfApp> {
  /** Whether this code is called by the work of a transaction. */
  const inside = new AsyncLocalStorage<true>();
  const outside = () => {
    // On the embedded database it would wait for the connection that the transaction has.
    if (inside.getStore()) throw new Error('In a transaction, use the `content` that its function is given');
    return schema;
  };
  return {
    ...functionsOf(outside, graphql),
    async transaction(context, work) {
      outside();
      if (context.deadline.aborted) throw timedOut();
      return inTransaction(
        schema.prisma,
        (transaction) => {
          const part = withinTransaction(schema, transaction);
          const functions = functionsOf(() => part, graphql);
          return inside.run(true, () => showingConflicts(() => work(functions, transaction)));
        },
        TRANSACTION,
      );
    },
    type(model) {
      // Pothos knows it by its name, too.
      return typeOf(schema, model).name as unknown as ReturnType<Content<ModelTypesOfApp>['type']>;
    },
  } as Content<ModelTypesOfApp>;
}

// The types of each model are those of `Content`. Inside, models are known by name.

interface Options {
  readonly set?: object;
  readonly select?: readonly string[];
}

type Document = ContentDocument<{ Shape: object; Relations: object }, never>;

function functionsOf(current: () => ContentSchema, graphql: () => GraphQLSchema) {
  /** @throws ApiError FORBIDDEN without the action. */
  function begin(model: string, verb: Verb, { viewer, deadline }: Context) {
    const schema = current();
    const type = typeOf(schema, model);
    if (!verbsOf(type).includes(verb)) throw new Error(`${model} has no ${verb} for clients. Use prisma`);
    // Code that goes on after the operation was ended must not write: clients were told that it took too long.
    if (deadline.aborted) throw timedOut();
    const action = actionOf(type, verb);
    if (!viewer.permissions.allows(action)) throw refusalOf(viewer.permissions, action);
    return { schema, type };
  }

  function beginWrite(model: string, verb: 'create' | 'update', data: object, context: Context, { set }: Options) {
    const { schema, type } = begin(model, verb, context);
    const sent = readData(graphql(), type, data);
    const refusal = refusalOfData(schema, type, verb, sent, context.viewer.permissions);
    if (refusal) throw refusal;
    const write: ContentWrite = {
      ...writeOf(schema, type, verb, context, sent),
      set: set && readSet(type, verb, set),
    };
    return { write, sent };
  }

  async function answer(write: ContentWrite, written: WrittenDocument, { select = [] }: Options): Promise<Document> {
    const { schema, type, operation } = write;
    const readable = readableWritten(write, written);
    if (select.length === 0) {
      return guardRow({ documentId: written.documentId }, { id: written.key.value, readable });
    }
    const { plan, columns } = planOf(readable, select);
    const { key, value } = written.key;
    const [row] = await schema.reader.byKey(operation, readable, plan, key, [value]);
    if (!row) throw documentNotFound(type); // deleted by another request in the meantime
    return documentIn(row, readable, columns);
  }

  return {
    async create(model: string, data: object, context: Context, options: Options = {}) {
      const { write, sent } = beginWrite(model, 'create', data, context, options);
      return answer(write, await create(write, sent), options);
    },
    async update(model: string, documentId: string | null, data: object, context: Context, options: Options = {}) {
      const { write, sent } = beginWrite(model, 'update', data, context, options);
      const row = rowOf(write.type, documentId);
      const written = await (write.type.kind === 'single' ? updateTheOne(write, sent) : update(write, row, sent));
      return answer(write, written, options);
    },
    async delete(model: string, documentId: string | null, context: Context) {
      const { schema, type } = begin(model, 'delete', context);
      return remove(writeOf(schema, type, 'delete', context), rowOf(type, documentId));
    },
    async findOne(model: string, documentId: string | null, context: Context, { select }: Options = {}) {
      const verb = typeOf(current(), model).kind === 'single' ? 'find' : 'findOne';
      const { schema, type } = begin(model, verb, context);
      const readable = readableOf(schema, type, verb, context.viewer.permissions);
      const { plan, columns } = planOf(readable, select);
      const { key, value } = rowOf(type, documentId);
      const [row] = await schema.reader.byKey(context, readable, plan, key, [value]);
      return row ? documentIn(row, readable, columns) : null;
    },
    async findMany(model: string, { select, ...args }: ListArguments & Pick<Options, 'select'>, context: Context) {
      const { schema, type } = begin(model, 'find', context);
      if (type.kind === 'single') throw new Error(`${model} has one document. Use findOne`);
      const { permissions } = context.viewer;
      const readable = readableOf(schema, type, 'find', permissions);
      const query = readListArguments(
        readable,
        readListInput(graphql(), type, args),
        listBoundsOf(schema, permissions),
      );
      const { plan, columns } = planOf(readable, select);
      const rows = await schema.reader.list(context, readable, { query, row: plan });
      return rows.map((row) => documentIn(row, readable, columns));
    },
  } as unknown as ContentFunctions<ModelTypesOfApp>;
}

function typeOf({ types }: ContentSchema, model: string): ContentType {
  const type = types.get(model);
  if (!type) throw new Error(`${model} is not a content type. Use prisma`);
  if (type.relatedOnly) throw new Error(`${model} is reached through relations only. Use prisma`);
  return type;
}

function rowOf({ kind, model }: ContentType, documentId: string | null): RowKey {
  if (kind === 'single' && documentId === null) return THE_ONE;
  // Not type checked where it comes from an argument.
  if (kind === 'collection' && typeof documentId === 'string') return { key: 'documentId', value: documentId };
  const what = kind === 'single' ? 'is a single type: its documentId is null here' : 'needs a documentId';
  throw new Error(`${model} ${what}`);
}
