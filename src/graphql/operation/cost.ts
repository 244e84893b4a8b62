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

/** How many rows a list answers at most with these arguments: a field says so in its extensions, under this name. */
export const MOST_ROWS = 'gatehouseMostRows';

export type MostRows = (args: Readonly<Record<string, unknown>>) => number;

/** So many characters of a value are worth as much as a field. */
const CHARACTERS = 100;

/**
 * What an operation may come to, before it runs: each field is 1, each entry of an argument's value is 1, and a hundred
 * characters in it, since a variable is sent once and used many times; and what is selected of a list counts once for each
 * row of its page. Ends as soon as it is over the most that is allowed.
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
    const args = argumentsOf(field, nodes[0]);
    const weight = weightOf(args, left);
    const inner = selectionsOf(nodes);
    if (inner.length === 0 || weight > left) return weight;
    const mostRows = field.extensions[MOST_ROWS] as MostRows | undefined; // only content types set it
    const costs = possibleTypes(field).map((type) => ofSelections(inner, type, left));
    return weight + (mostRows?.(args) ?? 1) * Math.max(0, ...costs);
  }

  function argumentsOf(field: GraphQLField<unknown, unknown>, node: FieldNode): Readonly<Record<string, unknown>> {
    if (field.args.length === 0) return {};
    try {
      return getArgumentValues(field, node, reading.variableValues);
    } catch (error) {
      if (error instanceof GraphQLError) return {}; // it will not run: its arguments are wrong
      throw error;
    }
  }

  function possibleTypes(field: GraphQLField<unknown, unknown>): readonly GraphQLObjectType[] {
    const type = getNamedType(field.type);
    if (isObjectType(type)) return [type];
    return isAbstractType(type) ? reading.schema.getPossibleTypes(type) : [];
  }
}

/** Every name in a value, every entry of a list, and its characters by the hundred. */
function weightOf(args: Readonly<Record<string, unknown>>, left: number): number {
  let weight = 0;
  const waiting: unknown[] = Object.values(args);
  while (waiting.length > 0 && weight <= left) {
    const value = waiting.pop();
    if (typeof value === 'string') weight += Math.floor(value.length / CHARACTERS);
    if (typeof value !== 'object' || value === null || value instanceof Date) continue;
    const inner = Array.isArray(value) ? value : Object.values(value);
    weight += inner.length;
    if (weight <= left) for (const one of inner) waiting.push(one);
  }
  return weight;
}
