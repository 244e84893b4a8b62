import type { InputRef } from '@pothos/core';
import { USED_ACTIONS, type UsedActions } from '../../authorization/operation-check.ts';
import type { Permissions } from '../../authorization/permissions.ts';
import { forbidden, invalidInput } from '../../errors.ts';
import { actionOf, type ContentSchema } from './content-schema.ts';
import type { ContentType } from './content-type.ts';
import { actionsUsedBy, type Data, prepare } from './input.ts';
import { clientFor } from './model.ts';
import { missing, relationGone, written } from './write.ts';

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
  schema.builder.mutationField(`create${type.model}`, (t) =>
    t.prismaField({
      type: type.model,
      nullable: true,
      authScopes: { action },
      grantScopes: [type.model],
      extensions: usedActions(schema, type),
      args: { data: t.arg({ type: input, required: true }) },
      resolve: async (query, _root, { data }, { viewer }) => {
        const values = await valid(schema, type, data, { creating: true, permissions: viewer.permissions });
        return written(type, relationGone(), () =>
          clientFor(schema.prisma, type.model).create({ ...query, data: values }),
        );
      },
    }),
  );
}

function addUpdate(schema: ContentSchema, type: ContentType, input: InputRef<Data>): void {
  const action = actionOf(type, 'update');
  schema.builder.mutationField(`update${type.model}`, (t) =>
    t.prismaField({
      type: type.model,
      nullable: true,
      authScopes: { action },
      grantScopes: [type.model],
      extensions: usedActions(schema, type),
      args: { documentId: t.arg.id({ required: true }), data: t.arg({ type: input, required: true }) },
      resolve: async (query, _root, { documentId, data }, { viewer }) => {
        const client = clientFor(schema.prisma, type.model);
        const where = { documentId, AND: [viewer.permissions.rule(action)?.where ?? {}] };
        if (!(await client.findFirst({ where, select: { id: true } }))) throw missing(type);
        const values = await valid(schema, type, data, { creating: false, permissions: viewer.permissions });
        return written(type, missing(type), () => client.update({ ...query, where, data: values }));
      },
    }),
  );
}

function addDelete({ builder, prisma, deleted }: ContentSchema, type: ContentType): void {
  const action = actionOf(type, 'delete');
  builder.mutationField(`delete${type.model}`, (t) =>
    t.field({
      type: deleted,
      nullable: true,
      authScopes: { action },
      args: { documentId: t.arg.id({ required: true }) },
      resolve: async (_root, { documentId }, { viewer }) => {
        const rule = viewer.permissions.rule(action)?.where ?? {};
        const { count } = await clientFor(prisma, type.model).deleteMany({ where: { documentId, AND: [rule] } });
        if (count === 0) throw missing(type);
        return { documentId };
      },
    }),
  );
}

/** A single type is written, not created: the first update makes the row. */
function addUpdateTheOne(schema: ContentSchema, type: ContentType, input: InputRef<Data>): void {
  const action = actionOf(type, 'update');
  schema.builder.mutationField(`update${type.model}`, (t) =>
    t.prismaField({
      type: type.model,
      nullable: true,
      authScopes: { action },
      grantScopes: [type.model],
      extensions: usedActions(schema, type),
      args: { data: t.arg({ type: input, required: true }) },
      resolve: async (query, _root, { data }, { viewer }) => {
        const client = clientFor(schema.prisma, type.model);
        const { permissions } = viewer;
        const exists = await client.findFirst({ where: { id: 1 }, select: { id: true } });
        const values = await valid(schema, type, data, { creating: !exists, permissions });
        const rule = permissions.rule(action)?.where ?? {};
        return written(type, missing(type), () =>
          exists
            ? client.update({ ...query, where: { id: 1, AND: [rule] }, data: values })
            : client.create({ ...query, data: { ...values, id: 1 } }),
        );
      },
    }),
  );
}

function addDeleteTheOne({ builder, prisma, deleted }: ContentSchema, type: ContentType): void {
  const action = actionOf(type, 'delete');
  builder.mutationField(`delete${type.model}`, (t) =>
    t.field({
      type: deleted,
      nullable: true,
      authScopes: { action },
      resolve: async (_root, _args, { viewer }) => {
        const client = clientFor(prisma, type.model);
        const rule = viewer.permissions.rule(action)?.where ?? {};
        const row = await client.findFirst({ where: { AND: [{ id: 1 }, rule] }, select: { documentId: true } });
        if (!row) throw missing(type);
        const { documentId } = row as { documentId: string };
        const { count } = await client.deleteMany({ where: { documentId } });
        if (count === 0) throw missing(type);
        return { documentId };
      },
    }),
  );
}

function usedActions(schema: ContentSchema, type: ContentType) {
  const used: UsedActions = ({ data }) => actionsUsedBy(schema, type, data as Data);
  return { [USED_ACTIONS]: used };
}

/** What to write, once nothing is wrong with it and the viewer may find every document it names. */
async function valid(
  schema: ContentSchema,
  type: ContentType,
  data: Data,
  options: { readonly creating: boolean; readonly permissions: Permissions },
): Promise<Record<string, unknown>> {
  for (const action of actionsUsedBy(schema, type, data)) {
    if (!options.permissions.allows(action)) throw forbidden(action);
  }
  const { faults, values } = await prepare(schema, type, data, options);
  if (faults.length > 0) throw invalidInput(faults);
  return values;
}
