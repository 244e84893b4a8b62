import { type ContentField, type ContentType, type FieldKind, fieldOf } from './content-type.ts';

/** One condition of a list, as its address has it. */
export interface Condition {
  readonly field: string;
  readonly operator: OperatorName;
  /** As they are typed. None for an operator without a value. */
  readonly values: readonly string[];
}

/** The server's own operators, and those that stand for several of them. */
export type OperatorName =
  | 'containsi'
  | 'notContainsi'
  | 'startsWith'
  | 'endsWith'
  | 'eq'
  | 'ne'
  | 'gt'
  | 'gte'
  | 'lt'
  | 'lte'
  | 'between'
  | 'hasKey'
  | 'in'
  | 'notIn'
  /** The last days or hours until now: `7d`. */
  | 'last'
  /** Longer ago than that. */
  | 'before'
  /** The next days or hours from now. */
  | 'next'
  | 'null'
  | 'notNull';

/** How many values an operator takes. */
export function valuesOf(operator: OperatorName): 'none' | 'one' | 'two' | 'many' {
  switch (operator) {
    case 'null':
    case 'notNull':
      return 'none';
    case 'between':
      return 'two';
    case 'in':
    case 'notIn':
      return 'many';
    default:
      return 'one';
  }
}

const NUMBERS = ['eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'between'] as const;
const TEXTS = ['containsi', 'notContainsi', 'eq', 'ne', 'startsWith', 'endsWith'] as const;
const TIMES = ['last', 'before', 'next', 'gte', 'lt', 'between'] as const;

const OPERATORS: Readonly<Record<FieldKind, readonly OperatorName[]>> = {
  TEXT: TEXTS,
  LONG_TEXT: TEXTS,
  INTEGER: NUMBERS,
  DECIMAL: NUMBERS,
  BOOLEAN: ['eq'],
  DATE_TIME: TIMES,
  DATE: TIMES,
  TIME: ['gte', 'lt', 'between'],
  BIG_INTEGER: NUMBERS,
  EXACT_DECIMAL: NUMBERS,
  JSON: ['hasKey'],
  BYTES: [],
  LIST: [],
  ENUM: ['in', 'notIn'],
  ID: ['eq', 'ne', 'startsWith'],
  RELATION_TO_ONE: ['in', 'notIn'],
  RELATION_TO_MANY: ['in', 'notIn'],
};

/** What can be asked of a field; the first is the one that is offered first. */
export function operatorsOf({ kind, required }: Pick<ContentField, 'kind' | 'required'>): readonly OperatorName[] {
  return required ? OPERATORS[kind] : [...OPERATORS[kind], 'null', 'notNull'];
}

/** What stands before the conditions in an address, so that no field collides with `page` and `sort`. */
const PREFIX = 'f.';

/** `?f.title.containsi=token&f.kind.in=news&f.kind.in=article`: what is no condition of this type is left out. */
export function conditionsIn(parameters: URLSearchParams, type: ContentType): readonly Condition[] {
  const conditions: Condition[] = [];
  for (const key of new Set(parameters.keys())) {
    if (!key.startsWith(PREFIX)) continue;
    const [, name = '', operator = ''] = key.split('.');
    const field = fieldOf(type, name);
    const known = field && operatorsOf(field).find((one) => one === operator);
    if (!field?.readable || !known || key.split('.').length !== 3) continue;
    const all = parameters.getAll(key);
    switch (valuesOf(known)) {
      case 'none':
        conditions.push({ field: name, operator: known, values: [] });
        break;
      case 'one':
        conditions.push(...[...new Set(all)].map((value) => ({ field: name, operator: known, values: [value] })));
        break;
      case 'two':
        for (let index = 0; index + 1 < all.length; index += 2) {
          conditions.push({ field: name, operator: known, values: all.slice(index, index + 2) });
        }
        break;
      default:
        conditions.push({ field: name, operator: known, values: [...new Set(all)] });
    }
  }
  return conditions.filter((condition) => inputOf(condition, type, EPOCH) !== undefined);
}

const EPOCH = new Date(0);

/** Writes the conditions into an address, in place of those that it has. */
export function setConditions(parameters: URLSearchParams, conditions: readonly Condition[]): void {
  for (const key of [...parameters.keys()]) if (key.startsWith(PREFIX)) parameters.delete(key);
  for (const { field, operator, values } of conditions) {
    const key = `${PREFIX}${field}.${operator}`;
    if (values.length === 0) parameters.set(key, '');
    for (const value of values) parameters.append(key, value);
  }
}

export type FiltersInput = Readonly<Record<string, unknown>>;

/** The `filters` for the server: all of the conditions. */
export function filtersOf(conditions: readonly Condition[], type: ContentType, now: Date): FiltersInput | undefined {
  const all = conditions.map((condition) => inputOf(condition, type, now)).filter((input) => input !== undefined);
  return all.length > 1 ? { and: all } : all[0];
}

/** One condition for the server; undefined while a value is missing or is no value of the field. */
export function inputOf(
  { field: name, operator, values }: Condition,
  type: ContentType,
  now: Date,
): FiltersInput | undefined {
  const field = fieldOf(type, name);
  if (!field) return undefined;
  const relation = field.kind === 'RELATION_TO_ONE' || field.kind === 'RELATION_TO_MANY';
  const ofField = (input: unknown): FiltersInput => ({ [name]: input });
  if (operator === 'null') return ofField(relation ? null : { null: true });
  if (operator === 'notNull') return relation ? { not: ofField(null) } : ofField({ notNull: true });
  if (values.length === 0) return undefined;
  if (relation) {
    const some = ofField({ documentId: { in: values } });
    return operator === 'notIn' ? { not: some } : some;
  }
  if (operator === 'last' || operator === 'before' || operator === 'next') {
    const span = spanOf(values[0] ?? '');
    if (span === undefined) return undefined;
    const at = (time: number) => new Date(time).toISOString().slice(0, field.kind === 'DATE' ? 10 : undefined);
    const until = at(now.getTime());
    const [past, future] = [-span, span].map((by) => at(now.getTime() + by));
    if (operator === 'before') return ofField({ lt: past });
    return ofField({ between: operator === 'last' ? [past, until] : [until, future] });
  }
  const typed = values.map((value) => valueFrom(field.kind, value));
  if (typed.some((value) => value === undefined)) return undefined;
  const count = valuesOf(operator);
  if (count === 'two' && typed.length !== 2) return undefined;
  return ofField({ [operator]: count === 'one' ? typed[0] : typed });
}

/** A text as a value of the field's type; undefined where it is none. */
function valueFrom(kind: FieldKind, text: string): unknown {
  switch (kind) {
    case 'INTEGER': {
      const number = Number(text);
      return /^\s*[-+]?\d+\s*$/.test(text) && number === (number | 0) ? number : undefined;
    }
    case 'DECIMAL': {
      const number = Number(text.replace(',', '.'));
      return text.trim() !== '' && Number.isFinite(number) ? number : undefined;
    }
    case 'BOOLEAN':
      return text === 'true' ? true : text === 'false' ? false : undefined;
    case 'DATE':
      return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)) ? text : undefined;
    case 'TIME':
      return /^\d\d:\d\d(:\d\d(\.\d{1,6})?)?$/.test(text) ? text : undefined;
    case 'BIG_INTEGER':
      return /^-?\d{1,19}$/.test(text.trim()) ? text.trim() : undefined;
    case 'EXACT_DECIMAL': {
      const number = text.trim().replace(',', '.');
      return /^-?(\d+\.?\d*|\.\d+)$/.test(number) ? number : undefined;
    }
    case 'DATE_TIME': {
      const time = Date.parse(text);
      return Number.isNaN(time) ? undefined : new Date(time).toISOString();
    }
    default:
      return text === '' ? undefined : text;
  }
}

const UNITS = { h: 3_600_000, d: 86_400_000 } as const;

/** `7d` and `12h` in milliseconds. A hundred years are the most. */
export function spanOf(text: string): number | undefined {
  const [, count = '', unit = ''] = /^(\d{1,6})([hd])$/.exec(text) ?? [];
  if (count === '') return undefined;
  const span = Number(count) * UNITS[unit === 'h' ? 'h' : 'd'];
  return span > 0 && span <= 36_525 * UNITS.d ? span : undefined;
}
