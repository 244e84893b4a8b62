import { ApiError } from '../../common/errors.ts';
import { type Cost, DATABASE_COST, type DatabaseCostOf } from '../operation/cost.ts';
import { entriesIn } from './arguments/filters.ts';
import { type ListArguments, readListArguments } from './arguments/list-arguments.ts';
import { type ContentSchema, targetOf } from './content-schema.ts';
import type { ContentType } from './content-type.ts';
import type { Filter, ListQuery, SortKey } from './filter.ts';
import type { Column, Relation } from './model.ts';
import { readableWhole } from './readable.ts';

/*
 * The unit is about ten microseconds of the embedded database, which is half as fast as a server, on a table as small as
 * the example blog's. docs/decisions/015-cost.md says how the numbers were measured and how they are checked.
 */

/** A list: planned once per statement, executed for each parent row. */
const LIST: Cost = { once: 45, each: 3 };
/** A row of a to-one relation. */
const ROW: Cost = { once: 15, each: 0 };
/** Planning a condition; its names and values count like those of any argument. */
const CONDITION = 3;
/** A join for a to-one relation. */
const JOIN = 20;
/** A to-many relation. PostgreSQL may plan it twice with everything in it: as a subplan, and as a hashed subplan. */
const TO_MANY = 60;
const PLANS = 2;
/** With this many relations in one filter, each takes twice as long to plan: the planner tries join orders. */
const RELATIONS_THAT_DOUBLE = 16;
/** Related rows per row of a to-many relation, if the planner finds nothing better than reading them all. */
const ROWS_PER_RELATION = 5;
/** Reading a whole table costs this many times the rows related to one row. */
const WHOLE_TABLE = 5;

/** Writing a document, beyond other mutations: looking it up, writing its relations, and reading it back. */
const WRITE: Cost = { once: 300, each: 0 };

/** Field extensions of create, update and delete. */
export const writeCost: { readonly [DATABASE_COST]: DatabaseCostOf } = { [DATABASE_COST]: () => WRITE };

/** Field extensions of a list of all rows of a type. */
export function listCost(schema: ContentSchema, type: ContentType): { readonly [DATABASE_COST]: DatabaseCostOf } {
  return {
    [DATABASE_COST]: (args) => {
      const { once, each } = ofArguments(schema, type, args);
      return { once: LIST.once + once, each: WHOLE_TABLE * each };
    },
  };
}

/** Field extensions of a relation. */
export function relatedCost(schema: ContentSchema, relation: Relation): { readonly [DATABASE_COST]: DatabaseCostOf } {
  if (!relation.many) return { [DATABASE_COST]: () => ROW };
  const target = targetOf(schema, relation.target);
  return {
    [DATABASE_COST]: (args) => {
      const { once, each } = ofArguments(schema, target, args);
      return { once: LIST.once + once, each: LIST.each + each };
    },
  };
}

/** Without permissions: a list that the viewer cannot use is refused, which costs less. */
function ofArguments(schema: ContentSchema, type: ContentType, args: ListArguments): Cost {
  const resolveRelation = (relation: Relation) => readableWhole(targetOf(schema, relation.target), undefined);
  try {
    return ofQuery(
      readListArguments(readableWhole(type, undefined), args, { resolveRelation, largestPage: schema.largestPage }),
    );
  } catch (error) {
    if (error instanceof ApiError) return { once: 0, each: 0 }; // refused before any statement
    throw error;
  }
}

function ofQuery({ filter, sort }: ListQuery): Cost {
  const { once, each } = filter ? ofFilter(filter, 0) : { once: 0, each: 0 };
  const crowded = 1 + (filter ? relationsIn(filter) : 0) / RELATIONS_THAT_DOUBLE;
  return { once: once * crowded + sort.reduce((sum, key) => sum + ofSortKey(key), 0), each };
}

function relationsIn(filter: Filter): number {
  switch (filter.kind) {
    case 'all':
    case 'any':
      return filter.of.reduce((count, inner) => count + relationsIn(inner), 0);
    case 'not':
      return relationsIn(filter.of);
    case 'compare':
    case 'none':
      return 0;
    case 'unrelated':
      return 1;
    case 'related':
      return 1 + relationsIn(filter.of);
  }
}

function ofSortKey({ through }: SortKey): number {
  return CONDITION + JOIN * through.length;
}

/** `depth`: the number of to-many relations above. What is below one is planned twice, and evaluated for more rows. */
function ofFilter(filter: Filter, depth: number): Cost {
  switch (filter.kind) {
    case 'all':
    case 'any':
      return filter.of.map((inner) => ofFilter(inner, depth)).reduce(sum);
    case 'not':
      return ofFilter(filter.of, depth);
    case 'compare':
      return { once: CONDITION * PLANS ** depth, each: comparisonCost(filter) * ROWS_PER_RELATION ** depth };
    case 'none':
      return { once: 0, each: 0 };
    case 'unrelated':
      return relationCost(filter.to.relation, depth);
    case 'related': {
      const { relation } = filter.to;
      return sum(relationCost(relation, depth), ofFilter(filter.of, relation.many ? depth + 1 : depth));
    }
  }
}

function relationCost({ many }: Relation, depth: number): Cost {
  return many
    ? { once: TO_MANY * PLANS ** (depth + 1), each: ROWS_PER_RELATION ** depth }
    : { once: JOIN * PLANS ** depth, each: 0 };
}

/** The cost of a comparison, for the rows related to one row. */
function comparisonCost({ column, operator, value }: Extract<Filter, { readonly kind: 'compare' }>): number {
  if (column.type === 'JSON') return 3 + entriesIn(value);
  if (column.list) return 1 + (Array.isArray(value) ? value.length : 1);
  if (Array.isArray(value)) return value.length / WHOLE_TABLE;
  if (CASE_INSENSITIVE.includes(operator) && column.sqlType === 'text') return 3;
  if (operator.toLowerCase().includes('contains') || operator.endsWith('With')) return isConverted(column) ? 3 : 0.5;
  return 0.2;
}

/** Whether the column is converted to text first: a date or a number. */
function isConverted({ sqlType }: Column): boolean {
  return sqlType !== 'text';
}

const CASE_INSENSITIVE: readonly string[] = ['eqi', 'nei', 'containsi', 'notContainsi'];

function sum(one: Cost, other: Cost): Cost {
  return { once: one.once + other.once, each: one.each + other.each };
}
