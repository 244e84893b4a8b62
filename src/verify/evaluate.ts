import type { Row } from './world.ts';

/*
 * Filters and sorts of rows in memory, as plainly as they can be written, after what the API promises and not after how the server does
 * it. Comparisons with nothing are neither true nor false, as in SQL: here that is null.
 */

export type Truth = boolean | null;
export type Filters = Readonly<Record<string, unknown>>;

/** What somebody sees of rows. */
export interface View {
  kind(model: string, name: string): 'column' | 'one' | 'many';
  target(model: string, name: string): string;
  value(row: Row, name: string): unknown;
  one(row: Row, name: string): Row | null;
  many(row: Row, name: string): readonly Row[];
  rank(text: string): number;
}

/** Whether a row passes a filter; null where nothing can be said. No row holds nothing in every column. */
export function evaluate(model: string, row: Row | null, filters: Filters, view: View): Truth {
  const inside = (inner: unknown) => of(model, row, inner as Filters, view);
  return every(
    Object.entries(filters).map(([key, value]): Truth | undefined => {
      if (key === 'and') return every([value].flat().map(inside));
      if (key === 'or') return some([value].flat().map(inside));
      if (key === 'not') return not(inside(value));
      const kind = view.kind(model, key);
      if (kind === 'column') return column(row && view.value(row, key), value as Filters | null, view);
      const target = view.target(model, key);
      if (kind === 'many') return toMany(target, row ? view.many(row, key) : [], value as Filters | null, view);
      const related = row && view.one(row, key);
      return value === null ? related === null : of(target, related, value as Filters, view);
    }),
  );
}

/** An empty filter restricts nothing, and is as if it were not there. */
function of(model: string, row: Row | null, filters: Filters, view: View): Truth | undefined {
  return isEmpty(filters) ? undefined : evaluate(model, row, filters, view);
}

function isEmpty(filters: Filters): boolean {
  return Object.entries(filters).every(([key, value]) => {
    if (key === 'and' || key === 'or') return [value].flat().every((inner) => isEmpty(inner as Filters));
    if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Date) return false;
    return isEmpty(value as Filters);
  });
}

function toMany(model: string, rows: readonly Row[], filters: Filters | null, view: View): Truth | undefined {
  if (filters === null) return rows.length === 0;
  if (isEmpty(filters)) return undefined;
  return (rows.length === 0 ? [null] : rows).some((row) => evaluate(model, row, filters, view) === true);
}

function column(value: unknown, filters: Filters | null, view: View): Truth | undefined {
  if (filters === null) return value === null;
  return every(Object.entries(filters).map(([operator, operand]) => compare(value, operator, operand, view)));
}

function compare(value: unknown, operator: string, operand: unknown, view: View): Truth | undefined {
  const among = () =>
    some(
      [operand].flat().map((one) => (one === null ? null : compare(value, 'eq', one, view))),
      false,
    );
  if (operator === 'not') return isEmpty(operand as Filters) ? undefined : not(column(value, operand as Filters, view));
  if (operator === 'null') return (value === null) === (operand === true);
  if (operator === 'notNull') return (value !== null) === (operand === true);
  if (operator === 'in') return among();
  if (operator === 'notIn') return not(among());
  if (operand === null && (operator === 'eq' || operator === 'eqi')) return value === null;
  if (operand === null && (operator === 'ne' || operator === 'nei')) return value !== null;
  if (operator === 'between') {
    const [least, largest] = operand as [unknown, unknown];
    return every([compare(value, 'gte', least, view), compare(value, 'lte', largest, view)]);
  }
  if (value === null || operand === null) return null;
  const [a, b] = [textOf(value), textOf(operand)];
  const difference = order(value, operand, view);
  switch (operator) {
    case 'eq':
      return a === b;
    case 'eqi':
      return fold(a) === fold(b);
    case 'ne':
      return a !== b;
    case 'nei':
      return fold(a) !== fold(b);
    case 'gt':
      return difference > 0;
    case 'gte':
      return difference >= 0;
    case 'lt':
      return difference < 0;
    case 'lte':
      return difference <= 0;
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

/** Less than zero when the first stands before the other. */
export function order(one: unknown, other: unknown, { rank }: Pick<View, 'rank'>): number {
  const number = (value: unknown) => (typeof value === 'string' ? rank(value) : Number(value));
  return number(one) - number(other);
}

/** Letter by letter, so that the last sigma of a word is like any other. */
function fold(text: string): string {
  return [...text].map((letter) => letter.toLowerCase().toUpperCase()).join('');
}

function textOf(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value) ? new Date(value).toISOString() : String(value);
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
