import {
  type FieldNode,
  GraphQLError,
  type GraphQLField,
  type GraphQLObjectType,
  getArgumentValues,
  getNamedType,
  isAbstractType,
  isObjectType,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { collectFields, type Reading, selectionsOf } from '../../authorization/collect-fields.ts';

/** What a list answers at most, and how much is asked of each row before: a field says so in its extensions, under this name. */
export const LIST_COST = 'gatehouseListCost';

export type ListCost = (args: Readonly<Record<string, unknown>>) => {
  /** Rows of a page. */
  readonly rows: number;
  /** Conditions and keys that its table is searched and sorted by. */
  readonly conditions: number;
};

/**
 * What an operation may come to, before it runs: each field is 1, each condition of a list is 1, and what is selected of a
 * list counts once for each row of its page. Ends as soon as it is over the most that is allowed.
 */
export function costOf(reading: Reading, operation: OperationDefinitionNode, atMost: number): number {
  const root = reading.schema.getRootType(operation.operation);
  return root ? ofSelections([operation.selectionSet], root, atMost) : 0;

  function ofSelections(sets: readonly SelectionSetNode[], type: GraphQLObjectType, left: number): number {
    let cost = 0;
    for (const { field, nodes } of collectFields(reading, sets, type).values()) {
      cost += 1 + (field ? ofField(field, nodes, left - cost) : 0);
      if (cost > left) break;
    }
    return cost;
  }

  function ofField(field: GraphQLField<unknown, unknown>, nodes: [FieldNode, ...FieldNode[]], left: number): number {
    const { rows, conditions } = listCost(field, nodes[0]);
    const inner = selectionsOf(nodes);
    if (inner.length === 0) return conditions;
    const costs = possibleTypes(field).map((type) => ofSelections(inner, type, left));
    return conditions + rows * Math.max(0, ...costs);
  }

  function listCost(field: GraphQLField<unknown, unknown>, node: FieldNode): ReturnType<ListCost> {
    const list = field.extensions[LIST_COST] as ListCost | undefined; // only content types set it
    if (!list) return { rows: 1, conditions: 0 };
    try {
      return list(getArgumentValues(field, node, reading.variableValues));
    } catch (error) {
      if (error instanceof GraphQLError) return { rows: 1, conditions: 0 }; // it will not run: its arguments are wrong
      throw error;
    }
  }

  function possibleTypes(field: GraphQLField<unknown, unknown>): readonly GraphQLObjectType[] {
    const type = getNamedType(field.type);
    if (isObjectType(type)) return [type];
    return isAbstractType(type) ? reading.schema.getPossibleTypes(type) : [];
  }
}
