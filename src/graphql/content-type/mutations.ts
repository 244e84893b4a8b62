import type { InputRef } from '@pothos/core';
import { ARGUMENT_CHECK, type ArgumentCheck } from '../operation/refused-fields.ts';
import { actionOf } from './actions.ts';
import type { ContentSchema, DynamicTypes } from './content-schema.ts';
import type { ContentType } from './content-type.ts';
import type { Data } from './input/input-type.ts';
import { type Precondition, writtenAtOf } from './input/precondition.ts';
import { refusalOfData } from './input/writable.ts';
import { writeCost } from './list-cost.ts';
import { writeAndAnswer } from './write-and-answer.ts';
import { create, remove, THE_ONE, update, updateTheOne, writeOf } from './write-content.ts';

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
        return writeAndAnswer(write, info, (part) => create(part, data));
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
        return writeAndAnswer(write, info, (part) => update(part, { key: 'documentId', value: documentId }, data));
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
        return { documentId: await remove(writeOf(schema, type, 'delete', context), row) };
      },
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
      extensions: { ...inputCheck(schema, type, 'update'), ...writeCost },
      args: { data: t.arg({ type: input, required: true }), ...preconditionArgument(t.arg, schema, type) },
      resolve: async (_root, { data, ifUpdatedAt }, context, info) => {
        const write = {
          ...writeOf(schema, type, 'update', context, data),
          precondition: preconditionIn(type, ifUpdatedAt),
        };
        return writeAndAnswer(write, info, (part) => updateTheOne(part, data));
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
        documentId: await remove(writeOf(schema, type, 'delete', context), THE_ONE),
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
        description: `\`${column.name}\` as it was read${type.kind === 'single' ? '; null, if there was no document' : ''}. With another one now, nothing is written, and the error is at this argument.`,
      }),
    }),
  };
}

function preconditionIn(type: ContentType, given: unknown): Precondition | undefined {
  const column = writtenAtOf(type);
  if (!column) return undefined;
  if (given instanceof Date) return { column: column.column, at: given };
  return type.kind === 'single' && given === null ? { column: column.column, at: null } : undefined;
}
