import type { Grant } from '../../../authorization/grants.ts';
import type { RuleField, RuleType } from '../../../authorization/rules.ts';

/**
 * The grants of an action in words: `where owner is the user, fields content, title`. What does not read is said as it is
 * written, so that nothing of a grant is ever missing.
 */
export function grantsInWords(types: readonly RuleType[], action: string, grants: readonly Grant[]): string {
  const prefix = action.split('.', 1)[0];
  const type = types.find(({ actions }) => actions === prefix);
  return grants.map((grant) => inWords(types, type, grant)).join('; or ');
}

function inWords(types: readonly RuleType[], type: RuleType | undefined, grant: Grant): string {
  if (!isObject(grant)) return raw(grant);
  const { where, fields, check, set, ...unknown } = grant;
  const condition = (input: unknown) => of(types, type, input, []).text;
  const parts = [
    ...(where === undefined ? [] : [`where ${condition(where)}`]),
    ...(fields === undefined ? [] : [fieldsIn(fields)]),
    ...(set === undefined ? [] : [setIn(set)]),
    ...(check === undefined ? [] : [`and afterwards ${condition(check)}`]),
    ...Object.entries(unknown).map(([key, value]) => `${shown(key)} ${raw(value)}`),
  ];
  return parts.length > 0 ? parts.join(', ') : 'all rows and fields';
}

function fieldsIn(fields: unknown): string {
  if (!Array.isArray(fields)) return `fields ${raw(fields)}`;
  return fields.length === 0
    ? 'no fields'
    : `fields ${[...fields]
        .map((name) => (typeof name === 'string' ? shown(name) : raw(name)))
        .sort()
        .join(', ')}`;
}

function setIn(set: unknown): string {
  if (!isObject(set)) return `set ${raw(set)}`;
  return `set ${Object.entries(set)
    .map(([name, value]) => `${shown(name)} to ${value === null ? 'nothing' : valueIn(value)}`)
    .join(' and ')}`;
}

/** A condition in words, and how its parts hang together: that decides where it needs parentheses. */
interface Words {
  readonly text: string;
  readonly kind: 'one' | 'and' | 'or';
}

function one(text: string): Words {
  return { text, kind: 'one' };
}

function joined(kind: 'and' | 'or', parts: readonly Words[]): Words {
  const [only] = parts;
  if (only && parts.length === 1) return only;
  // "and" binds stronger, but who reads it should not have to know.
  const texts = parts.map((part) => (part.kind === 'one' || part.kind === kind ? part.text : `(${part.text})`));
  return { text: texts.join(` ${kind} `), kind };
}

/** @param path how the row is reached from the first one, through relations to one */
function of(types: readonly RuleType[], type: RuleType | undefined, input: unknown, path: readonly string[]): Words {
  if (!isObject(input)) return one(`${path.join('.')} ${raw(input)}`.trim());
  const parts = Object.entries(input).map(([key, value]): Words => {
    if ((key === 'and' || key === 'or') && Array.isArray(value)) {
      return joined(
        key,
        value.map((inner) => of(types, type, inner, path)),
      );
    }
    if (key === 'not') return negated(of(types, type, value, path));
    const field = type?.fields.find(({ name }) => name === key);
    const name = [...path, shown(key)].join('.');
    if (field?.kind === 'relation') return ofRelation(types, field, value, [...path, key]);
    return ofColumn(name, field, value);
  });
  return parts.length > 0 ? joined('and', parts) : one(raw(input));
}

function negated({ text }: Words): Words {
  return one(`not (${text})`);
}

function ofRelation(types: readonly RuleType[], field: RuleField, value: unknown, path: readonly string[]): Words {
  const name = path.map((one) => shown(one)).join('.');
  if (value === null) return one(field.many ? `there are no ${name}` : `there is no ${name}`);
  if (typeof value === 'string') return one(`${name} ${field.many ? 'include' : 'is'} ${valueIn(value)}`);
  const target = types.find((type) => type.name === field.type);
  if (!field.many) return of(types, target, value, path);
  return one(`${name} include one where ${of(types, target, value, []).text}`);
}

