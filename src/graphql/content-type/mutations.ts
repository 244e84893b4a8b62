import type { InputRef } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import { forbidden, refuse } from '../../common/errors.ts';
import type { Context } from '../context.ts';
import { ARGUMENT_CHECK, type ArgumentCheck } from '../operation/refused-fields.ts';
import { actionOf } from './actions.ts';
import { type ContentSchema, type DynamicTypes, declaredRows, readableBy } from './content-schema.ts';
import type { ContentType } from './content-type.ts';
import { checkInput } from './input/check-input.ts';
import type { Data } from './input/input-type.ts';
import { type Precondition, writtenAtOf } from './input/precondition.ts';
import { grantsToSend, refusalOfData } from './input/writable.ts';
import {
  createDocument,
  createTheOne,
  type DocumentWrite,
  deleteDocument,
  updateDocument,
  type WrittenDocument,
} from './input/write.ts';
import { documentNotFound } from './input/write-failure.ts';
import type { RowKey } from './input/write-sql.ts';
import { writeCost } from './list-cost.ts';
import type { Row } from './model.ts';
import { readableAfterWrite } from './readable.ts';
import { selectionFor } from './selection.ts';

/** Adds `createPost`, `updatePost` and `deletePost`, or `updateSiteSetting` and `deleteSiteSetting`. */
export function addMutations(schema: ContentSchema, type: ContentType, input: InputRef<Data>): void {
  if (type.kind === 'single') {
    addUpdateTheOne(schema, type, input);
    addDeleteTheOne(schema, type);
    return;
  }
  addCreate(schema, type, input);
  addUpdate(schema, type, input);
  addDelete(schema, type);
}

function addCreate(schema: ContentSchema, type: ContentType, input: InputRef<Data>): void {
  const action = actionOf(type, 'create');
  schema.builder.mutationField(`create${type.name}`, (t) =>
    t.field({
      type: type.name,
      nullable: true,
      authScopes: { actionWithRules: action },
      grantScopes: [type.name],
      extensions: { ...inputCheck(schema, type, 'create'), ...writeCost },
      args: { data: t.arg({ type: input, required: true }) },
      resolve: async (_root, { data }, context, info) => {
        const write = writeOf(schema, type, 'create', context, data);
        const created = await create(write, data);
        return answer(write, created, context, info);
      },
    }),
  );
}

function addUpdate(schema: ContentSchema, type: ContentType, input: InputRef<Data>): void {
  const action = actionOf(type, 'update');
  schema.builder.mutationField(`update${type.name}`, (t) =>
    t.field({
      type: type.name,
      nullable: true,
      authScopes: { actionWithRules: action },
      grantScopes: [type.name],
      extensions: { ...inputCheck(schema, type, 'update'), ...writeCost },
      args: {
        documentId: t.arg.id({ required: true }),
        data: t.arg({ type: input, required: true }),
        ...preconditionArgument(t.arg, schema, type),
      },
      resolve: async (_root, { documentId, data, ifUpdatedAt }, context, info) => {
        const write = {
          ...writeOf(schema, type, 'update', context, data),
          precondition: preconditionIn(type, ifUpdatedAt),
        };
        const updated = await update(write, { key: 'documentId', value: documentId }, data);
        return answer(write, updated, context, info);
      },
    }),
  );
}

function addDelete(schema: ContentSchema, type: ContentType): void {
  const action = actionOf(type, 'delete');
  schema.builder.mutationField(`delete${type.name}`, (t) =>
    t.field({
      type: schema.deleted,
      nullable: true,
      authScopes: { actionWithRules: action },
      extensions: writeCost,
      args: { documentId: t.arg.id({ required: true }) },
      resolve: async (_root, { documentId }, context) => {
        const row = { key: 'documentId', value: documentId } as const;
        return { documentId: await deleteDocument(writeOf(schema, type, 'delete', context), row) };
      },
    }),
  );
}

/** The row of a single type. */
const THE_ONE = { key: 'id', value: 1 } as const;

/** A single type has no create: the first update inserts the row. */
function addUpdateTheOne(schema: ContentSchema, type: ContentType, input: InputRef<Data>): void {
  const action = actionOf(type, 'update');
  schema.builder.mutationField(`update${type.name}`, (t) =>
    t.field({
      type: type.name,
      nullable: true,
      authScopes: { actionWithRules: action },
      grantScopes: [type.name],
      extensions: { ...inputCheck(schema, type, 'update'), ...writeCost },
      args: { data: t.arg({ type: input, required: true }), ...preconditionArgument(t.arg, schema, type) },
      resolve: async (_root, { data, ifUpdatedAt }, context, info) => {
        const write = {
          ...writeOf(schema, type, 'update', context, data),
          precondition: preconditionIn(type, ifUpdatedAt),
        };
        const written = await updateTheOne(write, data);
        return answer(write, written, context, info);
      },
    }),
  );
}

