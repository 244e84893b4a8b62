import type { ContentField, ContentType, Related, Row } from './content-type.ts';
import { fromLocal, toLocal } from './local-time.ts';

/** Something that was picked, as the pickers have it. */
interface Picked {
  readonly id: string;
  readonly label: string;
}

/** What stands in the control of a field: numbers and times as they are typed, '' where nothing is. */
export type Value = string | boolean | null | Picked | readonly Picked[];

export type Values = Readonly<Record<string, Value>>;

/** The fields that a form can change. */
export function writableFields(type: Pick<ContentType, 'fields'>): readonly ContentField[] {
  return type.fields.filter(({ writable }) => writable);
}

/** What a form begins with. A field that can be written and not read is left as it is until something is typed. */
export function valuesOf(type: Pick<ContentType, 'fields'>, row: Row | undefined): Values {
  return Object.fromEntries(
    writableFields(type).map((field) => [field.name, row && field.readable ? valueOfRow(field, row) : empty(field)]),
  );
}

function empty({ kind, required, hasDefault }: ContentField): Value {
  switch (kind) {
    case 'RELATION_TO_ONE':
      return null;
    case 'RELATION_TO_MANY':
      return [];
    case 'BOOLEAN':
      return required && !hasDefault ? false : null;
    default:
      return '';
  }
}

function valueOfRow(field: ContentField, row: Row): Value {
  const value = row[field.name];
  switch (field.kind) {
    case 'RELATION_TO_ONE':
      return value ? pickOf(value as Related) : null;
    case 'RELATION_TO_MANY':
      return ((value ?? []) as readonly Related[]).map(pickOf);
    case 'BOOLEAN':
      return typeof value === 'boolean' ? value : null;
    case 'DATE_TIME':
      return typeof value === 'string' ? toLocal(value) : '';
    case 'DATE':
      return typeof value === 'string' ? value.slice(0, 10) : '';
    case 'JSON':
    case 'LIST':
      return value === null || value === undefined ? '' : JSON.stringify(value, undefined, 2);
    default:
      return value === null || value === undefined ? '' : String(value);
  }
}

export function pickOf({ documentId, title }: Related): Picked {
  return { id: documentId, label: title?.trim() ? title : documentId };
}

/** Why a value cannot be sent, by the rules of its field. */
export type Problem =
  | { readonly kind: 'required' | 'notInteger' | 'notNumber' | 'notTime' | 'notJson' | 'notList' | 'outOfRange' }
  | { readonly kind: 'tooShort' | 'tooLong' | 'tooSmall' | 'tooLarge'; readonly limit: number };

