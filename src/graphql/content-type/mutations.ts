import type { InputRef } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import type { Permissions } from '../../authorization/permissions.ts';
import { forbidden, invalidInput } from '../../common/errors.ts';
import type { Context } from '../context.ts';
import { ARGUMENT_CHECK, type ArgumentCheck } from '../operation/refused-fields.ts';
import { actionOf, type ContentSchema, readableBy } from './content-schema.ts';
import type { ContentType } from './content-type.ts';
import { type Checked, checkInput, type Written } from './input/check-input.ts';
import { actionsUsedBy, type Data } from './input/input-type.ts';
import { deleted, missing, relationGone, written } from './input/write.ts';
import { writtenCost } from './list-cost.ts';
import { clientFor, type Row } from './model.ts';
import { selectionFor } from './selection.ts';

/** `createPost`, `updatePost` and `deletePost`, or `updateSiteSetting` and `deleteSiteSetting`. */
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
      authScopes: { action },
      grantScopes: [type.name],
      extensions: { ...inputCheck(schema, type), ...writtenCost },
      args: { data: t.arg({ type: input, required: true }) },
      resolve: async (_root, { data }, context, info) => {
        const { permissions } = context.viewer;
        const options = { permissions, written: undefined, creating: () => true };
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
      authScopes: { action },
      grantScopes: [type.name],
      extensions: { ...inputCheck(schema, type), ...writtenCost },
      args: { documentId: t.arg.id({ required: true }), data: t.arg({ type: input, required: true }) },
      resolve: async (_root, { documentId, data }, context, info) => {
        const { permissions } = context.viewer;
        const document: Written = {
          among: readableBy(schema, type, permissions, 'update'),
          key: 'documentId',
          value: documentId,
        };
        const checked = await checkInput(schema, type, data, { permissions, written: document, creating: () => false });
        if (checked.id === undefined) throw missing(type);
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
      authScopes: { action },
      extensions: writtenCost,
      args: { documentId: t.arg.id({ required: true }) },
      resolve: (_root, { documentId }, { viewer: { permissions } }) =>
        remove(schema, type, permissions, 'documentId', documentId),
    }),
  );
}

/** A single type is written, not created: the first update makes the row. */
function addUpdateTheOne(schema: ContentSchema, type: ContentType, input: InputRef<Data>): void {
  const action = actionOf(type, 'update');
  schema.builder.mutationField(`update${type.name}`, (t) =>
    t.field({
      type: type.name,
      nullable: true,
      authScopes: { action },
      grantScopes: [type.name],
      extensions: { ...inputCheck(schema, type), ...writtenCost },
      args: { data: t.arg({ type: input, required: true }) },
      resolve: async (_root, { data }, context, info) => {
        const { permissions } = context.viewer;
        const document: Written = { among: { type, rule: undefined }, key: 'id', value: 1 };
        const creating = (id: number | undefined) => id === undefined;
        const { id, values } = valid(
          await checkInput(schema, type, data, { permissions, written: document, creating }),
        );
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
      authScopes: { action },
      extensions: writtenCost,
      resolve: (_root, _args, { viewer: { permissions } }) => remove(schema, type, permissions, 'id', 1),
    }),
  );
}

/** Before anything of a mutation runs: whoever may not find what the data names, may not name it. */
function inputCheck(schema: ContentSchema, type: ContentType) {
  const check: ArgumentCheck = ({ data }, permissions) => {
    const missing = actionsUsedBy(schema, type, data as Data).find((action) => !permissions.allows(action));
    return missing === undefined ? undefined : forbidden(missing);
  };
  return { [ARGUMENT_CHECK]: check };
}

function valid(checked: Checked): Checked {
  if (checked.faults.length > 0) throw invalidInput(checked.faults);
  return checked;
}

async function create(schema: ContentSchema, type: ContentType, data: object): Promise<number> {
  const row = await written(type, relationGone(), () =>
    clientFor(schema.prisma, type.model).create({ data, select: { id: true } }),
  );
  return row['id'] as number;
}

async function update(schema: ContentSchema, type: ContentType, id: number, data: object): Promise<void> {
  const query = { where: { id }, data, select: { id: true } };
  await written(type, missing(type), () => clientFor(schema.prisma, type.model).update(query));
}

async function remove(
  schema: ContentSchema,
  type: ContentType,
  permissions: Permissions,
  key: 'id' | 'documentId',
  value: string | number,
): Promise<{ documentId: string }> {
  const among = readableBy(schema, type, permissions, 'delete');
  const fields = new Map([['documentId', { position: 1, plan: { kind: 'column', column: type.documentId } as const }]]);
  // As if it were alone: what was read before is no reason not to delete.
  const [row] = await schema.reader.byKey({}, among, { type, fields }, key, [value]);
  if (!row) throw missing(type);
  await deleted(type, () => clientFor(schema.prisma, type.model).deleteMany({ where: { id: row.id } }));
  return { documentId: String(row.get('documentId')) };
}

/** The document as it is now, with what was selected of it. */
async function answer(
  schema: ContentSchema,
  type: ContentType,
  id: number,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<Row> {
  const plan = selectionFor(schema, context.viewer.permissions).row(type, info);
  const [row] = await schema.reader.byKey(context, { type, rule: undefined }, plan, 'id', [id]);
  if (!row) throw missing(type); // somebody deleted it at once
  return row as unknown as Row;
}