function addDeleteTheOne(schema: ContentSchema, type: ContentType): void {
  const action = actionOf(type, 'delete');
  schema.builder.mutationField(`delete${type.name}`, (t) =>
    t.field({
      type: schema.deleted,
      nullable: true,
      authScopes: { actionWithRules: action },
      extensions: writeCost,
      resolve: async (_root, _args, context) => ({
        documentId: await deleteDocument(writeOf(schema, type, 'delete', context), THE_ONE),
      }),
    }),
  );
}

/** Before any mutation runs: what the data needs beside the action of the field. */
function inputCheck(schema: ContentSchema, type: ContentType, verb: 'create' | 'update') {
  // GraphQL validated it against the input type of this content type.
  const check: ArgumentCheck = ({ data }, permissions) => refusalOfData(schema, type, verb, data as Data, permissions);
  return { [ARGUMENT_CHECK]: check };
}

type ArgBuilder = PothosSchemaTypes.RootFieldBuilder<DynamicTypes, unknown>['arg'];

/** `ifUpdatedAt`, in a schema that has it, for a type that says when a document was written last. */
function preconditionArgument(arg: ArgBuilder, schema: ContentSchema, type: ContentType) {
  const column = schema.hasPreconditions ? writtenAtOf(type) : undefined;
  return {
    ...(column && {
      ifUpdatedAt: arg({
        type: 'DateTime',
        description: `\`${column.name}\` as it was read. With another one now, nothing is written, and the error is at this argument.`,
      }),
    }),
  };
}

function preconditionIn(type: ContentType, given: unknown): Precondition | undefined {
  const column = writtenAtOf(type);
  return column && given instanceof Date ? { column: column.column, at: given } : undefined;
}

/** A write with the grants that can allow it: those that hold all fields that were sent. */
function writeOf(
  schema: ContentSchema,
  type: ContentType,
  verb: 'create' | 'update' | 'delete',
  operation: Context,
  data: Data = {},
): DocumentWrite {
  const { permissions } = operation.viewer;
  const action = actionOf(type, verb);
  const grants = grantsToSend(schema, type, verb, data, permissions);
  if (grants.length === 0) throw forbidden(action); // checked before, by the guard of the field and its inputCheck()
  return { schema, type, action, grants, declared: declaredRows(type, permissions), operation };
}

async function create(write: DocumentWrite, data: Data): Promise<WrittenDocument> {
  const { grants, faults, assignments } = await checkInput(write, data, undefined);
  refuse(faults);
  return createDocument({ ...write, grants }, assignments);
}

async function update(write: DocumentWrite, row: RowKey, data: Data): Promise<WrittenDocument> {
  const { grants, faults, assignments } = await checkInput(write, data, { ...row, orCreated: false });
  if (grants.length === 0) throw documentNotFound(write.type);
  refuse(faults);
  // Grants that do not allow the document are not tried. The write asks the others again.
  return updateDocument({ ...write, grants }, row, assignments);
}

async function updateTheOne(write: DocumentWrite, data: Data, attempts = 3): Promise<WrittenDocument> {
  const { exists, grants, faults, assignments } = await checkInput(write, data, { ...THE_ONE, orCreated: true });
  if (grants.length === 0) throw documentNotFound(write.type);
  refuse(faults);
  if (exists) return updateDocument({ ...write, grants }, THE_ONE, assignments);
  if (write.precondition) throw documentNotFound(write.type);
  const created = await createTheOne({ ...write, grants }, assignments, THE_ONE.value);
  if (created) return created;
  if (attempts === 1) throw new Error(`${write.type.model} is not there, and cannot be created`);
  return updateTheOne(write, data, attempts - 1); // somebody else created it at this moment
}

/** The document after the write, with the selected fields: what the grant that allowed it shows, and what the viewer can find. */
async function answer(
  { schema, type }: DocumentWrite,
  { id, grant }: WrittenDocument,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<Row> {
  const { permissions } = context.viewer;
  const found = (['find', 'findOne'] as const).map((verb) => readableBy(schema, type, verb, permissions));
  const readable = readableAfterWrite(type, grant, found);
  const plan = selectionFor(schema, permissions).row(readable, info);
  const [row] = await schema.reader.byKey(context, readable, plan, 'id', [id]);
  if (!row) throw documentNotFound(type); // deleted by another request in the meantime
  return row;
}
