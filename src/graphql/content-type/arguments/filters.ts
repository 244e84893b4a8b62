import type { Fault } from '../../../common/errors.ts';
import type { ContentType } from '../content-type.ts';
import { allOf, type Filter, OPERATORS, type Operator, type Related } from '../filter.ts';
import type { Column, Relation } from '../model.ts';

/** Where filters and sorts may lead: the target of a relation and which of its rows; undefined when to none. */
export type Reach = (relation: Relation) => Related | undefined;

/** As much as one list is asked for. Each condition is work for each row of the table. */
const MAX_CONDITIONS = 200;
const MAX_RELATIONS = 20;
const MAX_VALUES = 2_000;
/** Relations to many in each other: PostgreSQL plans each of them twice where it stands in an `or`, so that steps multiply. */
const MAX_STEPS = 5;
/** Characters of one text: to look for a long text in a long one takes the product of the two. */
const MAX_CHARACTERS = 1_000;

/**
 * Reads `filters` of a content type. Only what the type exposes can be named in it, and a relation only by who may find
 * its target. An empty filter, wherever it stands, restricts nothing, as in Strapi.
 *
 * @returns the filter, unless it restricts nothing, and everything wrong with it.
 */
export function readFilters(
  type: ContentType,
  input: unknown,
  reach: Reach,
): { readonly filter: Filter | undefined; readonly faults: readonly Fault[] } {
  const faults: Fault[] = [];
  let conditions = 0;
  let relations = 0;
  let values = 0;
  let steps = 0;

  /** As soon as it is too much nothing more is read. */
  function bound(): void {
    if (conditions > MAX_CONDITIONS || relations > MAX_RELATIONS || values > MAX_VALUES) {
      throw new TooMuch(
        `filters takes at most ${MAX_CONDITIONS} conditions, ${MAX_RELATIONS} relations and ${MAX_VALUES} values in lists`,
      );
    }
    if (steps > MAX_STEPS)
      throw new TooMuch(`filters goes through at most ${MAX_STEPS} relations to many in each other`);
  }

  function ofType(type: ContentType, input: unknown, path: Fault['path']): Filter | undefined {
    return allOf(
      entriesOf(input).map(([key, value]) => {
        const here = [...path, key];
        if (key === 'and') return group('all', type, value, here);
        if (key === 'or') return group('any', type, value, here);
        if (key === 'not') return negated(ofType(type, value, here));
        const member = type.read.find(({ name }) => name === key);
        if (member?.kind === 'column') return ofColumn(member, value, here);
        if (member?.kind === 'relation') return ofRelation(member, value, here);
        faults.push({ path: here, message: invalidKey(namesIn(here)) });
        return undefined;
      }),
    );
  }

  function group(kind: 'all' | 'any', type: ContentType, input: unknown, path: Fault['path']): Filter | undefined {
    if (input === null) return undefined;
    const of = [input]
      .flat()
      .map((inner, index) => ofType(type, inner, [...path, index]))
      .filter((filter) => filter !== undefined);
    return of.length > 1 ? { kind, of } : of[0];
  }

  function ofRelation(relation: Relation, input: unknown, path: Fault['path']): Filter | undefined {
    const to = reach(relation);
    if (!to) {
      // The same words as for a name that does not exist at all.
      faults.push({ path, message: invalidKey(namesIn(path)) });
      return undefined;
    }
    relations++;
    steps += relation.many ? 1 : 0;
    bound();
    const of = input === null ? undefined : ofType(to.target, input, path);
    steps -= relation.many ? 1 : 0;
    if (input === null) return { kind: 'unrelated', to };
    return of && { kind: 'related', to, of };
  }

  function ofColumn(column: Column, input: unknown, path: Fault['path']): Filter | undefined {
    if (input === null) return holdsNothing(column, true);
    return allOf(
      entriesOf(input).map(([operator, value]) => {
        if (operator === 'not') return value === null ? undefined : negated(ofColumn(column, value, [...path, 'not']));
        return compared(column, operator, value, [...path, operator]);
      }),
    );
  }

  function compared(column: Column, operator: string, value: unknown, path: Fault['path']): Filter | undefined {
    conditions++;
    if (Array.isArray(value)) values += value.length;
    bound();
    if ([value].flat().some((text) => typeof text === 'string' && text.length > MAX_CHARACTERS)) {
      faults.push({ path, message: `A text in filters must be at most ${MAX_CHARACTERS} characters` });
      return undefined;
    }
    if (operator === 'null') return holdsNothing(column, value === true);
    if (operator === 'notNull') return holdsNothing(column, value !== true);
    if (value === null && (operator === 'eq' || operator === 'eqi')) return holdsNothing(column, true);
    if (value === null && (operator === 'ne' || operator === 'nei')) return holdsNothing(column, false);
    if (operator === 'between' && !(Array.isArray(value) && value.length === 2)) {
      faults.push({ path, message: 'between takes two values' });
      return undefined;
    }
    if (!isOperator(operator)) {
      faults.push({ path, message: invalidKey(namesIn(path)) });
      return undefined;
    }
    return { kind: 'compare', column, operator, value };
  }

  try {
    return { filter: ofType(type, input, ['filters']), faults };
  } catch (error) {
    if (!(error instanceof TooMuch)) throw error;
    return { filter: undefined, faults: [{ path: ['filters'], message: error.message }] };
  }
}

class TooMuch extends Error {}

/**
 * What is said of the last of some names, which lead to each other: that it does not exist, is not exposed, or leads where
 * the viewer may not go, all in the same words. As Strapi says it: "Invalid key email at author.email".
 */
export function invalidKey(names: readonly string[]): string {
  return `Invalid key ${names.at(-1)}${names.length > 1 ? ` at ${names.join('.')}` : ''}`;
}

/** The names of columns and relations in the path of a fault, without the groups that they stand in. */
function namesIn([_argument, ...path]: Fault['path']): string[] {
  return path.filter((key) => typeof key === 'string').filter((key) => !GROUPS.includes(key));
}

const GROUPS: readonly string[] = ['and', 'or', 'not'];

function entriesOf(input: unknown): [string, unknown][] {
  return typeof input === 'object' && input !== null ? Object.entries(input) : [];
}

function negated(of: Filter | undefined): Filter | undefined {
  return of && { kind: 'not', of };
}

function holdsNothing(column: Column, value: boolean): Filter {
  return { kind: 'compare', column, operator: 'null', value };
}

function isOperator(name: string): name is Operator {
  return (OPERATORS as readonly string[]).includes(name);
}