export interface Input {
  /** Only what differs from what was there. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly problems: readonly { readonly field: string; readonly problem: Problem }[];
}

/** The input for the server. A new document is sent without what is empty, so that it gets its defaults. */
export function inputOf(
  fields: readonly ContentField[],
  values: Values,
  { initial, isNew }: { readonly initial: Values; readonly isNew: boolean },
): Input {
  const data: Record<string, unknown> = {};
  const problems: { field: string; problem: Problem }[] = [];
  for (const field of fields) {
    const { name, required, hasDefault } = field;
    const value = values[name] ?? null;
    const isSame = isEqual(field, value, initial[name] ?? null);
    if (isEmpty(value)) {
      const isMissing = required && field.kind !== 'RELATION_TO_MANY' && (isNew ? !hasDefault : !isSame);
      if (isMissing) problems.push({ field: name, problem: { kind: 'required' } });
      else if (!isNew && !isSame) data[name] = field.kind === 'RELATION_TO_MANY' ? [] : null;
      continue;
    }
    if (isSame && !(isNew && field.kind === 'BOOLEAN')) continue;
    const read = readValue(field, value);
    if ('problem' in read) problems.push({ field: name, problem: read.problem });
    else data[name] = read.value;
  }
  return { data, problems };
}

function isEmpty(value: Value): boolean {
  return value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

/** Related documents have no order. */
export function isEqual({ kind }: ContentField, one: Value, other: Value): boolean {
  if (kind === 'RELATION_TO_ONE') return (one as Picked | null)?.id === (other as Picked | null)?.id;
  if (kind !== 'RELATION_TO_MANY') return one === other;
  const ids = (value: Value) =>
    ((value ?? []) as readonly Picked[])
      .map(({ id }) => id)
      .sort()
      .join(' ');
  return ids(one) === ids(other);
}

type Read = { readonly value: unknown } | { readonly problem: Problem };

function readValue(field: ContentField, value: Value): Read {
  switch (field.kind) {
    case 'INTEGER':
      return readNumber(field, String(value), /^[-+]?\d+$/);
    case 'DECIMAL':
      return readNumber(field, String(value).replace(',', '.'), /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i);
    case 'DATE_TIME': {
      const time = fromLocal(String(value));
      return time === undefined ? { problem: { kind: 'notTime' } } : { value: time };
    }
    case 'DATE':
      return Number.isNaN(Date.parse(String(value))) ? { problem: { kind: 'notTime' } } : { value };
    case 'BIG_INTEGER':
      return readDigits(field, String(value).trim(), /^-?\d{1,19}$/);
    case 'EXACT_DECIMAL':
      return readDigits(field, String(value).trim().replace(',', '.'), /^-?(\d+\.?\d*|\.\d+)$/);
    case 'JSON':
    case 'LIST':
      return readJson(field, String(value));
    case 'TEXT':
    case 'LONG_TEXT':
      return readText(field, String(value));
    case 'RELATION_TO_ONE':
      return { value: (value as Picked).id };
    case 'RELATION_TO_MANY':
      return { value: (value as readonly Picked[]).map(({ id }) => id) };
    default:
      return { value };
  }
}

/** A GraphQL Int has 32 bits. */
const MOST = 2 ** 31;

function readNumber({ kind, min, max }: ContentField, text: string, form: RegExp): Read {
  const isInteger = kind === 'INTEGER';
  if (!form.test(text.trim())) return { problem: { kind: isInteger ? 'notInteger' : 'notNumber' } };
  const value = Number(text);
  if (!Number.isFinite(value) || (isInteger && (value >= MOST || value < -MOST)))
    return { problem: { kind: 'outOfRange' } };
  if (min !== undefined && min !== null && value < min) return { problem: { kind: 'tooSmall', limit: min } };
  if (max !== undefined && max !== null && value > max) return { problem: { kind: 'tooLarge', limit: max } };
  return { value };
}

/** Digits stay a text: a number of JavaScript would round them. The server compares them exactly. */
function readDigits({ kind, min, max }: ContentField, text: string, form: RegExp): Read {
  if (!form.test(text)) return { problem: { kind: kind === 'BIG_INTEGER' ? 'notInteger' : 'notNumber' } };
  const value = Number(text);
  if (typeof min === 'number' && value < min) return { problem: { kind: 'tooSmall', limit: min } };
  if (typeof max === 'number' && value > max) return { problem: { kind: 'tooLarge', limit: max } };
  return { value: text };
}

function readJson({ kind }: ContentField, text: string): Read {
  try {
    const value: unknown = JSON.parse(text);
    return kind === 'LIST' && !Array.isArray(value) ? { problem: { kind: 'notList' } } : { value };
  } catch {
    return { problem: { kind: kind === 'LIST' ? 'notList' : 'notJson' } };
  }
}

function readText({ minLength, maxLength }: ContentField, value: string): Read {
  const length = charactersIn(value);
  if (minLength && length < minLength) return { problem: { kind: 'tooShort', limit: minLength } };
  if (maxLength && length > maxLength) return { problem: { kind: 'tooLong', limit: maxLength } };
  return { value };
}

/** Characters as the server counts them: an emoji is one, though JavaScript has two for it. */
export function charactersIn(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}
