import type { Fault } from '../../../common/errors.ts';
import { operatorsOf } from '../column-types.ts';
import { allOf, type Filter, type Operator, TAKE_LISTS, type When } from '../filter.ts';
import type { Column, Relation } from '../model.ts';
import type { Readable } from '../readable.ts';

/** Resolves a relation for filters and sorting: what the viewer can find of its target; undefined if nothing. */
export type ResolveRelation = (relation: Relation) => Readable | undefined;

/** Limits of one list's `filters`. Every condition is evaluated for every row of the table. */
const MAX_CONDITIONS = 200;
const MAX_RELATIONS = 20;
const MAX_VALUES = 2_000;
/** Nested to-many relations. PostgreSQL plans each one twice inside an `or`, so the work doubles with every level. */
const MAX_DEPTH = 5;
/** Characters of one string: searching a long string in a long one takes the product of their lengths. */
const MAX_CHARACTERS = 1_000;
/** Values that are compared with each element of a list. */
const MAX_LISTED = 100;

/**
 * Parses `filters` of a content type. A filter can use only the columns and relations that the viewer can read, and only
 * relations whose target they can find. An empty filter matches everything at any level, as in Strapi.
 *
 * @returns the filter (undefined if it matches everything) and all its validation errors.
 */
export function readFilters(
  readable: Readable,
  input: unknown,
  resolveRelation: ResolveRelation,
): { readonly filter: Filter | undefined; readonly faults: readonly Fault[] } {
  const faults: Fault[] = [];
  let conditions = 0;
  let relations = 0;
  let values = 0;
  let depth = 0;

  /** Stops parsing at the first exceeded limit. */
  function checkLimits(): void {
    if (conditions > MAX_CONDITIONS || relations > MAX_RELATIONS || values > MAX_VALUES) {
      throw new LimitExceeded(
        `filters can have at most ${MAX_CONDITIONS} conditions, ${MAX_RELATIONS} relations and ${MAX_VALUES} values in lists`,
      );
    }
    if (depth > MAX_DEPTH) throw new LimitExceeded(`filters can nest at most ${MAX_DEPTH} to-many relations`);
  }

  function ofType(readable: Readable, input: unknown, path: Fault['path']): Filter | undefined {
    return allOf(
      entriesOf(input).map(([key, value]) => {
        const here = [...path, key];
        if (key === 'and') return group('all', readable, value, here);
        if (key === 'or') return group('any', readable, value, here);
        if (key === 'not') return negated(ofType(readable, value, here));
        const member = readable.type.read.find(({ name }) => name === key);
        const when = readable.when(key);
        if (when !== undefined && member?.kind === 'column') return ofColumn({ column: member, when }, value, here);
        if (when !== undefined && member?.kind === 'relation')
          return ofRelation({ relation: member, when }, value, here);
        faults.push({ path: here, message: invalidKey(namesIn(here)) });
        return undefined;
      }),
    );
  }

  function group(kind: 'all' | 'any', readable: Readable, input: unknown, path: Fault['path']): Filter | undefined {
    if (input === null) return undefined;
    const of = [input]
      .flat()
      .map((inner, index) => ofType(readable, inner, [...path, index]))
      .filter((filter) => filter !== undefined);
    return of.length > 1 ? { kind, of } : of[0];
  }

  function ofRelation({ relation, when }: ReadableRelation, input: unknown, path: Fault['path']): Filter | undefined {
    const to = resolveRelation(relation);
    if (!to) {
      // The same message as for an unknown name: it must not reveal that the relation exists.
      faults.push({ path, message: invalidKey(namesIn(path)) });
      return undefined;
    }
    relations++;
    depth += relation.many ? 1 : 0;
    checkLimits();
    const of = input === null ? undefined : ofType(to, input, path);
    depth -= relation.many ? 1 : 0;
    if (input === null) return { kind: 'unrelated', to: { relation, to, when } };
    return of && { kind: 'related', to: { relation, to, when }, of };
  }

  function ofColumn(column: ReadableColumn, input: unknown, path: Fault['path']): Filter | undefined {
    if (input === null) return isNull(column, true);
    return allOf(
      entriesOf(input).map(([operator, value]) => {
        if (operator === 'not') return value === null ? undefined : negated(ofColumn(column, value, [...path, 'not']));
        return compared(column, operator, value, [...path, operator]);
      }),
    );
  }

  function compared(
    readable: ReadableColumn,
    operator: string,
    value: unknown,
    path: Fault['path'],
  ): Filter | undefined {
    conditions++;
    values += valuesIn(readable.column, value);
    checkLimits();
    if (
      readable.column.type === 'JSON' &&
      operator !== 'hasKey' &&
      (JSON.stringify(value) ?? '').length > MAX_CHARACTERS
    ) {
      faults.push({ path, message: `A value of JSON in filters must be at most ${MAX_CHARACTERS} characters` });
      return undefined;
    }
    if ([value].flat().some((text) => typeof text === 'string' && text.length > MAX_CHARACTERS)) {
      faults.push({ path, message: `A text in filters must be at most ${MAX_CHARACTERS} characters` });
      return undefined;
    }
    if (operator === 'null') return isNull(readable, value === true);
    if (operator === 'notNull') return isNull(readable, value !== true);
    if (value === null && (operator === 'eq' || operator === 'eqi')) return isNull(readable, true);
    if (value === null && (operator === 'ne' || operator === 'nei')) return isNull(readable, false);
    if (operator === 'between' && !(Array.isArray(value) && value.length === 2)) {
      faults.push({ path, message: 'between takes two values' });
      return undefined;
    }
    if (!isOperatorOf(readable.column, operator)) {
      faults.push({ path, message: invalidKey(namesIn(path)) });
      return undefined;
    }
    if (readable.column.list && TAKE_LISTS.concat('eq', 'ne').includes(operator) && valuesOf(value) > MAX_LISTED) {
      faults.push({ path, message: `A list in filters must have at most ${MAX_LISTED} values` });
      return undefined;
    }
    return { kind: 'compare', ...readable, operator, value };
  }

  try {
    return { filter: ofType(readable, input, ['filters']), faults };
  } catch (error) {
    if (!(error instanceof LimitExceeded)) throw error;
    return { filter: undefined, faults: [{ path: ['filters'], message: error.message }] };
  }
}

interface ReadableColumn {
  readonly column: Column;
  readonly when: When;
}

interface ReadableRelation {
  readonly relation: Relation;
  readonly when: When;
}

class LimitExceeded extends Error {}

/**
 * The message for the last name of a path: "Invalid key email at author.email", as in Strapi. It is the same whether the
 * name does not exist, is not exposed, or is a relation whose target the viewer cannot find.
 */
export function invalidKey(names: readonly string[]): string {
  return `Invalid key ${names.at(-1)}${names.length > 1 ? ` at ${names.join('.')}` : ''}`;
}

/** The column and relation names in a path, without groups and list positions. */
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

function isNull(readable: ReadableColumn, value: boolean): Filter {
  return { kind: 'compare', ...readable, operator: 'null', value };
}

function isOperatorOf(column: Column, name: string): name is Operator {
  return (operatorsOf(column) as readonly string[]).includes(name); // widened for the check
}

/** Values that are compared one by one: the entries of a list, and everything in a JSON value. */
function valuesIn({ type }: Column, value: unknown): number {
  return type === 'JSON' ? entriesIn(value) : valuesOf(value);
}

function valuesOf(value: unknown): number {
  return Array.isArray(value) ? value.length : 0;
}

/** The entries of a JSON value, at any level. */
export function entriesIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce((sum: number, inner) => sum + 1 + entriesIn(inner), 0);
}
