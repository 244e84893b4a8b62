import type { BlogRow } from './small-blog.ts';

/*
 * Filters and sorts of rows in memory, as plainly as they can be written, after what the API promises and not after how
 * the server does it. Comparisons with nothing are neither true nor false, as in SQL: here that is null.
 */

export type Truth = boolean | null;
export type Filters = Readonly<Record<string, unknown>>;

/** Where a text stands among others in the database's own order. */
export type Rank = (text: string) => number;

/** What somebody sees of a row: a value, a related row, or related rows. */
export interface View {
  value(row: BlogRow, name: string): unknown;
  one(row: BlogRow, name: string): BlogRow | null;
  many(row: BlogRow, name: string): readonly BlogRow[];
}

/** Of whom everything can be seen. */
export const EVERYTHING: View = {
  value: (row, name) => row[name] ?? null,
  one: (row, name) => (row[name] ?? null) as BlogRow | null,
  many: (row, name) => (row[name] ?? []) as BlogRow[],
};

/** Whether a row passes a filter; null where nothing can be said. No row holds nothing in every column. */
export function evaluate(row: BlogRow | null, filters: Filters, rank: Rank, view: View = EVERYTHING): Truth {
  const inside = (inner: Filters) => of(row, inner, rank, view);
  return every(
    Object.entries(filters).map(([key, value]): Truth | undefined => {
      if (key === 'and') return every((value as Filters[]).map(inside));
      if (key === 'or') return some((value as Filters[]).map(inside));
      if (key === 'not') return not(inside(value as Filters));
      if (TO_MANY.includes(key)) return toMany(row ? view.many(row, key) : [], value as Filters | null, rank, view);
      if (TO_ONE.includes(key)) {
        const related = row && view.one(row, key);
        return value === null ? related === null : of(related, value as Filters, rank, view);
      }
      return column(row && view.value(row, key), value as Filters | null, rank);
    }),
  );
}

const TO_ONE = ['author', 'category', 'owner', 'role'];
const TO_MANY = ['tags', 'posts', 'users'];

/** An empty filter restricts nothing, and is as if it were not there. */
function of(row: BlogRow | null, filters: Filters, rank: Rank, view: View): Truth | undefined {
  return isEmpty(filters) ? undefined : evaluate(row, filters, rank, view);
}

function isEmpty(filters: Filters): boolean {
  return Object.entries(filters).every(([key, value]) => {
    if (key === 'and' || key === 'or') return (value as Filters[]).every(isEmpty);
    if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Date) return false;
    return isEmpty(value as Filters);
  });
}

function toMany(rows: readonly BlogRow[], filters: Filters | null, rank: Rank, view: View): Truth | undefined {
  if (filters === null) return rows.length === 0;
  if (isEmpty(filters)) return undefined;
  return (rows.length === 0 ? [null] : rows).some((row) => evaluate(row, filters, rank, view) === true);
}

function column(value: unknown, filters: Filters | null, rank: Rank): Truth | undefined {
  if (filters === null) return value === null;
  return every(Object.entries(filters).map(([operator, operand]) => compare(value, operator, operand, rank)));
}

function compare(value: unknown, operator: string, operand: unknown, rank: Rank): Truth | undefined {
  if (operator === 'not') return isEmpty(operand as Filters) ? undefined : not(column(value, operand as Filters, rank));
  if (operator === 'null') return (value === null) === (operand === true);
  if (operator === 'notNull') return (value !== null) === (operand === true);
  if (operator === 'in')
    return some(
      (operand as unknown[]).map((one) => compare(value, 'eq!', one, rank)),
      false,
    );
  if (operator === 'notIn')
    return not(
      some(
        (operand as unknown[]).map((one) => compare(value, 'eq!', one, rank)),
        false,
      ),
    );
  if (operand === null && (operator === 'eq' || operator === 'eqi')) return value === null;
  if (operand === null && (operator === 'ne' || operator === 'nei')) return value !== null;
  if (operator === 'between') {
    const [least, largest] = operand as [unknown, unknown];
    return every([compare(value, 'gte', least, rank), compare(value, 'lte', largest, rank)]);
  }
  if (value === null || operand === null) return null;
  const [a, b] = [textOf(value), textOf(operand)];
  switch (operator) {
    case 'eq':
    case 'eq!':
      return a === b;
    case 'eqi':
      return fold(a) === fold(b);
    case 'ne':
      return a !== b;
    case 'nei':
      return fold(a) !== fold(b);
    case 'gt':
      return ordered(value, rank) > ordered(operand, rank);
    case 'gte':
      return ordered(value, rank) >= ordered(operand, rank);
    case 'lt':
      return ordered(value, rank) < ordered(operand, rank);
    case 'lte':
      return ordered(value, rank) <= ordered(operand, rank);
    case 'contains':
      return a.includes(b);
    case 'containsi':
      return fold(a).includes(fold(b));
    case 'notContains':
      return !a.includes(b);
    case 'notContainsi':
      return !fold(a).includes(fold(b));
    case 'startsWith':
      return a.startsWith(b);
    case 'endsWith':
      return a.endsWith(b);
  }
  throw new Error(`There is no operator ${operator}`);
}

/** Letter by letter, so that the last sigma of a word is like any other. */
function fold(text: string): string {
  return [...text].map((letter) => letter.toLowerCase().toUpperCase()).join('');
}

function textOf(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'number' ? numberText(value) : String(value);
}

/** PostgreSQL writes a number of one digit before the exponent with two digits in it: 1e-07. */
function numberText(value: number): string {
  return String(value).replace(/e([+-])(\d)$/, 'e$10$2');
}

function ordered(value: unknown, rank: Rank): number {
  return typeof value === 'string' ? rank(value) : Number(value);
}

function not(truth: Truth | undefined): Truth | undefined {
  return truth === undefined || truth === null ? truth : !truth;
}

function every(truths: readonly (Truth | undefined)[]): Truth {
  const known = truths.filter((truth) => truth !== undefined);
  if (known.includes(false)) return false;
  return known.includes(null) ? null : true;
}

function some(truths: readonly (Truth | undefined)[], ofNone = true): Truth {
  const known = truths.filter((truth) => truth !== undefined);
  if (known.includes(true)) return true;
  if (known.includes(null)) return null;
  return known.length === 0 ? ofNone : false;
}

/** Rows in the order of keys such as `author.name:desc`: nothing last going up and first going down, ties by the key. */
export function sorted(
  rows: readonly BlogRow[],
  keys: readonly string[],
  rank: Rank,
  view: View = EVERYTHING,
): BlogRow[] {
  return rows.toSorted((a, b) => {
    for (const key of keys) {
      const [path = '', direction = 'asc'] = key.split(':');
      const sign = direction === 'desc' ? -1 : 1;
      const [x, y] = [a, b].map((row) => valueAt(row, path.split('.'), view));
      if (x === y) continue;
      if (x === null || y === null) return x === null ? sign : -sign;
      const difference = ordered(x, rank) - ordered(y, rank);
      if (difference !== 0) return sign * difference;
    }
    return a.id - b.id;
  });
}

function valueAt(row: BlogRow | null, [name = '', ...more]: readonly string[], view: View): unknown {
  if (row === null) return null;
  return more.length === 0 ? view.value(row, name) : valueAt(view.one(row, name), more, view);
}
