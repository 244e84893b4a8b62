import type { RuleField, RuleType } from './use-directory.ts';

/**
 * A condition as somebody builds it: the language of `filters`, as a tree of rows. What the builder cannot show (a column that is
 * gone, for example) stays in it as it is written, so that nothing of a rule is ever lost.
 */
export type Node =
  | { readonly id: number; readonly kind: 'group'; readonly join: Join; readonly of: readonly Node[] }
  | { readonly id: number; readonly kind: 'not'; readonly of: Node }
  | {
      readonly id: number;
      readonly kind: 'column';
      readonly field: string;
      readonly operator: string;
      /** As it is sent: `$now-7d` is a variable, `$$x` the text `$x`. */
      readonly value: unknown;
    }
  /** At least one related document matches. */
  | { readonly id: number; readonly kind: 'related'; readonly field: string; readonly of: Node }
  /** It is the user. */
  | { readonly id: number; readonly kind: 'user'; readonly field: string }
  /** There is no related document. */
  | { readonly id: number; readonly kind: 'unrelated'; readonly field: string }
  | { readonly id: number; readonly kind: 'raw'; readonly field: string | undefined; readonly json: unknown };

/** How the conditions of a group hang together. `object` is `and` too, written as one object. */
export type Join = 'object' | 'and' | 'or';

let count = 0;

export function newId(): number {
  count += 1;
  return count;
}

/**
 * A condition as a group, so that there is a place to add another one.
 *
 * @param type undefined where the rows' type is not known: then all stays as it is written
 */
export function readGroup(types: readonly RuleType[], type: RuleType | undefined, json: unknown): Node {
  const node = readCondition(types, type, json);
  return node.kind === 'group' ? node : { id: newId(), kind: 'group', join: 'object', of: [node] };
}

function readCondition(types: readonly RuleType[], type: RuleType | undefined, json: unknown): Node {
  const id = newId();
  if (!isObject(json) || !type) return { id, kind: 'raw', field: undefined, json };
  const of = Object.entries(json).flatMap(([key, value]) => readEntry(types, type, key, value));
  const [only] = of;
  return only && of.length === 1 ? only : { id, kind: 'group', join: 'object', of };
}

function readEntry(types: readonly RuleType[], type: RuleType, key: string, value: unknown): Node[] {
  const id = newId();
  if ((key === 'and' || key === 'or') && Array.isArray(value)) {
    return [{ id, kind: 'group', join: key, of: value.map((inner) => readCondition(types, type, inner)) }];
  }
  if (key === 'not' && isObject(value)) return [{ id, kind: 'not', of: readGroup(types, type, value) }];
  const field = type.fields.find(({ name }) => name === key);
  const raw: Node = { id, kind: 'raw', field: key, json: value };
  if (!field) return [raw];
  if (field.kind === 'COLUMN') return readColumn(field, value, raw);
  if (value === null) return [{ id, kind: 'unrelated', field: key }];
  if (value === '$user') return [{ id, kind: 'user', field: key }];
  const target = types.find(({ name }) => name === field.type);
  if (!target || !isObject(value)) return [raw];
  return [{ id, kind: 'related', field: key, of: readGroup(types, target, value) }];
}

function readColumn(field: RuleField, value: unknown, raw: Node): Node[] {
  const column = (operator: string, value: unknown): Node => ({
    id: newId(),
    kind: 'column',
    field: field.name,
    operator,
    value,
  });
  if (value === null) return [column('null', true)];
  if (!isObject(value) || Object.keys(value).length === 0) return [raw];
  return Object.entries(value).map(([operator, operand]): Node => {
    if (operator !== 'not') return column(operator, operand);
    const of = readColumn(field, operand, { id: newId(), kind: 'raw', field: field.name, json: operand });
    return { id: newId(), kind: 'not', of: { id: newId(), kind: 'group', join: 'object', of } };
  });
}

/** The condition as it is sent. */
export function writeCondition(node: Node): unknown {
  switch (node.kind) {
    case 'group': {
      const [only] = node.of;
      if (only && node.of.length === 1 && node.join === 'object') return writeCondition(only);
      if (node.join === 'object') return merged(node.of) ?? { and: node.of.map(writeCondition) };
      return { [node.join]: node.of.map(writeCondition) };
    }
    case 'not':
      return { not: writeCondition(node.of) };
    case 'column':
      return { [node.field]: { [node.operator]: node.value } };
    case 'related':
      return { [node.field]: writeCondition(node.of) };
    case 'user':
      return { [node.field]: '$user' };
    case 'unrelated':
      return { [node.field]: null };
    case 'raw':
      return node.field === undefined ? node.json : { [node.field]: node.json };
  }
}

