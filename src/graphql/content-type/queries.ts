import { actionOf } from './actions.ts';
import { readListArguments } from './arguments/list-arguments.ts';
import { maxRows } from './arguments/pagination.ts';
import { type ContentSchema, connectionTypeOf, listBoundsOf, readableOf } from './content-schema.ts';
import type { ContentType } from './content-type.ts';
import { readDocumentKey } from './document-key.ts';
import { listCost } from './list-cost.ts';
import { listArguments } from './list-field.ts';
import { selectionFor } from './selection.ts';

/** Adds `post`, `posts` and `posts_connection`, or `siteSetting`. */
export function addQueries(schema: ContentSchema, type: ContentType): void {
  if (type.kind === 'single') {
    addTheOne(schema, type);
    return;
  }
  if (type.numericId) addFindOneByEither(schema, type);
  else addFindOne(schema, type);
  addFind(schema, type);
  addFindConnection(schema, type);
}

function addFindOne(schema: ContentSchema, type: ContentType): void {
  const action = actionOf(type, 'findOne');
  schema.builder.queryField(type.singular, (t) =>
    t.field({
      type: type.name,
      nullable: true,
      authScopes: { actionWithRules: action },
      grantScopes: [type.name],
      args: { documentId: t.arg.id({ required: true }) },
      resolve: async (_root, { documentId }, context, info) => {
        const { permissions } = context.viewer;
        const readable = readableOf(schema, type, 'findOne', permissions);
        const plan = selectionFor(schema, permissions).row(readable, info);
        const rows = await schema.reader.byKey(context, readable, plan, 'documentId', [documentId]);
        return rows[0];
      },
    }),
  );
}

/** The query for one document accepts its documentId or its numeric id. */
function addFindOneByEither(schema: ContentSchema, type: ContentType): void {
  const action = actionOf(type, 'findOne');
  schema.builder.queryField(type.singular, (t) =>
    t.field({
      type: type.name,
      nullable: true,
      authScopes: { actionWithRules: action },
      grantScopes: [type.name],
      args: { documentId: t.arg.id(), id: t.arg.id() },
      resolve: async (_root, args, context, info) => {
        const { permissions } = context.viewer;
        const { key, value } = readDocumentKey(type, args);
        const readable = readableOf(schema, type, 'findOne', permissions);
        const plan = selectionFor(schema, permissions).row(readable, info);
        const rows = await schema.reader.byKey(context, readable, plan, key, [value]);
        return rows[0];
      },
    }),
  );
}

function addFind(schema: ContentSchema, type: ContentType): void {
  const action = actionOf(type, 'find');
  schema.builder.queryField(type.plural, (t) =>
    t.field({
      type: [type.name],
      nullable: true,
      authScopes: { actionWithRules: action },
      grantScopes: [type.name],
      args: listArguments(t.arg, schema, type),
      extensions: { ...maxRows(schema.largestPage), ...listCost(schema, type) },
      resolve: (_root, args, context, info) => {
        const { permissions } = context.viewer;
        const readable = readableOf(schema, type, 'find', permissions);
        const query = readListArguments(readable, args, listBoundsOf(schema, permissions));
        const row = selectionFor(schema, permissions).row(readable, info);
        return schema.reader.list(context, readable, { query, row });
      },
    }),
  );
}

function addFindConnection(schema: ContentSchema, type: ContentType): void {
  const action = actionOf(type, 'find');
  schema.builder.queryField(`${type.plural}_connection`, (t) =>
    t.field({
      type: connectionTypeOf(schema, type.model),
      nullable: true,
      authScopes: { actionWithRules: action },
      args: listArguments(t.arg, schema, type),
      extensions: { ...maxRows(schema.largestPage), ...listCost(schema, type) },
      resolve: (_root, args, context, info) => {
        const { permissions } = context.viewer;
        const readable = readableOf(schema, type, 'find', permissions);
        const query = readListArguments(readable, args, listBoundsOf(schema, permissions));
        const plan = selectionFor(schema, permissions).connection(readable, info, query);
        return schema.reader.connection(context, readable, plan);
      },
    }),
  );
}

function addTheOne(schema: ContentSchema, type: ContentType): void {
  const action = actionOf(type, 'find');
  schema.builder.queryField(type.singular, (t) =>
    t.field({
      type: type.name,
      nullable: true,
      authScopes: { actionWithRules: action },
      grantScopes: [type.name],
      resolve: async (_root, _args, context, info) => {
        const { permissions } = context.viewer;
        const readable = readableOf(schema, type, 'find', permissions);
        const plan = selectionFor(schema, permissions).row(readable, info);
        const rows = await schema.reader.byKey(context, readable, plan, 'id', [1]);
        return rows[0];
      },
    }),
  );
}
