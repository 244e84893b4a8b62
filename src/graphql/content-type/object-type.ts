import { type GraphQLResolveInfo, isNonNullType } from 'graphql';
import { ApiError, forbidden } from '../../common/errors.ts';
import type { Context } from '../context.ts';
import { ARGUMENT_CHECK, type ArgumentCheck, FIELD_CHECK } from '../operation/refused-fields.ts';
import { actionOf } from './actions.ts';
import type { ListArguments } from './arguments/list-arguments.ts';
import { maxRows } from './arguments/pagination.ts';
import { type ContentSchema, connectionTypeOf, type DynamicTypes, targetOf } from './content-schema.ts';
import type { ContentType } from './content-type.ts';
import { fieldCheck } from './field-check.ts';
import { InMemoryRow } from './in-memory-row.ts';
import { documentNotFound } from './input/write-failure.ts';
import { relatedCost } from './list-cost.ts';
import { listArguments } from './list-field.ts';
import { type Column, isHidden, type Relation } from './model.ts';
import { pathWithoutPositions } from './paths.ts';
import type { AnyModel, Row } from './row.ts';
import { rowIdOf, selectedKey, uniqueWhereOf } from './row-key.ts';
import { createRowLoader, type LoadRow } from './row-loader.ts';
import { FIELD_SOURCE, type FieldSource, relatedQuery } from './selection.ts';
import { type LoadedConnection, LoadedRow } from './sql/rows.ts';

/**
 * Adds the GraphQL type of a content type: its readable columns and relations, and nothing else of the row.
 *
 * The type itself requires `find`, so that a field added later cannot bypass it. Root fields that need another action
 * grant access to the rows they return.
 */
export function addObjectType(schema: ContentSchema, type: ContentType): void {
  const loadRow = createRowLoader(schema);
  schema.builder.prismaObject(type.model, {
    name: type.name,
    // Plain Pothos fields load only the key: the row loader reads the rest by it. Its names are known at start only.
    select: selectedKey(type) as { id: true },
    findUnique: (row) => uniqueWhereOf(type, row),
    authScopes: { $any: { $granted: type.name, actionWithRules: actionOf(type, 'find') } },
    fields: (t) => ({
      ...(type.numericId && { id: t.id({ nullable: false, resolve: (row) => String(rowIdOf(type, row)) }) }),
      ...Object.fromEntries(type.read.flatMap((member) => fieldsOf(t, { schema, type, loadRow }, member))),
    }),
  });
}

type Fields = PothosSchemaTypes.PrismaObjectFieldBuilder<DynamicTypes, AnyModel>;

interface Owner {
  readonly schema: ContentSchema;
  readonly type: ContentType;
  readonly loadRow: LoadRow;
}

type Field = ReturnType<typeof columnField | typeof relatedRow | typeof relatedRows | typeof relatedConnection>;

function fieldsOf(t: Fields, owner: Owner, member: Column | Relation): [string, Field][] {
  if (member.kind === 'column') return [[member.name, columnField(t, owner, member)]];
  if (!member.many) return [[member.name, relatedRow(t, owner, member)]];
  return [
    [member.name, relatedRows(t, owner, member)],
    [`${member.name}_connection`, relatedConnection(t, owner, member)],
  ];
}

// LoadedRow.get() returns what the plan of the field has loaded; the casts below give it its type.

function columnField(t: Fields, owner: Owner, column: Column) {
  return t.field({
    type: (column.list ? [column.type] : column.type) as 'String', // validateDeclaration() checked the type
    nullable: !column.required || column.type === 'JSON', // null is a JSON value, too
    ...(column.rules.label !== undefined && { description: column.rules.label }),
    extensions: sourceOf(owner, { kind: 'column', column }),
    resolve: (row, _args, context, info) => loadedValue(owner, row, context, info, column) as string,
  });
}

function relatedRow(t: Fields, owner: Owner, relation: Relation) {
  return t.field({
    type: targetOf(owner.schema, relation.target).name,
    ...guardsOf(owner, relation),
    extensions: { ...sourceOf(owner, { kind: 'one', relation }), ...relatedCost(owner.schema, relation) },
    resolve: (row, _args, context, info) => loadedValue(owner, row, context, info) as Row | null,
  });
}

