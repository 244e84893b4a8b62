import type { InputRef } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import { forbidden, invalidInput } from '../../common/errors.ts';
import type { Context } from '../context.ts';
import { ARGUMENT_CHECK, type ArgumentCheck } from '../operation/refused-fields.ts';
import { actionOf } from './actions.ts';
import { type ContentSchema, declaredRows, grantsOf } from './content-schema.ts';
import type { ContentType } from './content-type.ts';
import { type CheckedInput, checkInput, type TargetDocument } from './input/check-input.ts';
import { actionsRequiredBy, type Data } from './input/input-type.ts';
import { deleteDocument, documentNotFound, relatedDocumentNotFound, writeDocument } from './input/write.ts';
import { writeCost } from './list-cost.ts';
import { clientFor, type Row } from './model.ts';
import { type Readable, readableWhole, readableWith } from './readable.ts';
import { selectionFor } from './selection.ts';
import { rowPlan } from './sql/plan.ts';

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
      extensions: { ...inputCheck(schema, type), ...writeCost },
      args: { data: t.arg({ type: input, required: true }) },
      resolve: async (_root, { data }, context, info) => {
        const options = { operation: context, target: undefined, creating: () => true };
        const { values } = valid(await checkInput(schema, type, data, options));
        const id = await create(schema, type, values);
        return answer(schema, type, id, context, info);
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
      extensions: { ...inputCheck(schema, type), ...writeCost },
      args: { documentId: t.arg.id({ required: true }), data: t.arg({ type: input, required: true }) },
      resolve: async (_root, { documentId, data }, context, info) => {
        const document: TargetDocument = {
          allowed: writableRows(schema, type, context, 'update'),
          key: 'documentId',
          value: documentId,
        };
        const checked = await checkInput(schema, type, data, {
          operation: context,
          target: document,
          creating: () => false,
        });
        if (checked.id === undefined) throw documentNotFound(type);
        await update(schema, type, checked.id, valid(checked).values);
        return answer(schema, type, checked.id, context, info);
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
      resolve: (_root, { documentId }, context) => remove(schema, type, context, 'documentId', documentId),
    }),
  );
}

/** A single type has no create: the first update inserts the row. */
function addUpdateTheOne(schema: ContentSchema, type: ContentType, input: InputRef<Data>): void {
  const action = actionOf(type, 'update');
  schema.builder.mutationField(`update${type.name}`, (t) =>
    t.field({
      type: type.name,
      nullable: true,
      authScopes: { actionWithRules: action },
      grantScopes: [type.name],
      extensions: { ...inputCheck(schema, type), ...writeCost },
      args: { data: t.arg({ type: input, required: true }) },
      resolve: async (_root, { data }, context, info) => {
        const document: TargetDocument = { allowed: readableWhole(type, undefined), key: 'id', value: 1 };
        const creating = (id: number | undefined) => id === undefined;
        const options = { operation: context, target: document, creating };
        const { id, values } = valid(await checkInput(schema, type, data, options));
        if (id === undefined) await create(schema, type, { ...values, id: 1 });
        else await update(schema, type, id, values);
        return answer(schema, type, 1, context, info);
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
      resolve: (_root, _args, context) => remove(schema, type, context, 'id', 1),
    }),
  );
}

/** Before any mutation runs: the viewer needs `find` on the types that the data refers to. */
function inputCheck(schema: ContentSchema, type: ContentType) {
  const check: ArgumentCheck = ({ data }, permissions) => {
    // GraphQL validated it against the input type of this content type.
    const missing = actionsRequiredBy(schema, type, data as Data).find((action) => !permissions.allows(action));
    return missing === undefined ? undefined : forbidden(missing);
  };
  return { [ARGUMENT_CHECK]: check };
}

function valid(checked: CheckedInput): CheckedInput {
  if (checked.faults.length > 0) throw invalidInput(checked.faults);
  return checked;
}

async function create(schema: ContentSchema, type: ContentType, data: object): Promise<number> {
  const row = await writeDocument(type, relatedDocumentNotFound(), () =>
    clientFor(schema.prisma, type.model).create({ data, select: { id: true } }),
  );
  return row.id;
}

async function update(schema: ContentSchema, type: ContentType, id: number, data: object): Promise<void> {
  const query = { where: { id }, data, select: { id: true } };
  await writeDocument(type, documentNotFound(type), () => clientFor(schema.prisma, type.model).update(query));
}

/** The rows that one of the viewer's grants allows to be written. */
function writableRows(
  schema: ContentSchema,
  type: ContentType,
  { viewer: { permissions } }: Context,
  verb: 'update' | 'delete',
): Readable {
  const grants = grantsOf(schema, type, verb, permissions);
  if (!grants) throw forbidden(actionOf(type, verb));
  const declared = declaredRows(type, permissions);
  return grants === 'all' ? readableWhole(type, declared) : readableWith(type, grants, declared);
}

async function remove(
  schema: ContentSchema,
  type: ContentType,
  context: Context,
  key: 'id' | 'documentId',
  value: string | number,
): Promise<{ documentId: string }> {
  const allowed = writableRows(schema, type, context, 'delete');
  const plan = rowPlan(allowed, [['documentId', { kind: 'column', column: type.documentId, when: 'always' }]]);
  // With a read budget of its own: what other fields have read must not prevent the delete.
  const [row] = await schema.reader.byKey({ viewer: context.viewer }, allowed, plan, key, [value]);
  if (!row) throw documentNotFound(type);
  await deleteDocument(type, () => clientFor(schema.prisma, type.model).deleteMany({ where: { id: row.id } }));
  return { documentId: String(row.get('documentId')) };
}

/** The document after the write, with the selected fields. */
async function answer(
  schema: ContentSchema,
  type: ContentType,
  id: number,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<Row> {
  const readable = readableWhole(type, undefined);
  const plan = selectionFor(schema, context.viewer.permissions).row(readable, info);
  const [row] = await schema.reader.byKey(context, readable, plan, 'id', [id]);
  if (!row) throw documentNotFound(type); // deleted by another request in the meantime
  return row;
}