/** Several conditions as one object; undefined where two of them say the same key, and both have to stay. */
function merged(nodes: readonly Node[]): Record<string, unknown> | undefined {
  const whole: Record<string, unknown> = {};
  // Two operators of one column are one object: `{ gte: 1, lt: 9 }`. Relations stay apart: each may mean another document.
  const columns = new Set<string>();
  for (const node of nodes) {
    const part = writeCondition(node);
    if (!isObject(part)) return undefined;
    for (const [key, value] of Object.entries(part)) {
      const before = whole[key];
      if (before === undefined) {
        whole[key] = value;
        if (node.kind === 'column') columns.add(key);
        continue;
      }
      if (node.kind !== 'column' || !columns.has(key) || !isObject(before) || !isObject(value)) return undefined;
      if (Object.hasOwn(before, node.operator)) return undefined;
      whole[key] = { ...before, ...value };
    }
  }
  return whole;
}

/** The tree with one node changed, or without it: undefined. */
export function replaced(root: Node, id: number, change: (node: Node) => Node | undefined): Node | undefined {
  if (root.id === id) return change(root);
  if (root.kind === 'group') {
    return { ...root, of: root.of.flatMap((inner) => replaced(inner, id, change) ?? []) };
  }
  if (root.kind === 'not' || root.kind === 'related') {
    const of = replaced(root.of, id, change);
    return of && { ...root, of };
  }
  return root;
}

/** What a new row of a type begins with. */
export function newRow(types: readonly RuleType[], type: RuleType): Node {
  const columns = type.fields.filter(({ kind }) => kind === 'COLUMN');
  const field = columns.find(({ readable, name }) => readable && name !== 'documentId') ?? columns[0] ?? type.fields[0];
  return field ? rowOf(types, field) : { id: newId(), kind: 'raw', field: undefined, json: {} };
}

export function newGroup(types: readonly RuleType[], type: RuleType, join: Join): Node {
  return { id: newId(), kind: 'group', join, of: [newRow(types, type)] };
}

/** A row about a column or a relation. */
export function rowOf(types: readonly RuleType[], field: RuleField): Node {
  const id = newId();
  if (field.kind === 'RELATION')
    return relationAs(types, field, field.variables.includes('$user') ? 'user' : 'related');
  const operator = field.operators[0] ?? 'eq';
  return { id, kind: 'column', field: field.name, operator, value: valueFor(field, operator) };
}

/** What a row says of a relation: it is the user, one matches, there is none. */
export function relationAs(types: readonly RuleType[], field: RuleField, kind: 'user' | 'related' | 'unrelated'): Node {
  const id = newId();
  const target = types.find(({ name }) => name === field.type);
  if (kind === 'related' && target) {
    // No further relation: it could lead back to this one, without end.
    const of = newRow(types, { ...target, fields: target.fields.filter((one) => one.kind === 'COLUMN') });
    return { id, kind, field: field.name, of: { id: newId(), kind: 'group', join: 'object', of: [of] } };
  }
  return { id, kind: kind === 'user' ? 'user' : 'unrelated', field: field.name };
}

/** What an operator begins with, or what is left of the value before. */
export function valueFor(field: RuleField, operator: string, before?: unknown): unknown {
  if (operator === 'null' || operator === 'notNull' || operator === 'isEmpty') return true;
  const first = Array.isArray(before) ? before[0] : before === '$roles' ? undefined : before;
  const one =
    first === undefined || (typeof first === 'boolean') !== (field.type === 'Boolean') ? emptyOf(field) : first;
  if (operator === 'between') return [one, Array.isArray(before) ? (before[1] ?? one) : one];
  if (['in', 'notIn', 'hasSome', 'hasEvery'].includes(operator))
    return Array.isArray(before) ? before : before === '$roles' ? before : [one];
  return one;
}

function emptyOf({ type, values }: RuleField): unknown {
  if (values) return values[0] ?? '';
  if (type === 'Boolean') return true;
  if (type === 'DateTime') return '$now';
  if (type === 'Int' || type === 'Float') return 0;
  return '';
}

export function isVariable(value: unknown): value is string {
  return typeof value === 'string' && value.startsWith('$') && !value.startsWith('$$');
}

/** A text as it is typed, and as it is sent: `$` begins a variable. */
export function textIn(value: unknown): string {
  if (typeof value === 'string') return value.startsWith('$$') ? value.slice(1) : value;
  return value === undefined || value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
}

export function textOut(text: string): string {
  return text.startsWith('$') ? `$${text}` : text;
}

/** A number as it is typed. What is none is sent as it is, and refused at its place. */
export function numberOut(text: string): number | string {
  return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
