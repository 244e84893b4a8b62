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
import { type ListArguments, readListArguments } from './arguments/list-arguments.ts';
import { type ContentSchema, listBoundsOf, targetOf } from './content-schema.ts';
import type { ContentType } from './content-type.ts';
import type { ListQuery, Related } from './filter.ts';
import type { Column, Relation } from './model.ts';
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
  row(type: ContentType, info: GraphQLResolveInfo): RowPlan;
  connection(type: ContentType, info: GraphQLResolveInfo, query: ListQuery): ConnectionPlan;
  /** A row with these fields. */
  rowWith(type: ContentType, info: GraphQLResolveInfo, fields: Iterable<[string, Collected]>): RowPlan;
}

export function selectionFor(schema: ContentSchema, permissions: Permissions): Selection {
  const bounds = listBoundsOf(schema, permissions);
  const { resolveRelation } = bounds;

  function planned(type: ContentType, reading: Reading, fields: Iterable<readonly [string, Collected]>): RowPlan {
    const plans: [string, FieldPlan][] = [];
    for (const [name, collected] of fields) {
      const plan = fieldPlan(reading, collected);
      if (plan) plans.push([name, plan]);
    }
    return rowPlan(type, plans);
  }

  /** Undefined for a field that is not loaded from the row, or that its resolver will refuse (permissions, arguments). */
  function fieldPlan(reading: Reading, { field, nodes }: Collected): FieldPlan | undefined {
    const source = field?.extensions[FIELD_SOURCE] as FieldSource | undefined; // set only by object-type.ts
    if (!field || !source) return undefined;
    if (source.kind === 'column') return source;
    const to = resolveRelation(source.relation);
    const returned = getNamedType(field.type);
    if (!to || !isObjectType(returned)) return undefined;
    const fields = collectFields(reading, selectionsOf(nodes), returned);
    if (source.kind === 'one') return { kind: 'one', to, row: planned(to.target, reading, fields) };
    const query = queryOf(to, getArgumentValues(field, nodes[0], reading.variableValues));
    if (!query) return undefined;
    if (source.kind === 'many') {
      return { kind: 'many', to, list: { query, row: planned(to.target, reading, fields) } };
    }
    return { kind: 'connection', to, connection: connectionPlan(to.target, reading, fields, query) };
  }

  function queryOf({ target }: Related, args: ListArguments): ListQuery | undefined {
    try {
      return readListArguments(target, args, bounds);
    } catch (error) {
      if (error instanceof ApiError) return undefined; // the resolver of the field throws it again, with the right path
      throw error;
    }
  }

  function connectionPlan(
    type: ContentType,
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
      if (part === 'nodes') nodes.set(name, planned(type, reading, fieldsOf(reading, collected)));
    }
    return { query, nodes, counted };
  }

  return {
    row: (type, info) => planned(type, info, fieldsOfInfo(info)),
    connection: (type, info, query) => connectionPlan(type, info, fieldsOfInfo(info), query),
    rowWith: (type, info, fields) => planned(type, info, fields),
  };
}

/** Parses the list arguments of a relation. */
export function relatedQuery(
  schema: ContentSchema,
  relation: Relation,
  args: ListArguments,
  permissions: Permissions,
): ListQuery {
  return readListArguments(targetOf(schema, relation.target), args, listBoundsOf(schema, permissions));
}

function fieldsOf(reading: Reading, { field, nodes }: Collected): ReadonlyMap<string, Collected> {
  const type = field && getNamedType(field.type);
  return isObjectType(type) ? collectFields(reading, selectionsOf(nodes), type) : new Map();
}

function fieldsOfInfo(info: GraphQLResolveInfo): ReadonlyMap<string, Collected> {
  const type = getNamedType(info.returnType) as GraphQLObjectType; // fields of content types return object types
  return collectFields(info, selectionsOf(info.fieldNodes), type);
}
