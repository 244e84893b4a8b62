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

/** How many rows a list answers at most with these arguments: a field says so in its extensions, under this name. */
export const MAX_ROWS = 'gatehouseMaxRows';

export type MaxRows = (args: Readonly<Record<string, unknown>>) => number;

/** What a field takes of the database with these arguments: it says so in its extensions, under this name. */
export const DATABASE_COST = 'gatehouseDatabaseCost';

export type DatabaseCostOf = (args: Readonly<Record<string, unknown>>) => Cost;

/** In the extensions of a field for which the field around it asks the database once more: the nodes of a connection, say. */
export const REPEATS_QUERY = 'gatehouseRepeatsQuery';

/** In units of about ten microseconds of the database (`docs/decisions/015-cost.md`); a field of the answer is one. */
export interface Cost {
  /** However many rows there are: a statement is planned once. */
  readonly once: number;
  /** For each row that it is asked of. */
  readonly each: number;
}

/** So many characters of a value are worth as much as a field. */
const CHARACTERS = 100;

/** What every root field takes: a statement, or, of a mutation, a transaction with those before and after it. */
const STATEMENT = 100;
const WRITE = 400;

/**
 * What an operation may come to, before it runs: each field is 1, each entry of an argument's value is 1, and a hundred
 * characters in it, since a variable is sent once and used many times; what is selected of a list counts once for each
 * row of its page; and what the database has to plan and to look at comes to it. Ends as soon as it is over the most that is
 * allowed.
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
    const maxRows = field.extensions[MAX_ROWS] as MaxRows | undefined; // only content types set them
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
      if (error instanceof GraphQLError) return {}; // it will not run: its arguments are wrong
      throw error;
    }
  }
}

const NOTHING: Cost = { once: 0, each: 0 };

function repeatsQuery({ field }: Collected): boolean {
  return field?.extensions[REPEATS_QUERY] === true;
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
