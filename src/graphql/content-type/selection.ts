import {
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  getArgumentValues,
  getNamedType,
  isObjectType,
} from 'graphql';
import type { Permissions } from '../../authorization/permissions.ts';
import { ApiError } from '../../common/errors.ts';
import { type Collected, collectFields, type Reading, selectionsOf } from '../operation/collect-fields.ts';
import { actionOf } from './actions.ts';
import { type ListArguments, readListArguments } from './arguments/list-arguments.ts';
import { type ContentSchema, listBoundsOf, readableOf, targetOf } from './content-schema.ts';
import type { ListQuery } from './filter.ts';
import type { Column, Relation } from './model.ts';
import type { Readable } from './readable.ts';
import { type ConnectionPlan, type FieldPlan, type RowPlan, rowPlan } from './sql/plan.ts';

/** The key in a field's extensions for where its value comes from. */
export const FIELD_SOURCE = 'gatehouseFieldSource';

export type FieldSource =
  | { readonly kind: 'column'; readonly column: Column }
  | { readonly kind: 'one' | 'many' | 'connection'; readonly relation: Relation };

/** The key in the extensions of a connection's fields for which part of it they are. */
export const CONNECTION_PART = 'gatehouseConnectionPart';
export type ConnectionPart = 'nodes' | 'pageInfo';

/** Plans what to load for the selection of an operation, as far as its viewer is allowed to see it. */
export interface Selection {
  /** The row that a field returns, or each row of its list. */
  row(readable: Readable, info: GraphQLResolveInfo): RowPlan;
  connection(readable: Readable, info: GraphQLResolveInfo, query: ListQuery): ConnectionPlan;
  /** A row with these fields. */
  rowWith(readable: Readable, info: GraphQLResolveInfo, fields: Iterable<[string, Collected]>): RowPlan;
}

export function selectionFor(schema: ContentSchema, permissions: Permissions): Selection {
  const bounds = listBoundsOf(schema, permissions);
  const { resolveRelation } = bounds;

  function planned(readable: Readable, reading: Reading, fields: Iterable<readonly [string, Collected]>): RowPlan {
    const plans: [string, FieldPlan][] = [];
    for (const [name, collected] of fields) {
      const plan = fieldPlan(readable, reading, collected);
      if (plan) plans.push([name, plan]);
    }
    return rowPlan(readable, plans);
  }

  /** Undefined for a field that is not loaded from the row, or that its resolver will refuse (permissions, arguments). */
  function fieldPlan(readable: Readable, reading: Reading, { field, nodes }: Collected): FieldPlan | undefined {
    const source = field?.extensions[FIELD_SOURCE] as FieldSource | undefined; // set only by object-type.ts
    if (!field || !source) return undefined;
    const when = readable.when(source.kind === 'column' ? source.column.name : source.relation.name);
    if (when === undefined) return { kind: 'refused', action: actionOf(readable.type, 'find') };
    if (source.kind === 'column') return { ...source, when };
    const { relation } = source;
    const target = resolveRelation(relation);
    const returned = getNamedType(field.type);
    if (!isObjectType(returned)) return undefined;
    if (!target) return { kind: 'refused', action: actionOf(targetOf(schema, relation.target), 'find') };
    const to = { relation, to: target, when };
    const fields = collectFields(reading, selectionsOf(nodes), returned);
    if (source.kind === 'one') return { kind: 'one', to, row: planned(target, reading, fields) };
    const query = queryOf(target, getArgumentValues(field, nodes[0], reading.variableValues));
    if (!query) return undefined;
    if (source.kind === 'many') return { kind: 'many', to, list: { query, row: planned(target, reading, fields) } };
    return { kind: 'connection', to, connection: connectionPlan(target, reading, fields, query) };
  }

  function queryOf(readable: Readable, args: ListArguments): ListQuery | undefined {
    try {
      return readListArguments(readable, args, bounds);
    } catch (error) {
      if (error instanceof ApiError) return undefined; // the resolver of the field throws it again, with the right path
      throw error;
    }
  }

  function connectionPlan(
    readable: Readable,
    reading: Reading,
    fields: ReadonlyMap<string, Collected>,
    query: ListQuery,
  ): ConnectionPlan {
    const nodes = new Map<string, RowPlan>();
    let counted = false;
    for (const [name, collected] of fields) {
      // Set only by list-field.ts.
      const part = collected.field?.extensions[CONNECTION_PART] as ConnectionPart | undefined;
      if (part === 'pageInfo') counted = true;
      if (part === 'nodes') nodes.set(name, planned(readable, reading, fieldsOf(reading, collected)));
    }
    return { query, nodes, counted };
  }

  return {
    row: (readable, info) => planned(readable, info, fieldsOfInfo(info)),
    connection: (readable, info, query) => connectionPlan(readable, info, fieldsOfInfo(info), query),
    rowWith: (readable, info, fields) => planned(readable, info, fields),
  };
}

/** Parses the list arguments of a relation. */
export function relatedQuery(
  schema: ContentSchema,
  relation: Relation,
  args: ListArguments,
  permissions: Permissions,
): ListQuery {
  const readable = readableOf(schema, targetOf(schema, relation.target), 'find', permissions);
  return readListArguments(readable, args, listBoundsOf(schema, permissions));
}

function fieldsOf(reading: Reading, { field, nodes }: Collected): ReadonlyMap<string, Collected> {
  const type = field && getNamedType(field.type);
  return isObjectType(type) ? collectFields(reading, selectionsOf(nodes), type) : new Map();
}

function fieldsOfInfo(info: GraphQLResolveInfo): ReadonlyMap<string, Collected> {
  const type = getNamedType(info.returnType) as GraphQLObjectType; // fields of content types return object types
  return collectFields(info, selectionsOf(info.fieldNodes), type);
}