function ofColumn(name: string, field: RuleField | undefined, input: unknown): Words {
  if (input === null) return one(`${name} is empty`);
  if (!isObject(input)) return one(`${name} ${raw(input)}`);
  const parts = Object.entries(input).map(([operator, value]): Words => {
    if (operator === 'not') return negated(ofColumn(name, field, value));
    return one(`${name} ${comparison(field, operator, value)}`);
  });
  return parts.length > 0 ? joined('and', parts) : one(`${name} ${raw(input)}`);
}

function comparison(field: RuleField | undefined, operator: string, value: unknown): string {
  const isEmpty = (empty: boolean) => (empty ? 'is empty' : 'is not empty');
  if (operator === 'null' || operator === 'notNull') {
    return typeof value === 'boolean' ? isEmpty((operator === 'null') === value) : `${operator} ${raw(value)}`;
  }
  if (operator === 'isEmpty' && typeof value === 'boolean') return value ? 'has no elements' : 'has elements';
  if (value === null && (operator === 'eq' || operator === 'eqi')) return isEmpty(true);
  if (value === null && (operator === 'ne' || operator === 'nei')) return isEmpty(false);
  if (operator === 'between' && Array.isArray(value)) return `is from ${value.map(valueIn).join(' to ')}`;
  const verbs = field && TIME_TYPES.includes(field.type) ? { ...VERBS, ...TIMES } : VERBS;
  const [verb, after = ''] = (Object.hasOwn(verbs, operator) ? verbs[operator] : undefined) ?? [shown(operator)];
  return `${verb} ${Array.isArray(value) ? value.map(valueIn).join(', ') : valueIn(value)}${after}`;
}

/** What stands before the value, and after it. */
const VERBS: Readonly<Record<string, readonly [string, string?]>> = {
  eq: ['is'],
  eqi: ['is', ' in any case'],
  ne: ['is not'],
  nei: ['is not', ' in any case'],
  gt: ['is more than'],
  gte: ['is at least'],
  lt: ['is less than'],
  lte: ['is at most'],
  in: ['is one of'],
  notIn: ['is none of'],
  contains: ['contains'],
  containsi: ['contains', ' in any case'],
  notContains: ['does not contain'],
  notContainsi: ['does not contain', ' in any case'],
  startsWith: ['starts with'],
  endsWith: ['ends with'],
  has: ['has'],
  hasSome: ['has one of'],
  hasEvery: ['has all of'],
  hasKey: ['has the key'],
};

const TIME_TYPES: readonly string[] = ['DateTime', 'Date', 'Time'];

const TIMES: typeof VERBS = {
  gt: ['is after'],
  gte: ['is at or after'],
  lt: ['is before'],
  lte: ['is at or before'],
};

const VARIABLES: Readonly<Record<string, string>> = {
  $user: 'the user',
  '$user.id': "the user's id",
  '$user.documentId': "the user's documentId",
  '$user.username': "the user's username",
  '$user.email': "the user's e-mail",
  '$user.confirmed': 'whether the user is confirmed',
  $roles: 'the roles of the user',
  $now: 'now',
};

const UNITS: Readonly<Record<string, string>> = { s: 'second', m: 'minute', h: 'hour', d: 'day', w: 'week' };

function valueIn(value: unknown): string {
  if (typeof value !== 'string' || !value.startsWith('$')) return raw(value);
  if (value.startsWith('$$')) return raw(value.slice(1));
  const known = Object.hasOwn(VARIABLES, value) ? VARIABLES[value] : undefined;
  if (known) return known;
  const [, sign, count, unit = ''] = /^\$now([+-])(\d+)([smhdw])$/.exec(value) ?? [];
  if (sign === undefined) return raw(value);
  const distance = `${Number(count)} ${UNITS[unit]}${Number(count) === 1 ? '' : 's'}`;
  return sign === '-' ? `${distance} ago` : `${distance} from now`;
}

/** As it is written, in one line of limited length. */
function raw(value: unknown): string {
  return shown(JSON.stringify(value) ?? 'nothing', 200);
}

/** A name or a value can be anything: it must not break the line, nor turn its direction. */
function shown(text: string, longest = 64): string {
  const safe = text.replaceAll(/\p{C}/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
  return safe.length > longest ? `${safe.slice(0, longest)}…` : safe;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
