import { ApiError } from '../../common/errors.ts';
import { type Cost, DATABASE_COST, type DatabaseCostOf } from '../operation/cost.ts';
import { type ListArguments, readListArguments } from './arguments/list-arguments.ts';
import { type ContentSchema, targetOf } from './content-schema.ts';
import type { ContentType } from './content-type.ts';
import type { Filter, ListQuery, SortKey } from './filter.ts';
import type { Column, Relation } from './model.ts';

/*
 * Units of about ten microseconds of the embedded database, which takes twice as long as a server, on a table as small as
 * the example blog's. Where the numbers come from, and how they are checked: docs/decisions/015-cost.md.
 */

/** Planned once for each list within a statement, and looked up for each row that has it. */
const LIST: Cost = { once: 45, each: 3 };
/** The same for a related row. */
const ROW: Cost = { once: 15, each: 0 };
/** A condition that is planned; the names and values of it are counted as those of any argument. */
const CONDITION = 3;
/** A table that is joined, for a relation to one. */
const JOIN = 20;
/** A relation to many, which PostgreSQL may plan twice, with everything in it: alone, and as a set to look into. */
const STEP = 60;
const TWICE = 2;
/** With so many relations in one filter each takes twice as long to plan: it could be joined before or after the others. */
const CROWD = 16;
/** Rows that a relation to many leads to, of each row, where the planner finds no better way than to look at all of them. */
const RELATED = 5;
/** Looking at all rows of a table takes so many times as long as at those that are related to one. */
const TABLE = 5;

/** What a document that is written takes beyond other mutations: it is looked up, written with its relations, and read. */
const WRITTEN: Cost = { once: 300, each: 0 };

/** For the extensions of a create, an update and a delete. */
export const writtenCost: { readonly [DATABASE_COST]: DatabaseCostOf } = { [DATABASE_COST]: () => WRITTEN };

/** For the extensions of a list of all rows of a type. */
export function listCost(schema: ContentSchema, type: ContentType): { readonly [DATABASE_COST]: DatabaseCostOf } {
  return {
    [DATABASE_COST]: (args) => {
      const { once, each } = ofArguments(schema, type, args);
      return { once: LIST.once + once, each: TABLE * each };
    },
  };
}

/** For the extensions of a relation's field. */
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

/** For any viewer: what a viewer may not find is refused, and costs less. */
function ofArguments(schema: ContentSchema, type: ContentType, args: ListArguments): Cost {
  const reach = (relation: Relation) => ({ relation, target: targetOf(schema, relation.target), rule: undefined });
  try {
    return ofQuery(readListArguments(type, args, { reach, largestPage: schema.largestPage }));
  } catch (error) {
    if (error instanceof ApiError) return { once: 0, each: 0 }; // it is refused before the database is asked
    throw error;
  }
}

function ofQuery({ filter, sort }: ListQuery): Cost {
  const { once, each } = filter ? ofFilter(filter, 0) : { once: 0, each: 0 };
  const crowded = 1 + (filter ? relationsIn(filter) : 0) / CROWD;
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

/** `steps` are the relations to many that lead there: what is beneath one is planned twice, and asked of more rows. */
function ofFilter(filter: Filter, steps: number): Cost {
  switch (filter.kind) {
    case 'all':
    case 'any':
      return filter.of.map((inner) => ofFilter(inner, steps)).reduce(sum);
    case 'not':
      return ofFilter(filter.of, steps);
    case 'compare':
      return { once: CONDITION * TWICE ** steps, each: comparisonCost(filter) * RELATED ** steps };
    case 'unrelated':
      return relationCost(filter.to.relation, steps);
    case 'related': {
      const { relation } = filter.to;
      return sum(relationCost(relation, steps), ofFilter(filter.of, relation.many ? steps + 1 : steps));
    }
  }
}

function relationCost({ many }: Relation, steps: number): Cost {
  return many
    ? { once: STEP * TWICE ** (steps + 1), each: RELATED ** steps }
    : { once: JOIN * TWICE ** steps, each: 0 };
}

/** Of the rows that are related to one. */
function comparisonCost({ column, operator, value }: Extract<Filter, { readonly kind: 'compare' }>): number {
  if (Array.isArray(value)) return value.length / TABLE;
  if (FOLDING.includes(operator) && column.sqlType === 'text') return 3;
  if (operator.toLowerCase().includes('contains') || operator.endsWith('With')) return isWritten(column) ? 3 : 0.5;
  return 0.2;
}

/** Whether its text has to be made first: of a date or a number. */
function isWritten({ sqlType }: Column): boolean {
  return sqlType !== 'text';
}

const FOLDING: readonly string[] = ['eqi', 'nei', 'containsi', 'notContainsi'];

function sum(one: Cost, other: Cost): Cost {
  return { once: one.once + other.once, each: one.each + other.each };
}