function relatedRows(t: Fields, owner: Owner, relation: Relation) {
  return t.field({
    type: [targetOf(owner.schema, relation.target).name],
    ...guardsOf(owner, relation),
    args: listArguments(t.arg, owner.schema, targetOf(owner.schema, relation.target)),
    extensions: {
      ...sourceOf(owner, { kind: 'many', relation }),
      ...checks(owner, relation),
      ...maxRows(owner.schema.largestPage),
      ...relatedCost(owner.schema, relation),
    },
    resolve: (row, args, context, info) => listOf(owner, relation, row, args, context, info) as Row[] | null,
  });
}

function relatedConnection(t: Fields, owner: Owner, relation: Relation) {
  return t.field({
    type: connectionTypeOf(owner.schema, relation.target),
    ...guardsOf(owner, relation),
    args: listArguments(t.arg, owner.schema, targetOf(owner.schema, relation.target)),
    extensions: {
      ...sourceOf(owner, { kind: 'connection', relation }),
      ...checks(owner, relation),
      ...maxRows(owner.schema.largestPage),
      ...relatedCost(owner.schema, relation),
    },
    resolve: (row, args, context, info) => listOf(owner, relation, row, args, context, info) as LoadedConnection | null,
  });
}

function guardsOf({ schema }: Owner, relation: Relation) {
  const target = targetOf(schema, relation.target);
  return {
    nullable: true as const,
    authScopes: { actionWithRules: actionOf(target, 'find') },
    grantScopes: [target.name],
    unauthorizedResolver: refuseOnce,
  };
}

function sourceOf({ schema, type }: Owner, source: FieldSource) {
  const { name } = source.kind === 'column' ? source.column : source.relation;
  return { [FIELD_SOURCE]: source, [FIELD_CHECK]: fieldCheck(schema, type, name) };
}

/** Validates list arguments before a mutation writes, so that it does not fail on its answer afterwards. */
function checks({ schema }: Owner, relation: Relation) {
  const check: ArgumentCheck = (args, permissions) => {
    try {
      relatedQuery(schema, relation, args, permissions);
      return undefined;
    } catch (error) {
      if (error instanceof ApiError) return error;
      throw error;
    }
  };
  return { [ARGUMENT_CHECK]: check };
}

function listOf(
  owner: Owner,
  relation: Relation,
  row: Row,
  args: ListArguments,
  context: Context,
  info: GraphQLResolveInfo,
): unknown {
  if (row instanceof LoadedRow && row.has(String(info.path.key))) return loadedValue(owner, row, context, info);
  try {
    relatedQuery(owner.schema, relation, args, context.viewer.permissions);
  } catch (error) {
    if (error instanceof ApiError) return refuseOnce(row, args, context, info, error);
    throw error;
  }
  return loadedValue(owner, row, context, info);
}

function loadedValue(
  { type, loadRow }: Owner,
  row: Row,
  context: Context,
  info: GraphQLResolveInfo,
  column?: Column,
): unknown {
  const name = String(info.path.key);
  if (row instanceof LoadedRow && row.has(name)) return valueIn(row, type, context, info, column);
  if (row instanceof InMemoryRow) return row.get(info.fieldName);
  return loadRow(type, row, context, info).then((loaded) => {
    if (loaded) return valueIn(loaded, type, context, info, column);
    // Deleted in the meantime, or hidden: null in a non-null field would be an internal error.
    if (isNonNullType(info.returnType)) throw documentNotFound(type);
    return null;
  });
}

/** A column or a relation that the viewer cannot read is refused as a relation without permission is. */
function valueIn(row: LoadedRow, type: ContentType, context: Context, info: GraphQLResolveInfo, column?: Column) {
  const name = String(info.path.key);
  const refused = row.refused(name);
  if (refused !== undefined) {
    const error = forbidden(refused);
    if (isNonNullType(info.returnType)) throw error;
    return refuseOnce(row, {}, context, info, error);
  }
  const value = row.get(name);
  // Several roles together can come to it for a column that is never null.
  if (column && isHidden(column, value)) throw forbidden(actionOf(type, 'find'));
  return value;
}

/** Reports a refused relation once per request. It is null, without another error, for all other rows. */
function refuseOnce(_row: unknown, _args: unknown, context: Context, info: GraphQLResolveInfo, error: Error) {
  const path = pathWithoutPositions(info.path);
  if (context.refusedRelations.has(path)) return null;
  context.refusedRelations.add(path);
  throw error;
}
