import {
  type FieldNode,
  GraphQLError,
  type GraphQLField,
  getArgumentValues,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql';
import { type Collected, collectFields, type Reading, selectionsOf } from './collect-fields.ts';
import { possibleTypesOf } from './possible-types.ts';

/** The extension of a list field that computes its maximum number of rows from its arguments. */
export const MAX_ROWS = 'gatehouseMaxRows';

export type MaxRows = (args: Readonly<Record<string, unknown>>) => number;

/** The extension of a field that computes its database cost from its arguments. */
export const DATABASE_COST = 'gatehouseDatabaseCost';

export type DatabaseCostOf = (args: Readonly<Record<string, unknown>>) => Cost;

/** The extension of a field for which its parent queries the database once more, such as the nodes of a connection. */
export const REPEATS_QUERY = 'gatehouseRepeatsQuery';

/** In units of about ten microseconds of database time (`docs/decisions/015-cost.md`). A field of the answer costs 1. */
export interface Cost {
  /** Independent of the number of rows, such as planning a statement. */
  readonly once: number;
  /** For each row of the parent. */
  readonly each: number;
}

/** This many characters of an argument cost 1. */
const CHARACTERS = 100;

/** The cost of a root field: a statement, or for a mutation a transaction with the statements around it. */
const STATEMENT = 100;
const WRITE = 400;

/**
 * An upper bound for the cost of an operation, before it runs. Each field, each entry of an argument and each hundred characters
 * in it cost 1 (a variable is sent once but may be used many times). Selections of a list count once for each row of its
 * page. The cost of planning and running its statements is added. Stops as soon as it exceeds `atMost`.
 */
export function costOf(reading: Reading, operation: OperationDefinitionNode, atMost: number): number {
  const root = reading.schema.getRootType(operation.operation);
  if (!root) return 0;
  const fields = collectFields(reading, [operation.selectionSet], root);
  const asking = [...fields.values()].filter(({ field }) => field !== undefined).length;
  const begin = asking * (operation.operation === OperationTypeNode.MUTATION ? WRITE : STATEMENT);
  const { once, each } = ofFields(fields.values(), atMost - begin);
  return begin + once + each;

  function ofFields(fields: Iterable<Collected>, left: number): Cost {
    let once = 0;
    let each = 0;
    for (const { field, nodes } of fields) {
      const cost = field ? ofField(field, nodes, left - once - each) : NOTHING;
      once += cost.once;
      each += cost.each + 1;
      if (once + each > left) break;
    }
    return { once, each };
  }

  function ofField(field: GraphQLField<unknown, unknown>, nodes: [FieldNode, ...FieldNode[]], left: number): Cost {
    const args = argumentsOf(field, nodes[0]);
    const weight = weightOf(args, left);
    if (weight > left) return { once: 0, each: weight };
    const inner = selectionsOf(nodes);
    const maxRows = field.extensions[MAX_ROWS] as MaxRows | undefined; // set by content types only
    const databaseCost = field.extensions[DATABASE_COST] as DatabaseCostOf | undefined;
    const rows = maxRows?.(args) ?? 1;
    const ofDatabase = databaseCost?.(args) ?? NOTHING;
    let most: Cost = NOTHING;
    for (const type of inner.length > 0 ? possibleTypesOf(reading.schema, field) : []) {
      const selected = collectFields(reading, inner, type);
      const { once, each } = ofFields(selected.values(), left);
      const asked = Math.max(1, [...selected.values()].filter(repeatsQuery).length);
      const cost = { once: once + asked * ofDatabase.once, each: rows * each + asked * ofDatabase.each };
      if (cost.once + cost.each >= most.once + most.each) most = cost;
    }
    return { once: most.once, each: most.each + weight };
  }

  function argumentsOf(field: GraphQLField<unknown, unknown>, node: FieldNode): Readonly<Record<string, unknown>> {
    if (field.args.length === 0) return {};
    try {
      return getArgumentValues(field, node, reading.variableValues);
    } catch (error) {
      if (error instanceof GraphQLError) return {}; // it will not run: its arguments are invalid
      throw error;
    }
  }
}

const NOTHING: Cost = { once: 0, each: 0 };

function repeatsQuery({ field }: Collected): boolean {
  return field?.extensions[REPEATS_QUERY] === true;
}

/** One for each entry of an object or list, and for each hundred characters. */
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
