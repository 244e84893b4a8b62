import type { Condition } from '../../../authorization/grants.ts';
import type { Holder } from '../../../authorization/rules.ts';
import type { Fault } from '../../../common/errors.ts';
import { parseDateTime } from '../../date-time.ts';
import { bytesOf } from '../../scalars/bytes.ts';
import { dateOf as dayOf } from '../../scalars/date.ts';
import { decimalOf } from '../../scalars/decimal.ts';
import { faultOfStoredJson } from '../../scalars/json.ts';
import { longOf } from '../../scalars/long.ts';
import { timeOf } from '../../scalars/time.ts';
import { operatorsOf } from '../column-types.ts';
import { allOf, type Filter, type Operator, type Related, TAKE_LISTS } from '../filter.ts';
import type { Column, Relation } from '../model.ts';
import type { RuleModel, RuleModels } from './rule-models.ts';
import { readVariable, Variable } from './variables.ts';

/** Limits of one condition. */
const MAX_CONDITIONS = 50;
const MAX_VALUES = 500;
/** As in the filters of clients: each is a subquery or a join, and PostgreSQL plans it for every request. */
const MAX_RELATIONS = 20;
/** Nested relations to many, as in the filters of clients. */
const MAX_DEPTH = 5;
const MAX_CHARACTERS = 1_000;

/** For whom a condition is read: `$user` has no value for Public, nor `$roles` for an API token. */
export type ReadFor = Holder | 'everybody';

/**
 * Reads a condition of a grant: the language of `filters`, with variables, and over every column of the model. Unlike a client's
 * filter it is never lenient: what is empty, and would match every row, is a fault.
 */
export function readCondition(
  models: RuleModels,
  model: string,
  input: Condition,
  { path, holder }: { readonly path: Fault['path']; readonly holder: ReadFor },
): { readonly filter: Filter | undefined; readonly faults: readonly Fault[] } {
  const faults: Fault[] = [];
  let conditions = 0;
  let values = 0;
  let relations = 0;
  let depth = 0;

  function fault(path: Fault['path'], message: string): undefined {
    // A long list of faults helps nobody; what is wrong with the rest is said once these are mended.
    if (faults.length < 20) faults.push({ path, message });
    return undefined;
  }

  function ofModel(type: RuleModel, input: unknown, path: Fault['path']): Filter | undefined {
    const entries = entriesOf(input);
    if (!entries) return fault(path, `${nameIn(path)} must be an object of conditions`);
    if (entries.length === 0) return fault(path, `${nameIn(path)} is empty, which would match every row`);
    return allOf(
      entries.map(([key, value]) => {
        const here = [...path, key];
        if (key === 'and' || key === 'or') return group(key === 'and' ? 'all' : 'any', type, value, here);
        if (key === 'not') return negated(ofModel(type, value, here));
        const member = type.members.get(key);
        if (!member) return fault(here, `${type.model} has no column or relation ${shown(key)} that rules can use`);
        return member.kind === 'column' ? ofColumn(member, value, here) : ofRelation(member, value, here);
      }),
    );
  }

  function group(kind: 'all' | 'any', type: RuleModel, input: unknown, path: Fault['path']): Filter | undefined {
    if (!Array.isArray(input) || input.length === 0) {
      return fault(path, `${nameIn(path)} must be a list of at least one condition`);
    }
    const of = input
      .map((inner, index) => ofModel(type, inner, [...path, index]))
      .filter((filter) => filter !== undefined);
    return of.length > 1 ? { kind, of } : of[0];
  }

  function ofRelation(relation: Relation, input: unknown, path: Fault['path']): Filter | undefined {
    const target = models.get(relation.target);
    if (!target) return fault(path, `rules cannot use ${shown(relation.name)}`); // not reached: such members are left out
    const to: Related = {
      relation,
      to: { type: target, rule: target.where, gates: [] },
      when: 'always',
    };
    if (typeof input === 'string') return ofUser(relation, to, input, path);
    depth += relation.many ? 1 : 0;
    relations++;
    if (relations === MAX_RELATIONS + 1) fault(path, `a condition can follow at most ${MAX_RELATIONS} relations`);
    if (relations > MAX_RELATIONS) return undefined;
    if (depth > MAX_DEPTH) return fault(path, `conditions can nest at most ${MAX_DEPTH} relations to many`);
    const of = input === null ? undefined : ofModel(target, input, path);
    depth -= relation.many ? 1 : 0;
    if (input === null) return counted(path, { kind: 'unrelated', to });
    return of && { kind: 'related', to, of };
  }

  /** `owner: $user`: the user of the viewer. It compares the key in this row, where there is one, and joins nothing. */
  function ofUser(relation: Relation, to: Related, text: string, path: Fault['path']): Filter | undefined {
    if (text !== '$user') return fault(path, `${relation.name} is a relation: it takes conditions, or $user`);
    if (relation.target !== 'User') return fault(path, `${relation.name} does not lead to User: $user does not fit`);
    if (!hasUser(path, text)) return undefined;
    const { link } = relation;
    const id = models.get('User')?.members.get('id');
    if (id?.kind !== 'column') throw new Error('User has no id');
    const value = new Variable('user.id');
    const [pair, ...more] = link.kind === 'here' ? link.pairs : [];
    if (pair?.references === id.column && more.length === 0 && to.to.rule === undefined) {
      const key = { ...id, name: pair.field, column: pair.column, required: false };
      return counted(path, { kind: 'compare', column: key, operator: 'eq', value, when: 'always' });
    }
    return counted(path, {
      kind: 'related',
      to,
      of: { kind: 'compare', column: id, operator: 'eq', value, when: 'always' },
    });
  }

  function counted(path: Fault['path'], filter: Filter): Filter | undefined {
    conditions++;
    if (conditions === MAX_CONDITIONS + 1) fault(path, `a condition can have at most ${MAX_CONDITIONS} comparisons`);
    return conditions > MAX_CONDITIONS ? undefined : filter;
  }

  function ofColumn(column: Column, input: unknown, path: Fault['path']): Filter | undefined {
    if (input === null) return counted(path, isNull(column, true));
    const entries = entriesOf(input);
    if (!entries) return fault(path, `${column.name} takes an object such as { eq: … }`);
    if (entries.length === 0) return fault(path, `${column.name} is empty, which would match every row`);
    return allOf(
      entries.map(([operator, value]) => {
        const here = [...path, operator];
        if (operator === 'not') return negated(ofColumn(column, value, here));
        return compared(column, operator, value, here);
      }),
    );
  }

  function compared(column: Column, operator: string, input: unknown, path: Fault['path']): Filter | undefined {
    if (operator === 'null' || operator === 'notNull') {
      if (typeof input !== 'boolean') return fault(path, `${operator} takes true or false`);
      return counted(path, isNull(column, operator === 'null' ? input : !input));
    }
    if (!isOperatorOf(column, operator)) return fault(path, `${shown(operator)} is not an operator of ${column.name}`);
    if (input === null && (operator === 'eq' || operator === 'eqi')) return counted(path, isNull(column, true));
    if (input === null && (operator === 'ne' || operator === 'nei')) return counted(path, isNull(column, false));
    if (operator === 'isEmpty') {
      if (typeof input !== 'boolean') return fault(path, `${operator} takes true or false`);
      return counted(path, { kind: 'compare', column, operator, value: input, when: 'always' });
    }
    if (operator === 'hasKey' && (typeof input !== 'string' || input.length > MAX_CHARACTERS)) {
      return fault(path, `${operator} takes a text of at most ${MAX_CHARACTERS} characters`);
    }
    if (column.type === 'JSON' && operator !== 'hasKey' && (JSON.stringify(input) ?? '').length > MAX_CHARACTERS) {
      return fault(path, `a value of JSON can have at most ${MAX_CHARACTERS} characters`);
    }
    const isList = TAKE_LISTS.includes(operator) || (column.list && operator !== 'has');
    const value = isList
      ? listOf(column, operator, input, path)
      : operator === 'hasKey'
        ? input
        : PATTERNS.includes(operator) && input === ''
          ? fault(path, `${operator} takes a text that is not empty`)
          : readValue(column, input, { path, holder, fault });
    if (value === undefined) return undefined;
    return counted(path, { kind: 'compare', column, operator, value, when: 'always' });
  }

  function listOf(column: Column, operator: string, input: unknown, path: Fault['path']): unknown {
    if (input === '$roles') {
      if (operator === 'between') return fault(path, '$roles is a list: it fits in and notIn only');
      if (holder === 'token') return fault(path, 'an API token has no roles: $roles has no value for it');
      return column.sqlType === 'text' ? new Variable('roles') : fault(path, `$roles does not fit ${column.name}`);
    }
    if (!Array.isArray(input) || input.length === 0) {
      return fault(path, `${operator} takes a list of at least one value`);
    }
    if (operator === 'between' && input.length !== 2) return fault(path, 'between takes two values');
    values += input.length;
    if (values > MAX_VALUES) return fault(path, `a condition can have at most ${MAX_VALUES} values in lists`);
    const read = input.map((one, index) => readValue(column, one, { path: [...path, index], holder, fault }));
    return read.includes(undefined) ? undefined : read;
  }

  function hasUser(path: Fault['path'], variable: string): boolean {
    if (holder === 'role' || holder === 'everybody') return true;
    fault(path, withoutUser(variable, holder));
    return false;
  }

  const type = models.get(model);
  if (!type) return { filter: undefined, faults: [{ path, message: `rules cannot use ${model}` }] };
  const filter = ofModel(type, input, path);
  return { filter: faults.length > 0 ? undefined : filter, faults };
}

/**
 * Reads a value that is compared with a column, or written into it: the value itself, or a variable that fits.
 *
 * @returns undefined after a fault.
 */
export function readValue(
  column: Column,
  input: unknown,
  {
    path,
    holder,
    fault,
  }: {
    readonly path: Fault['path'];
    readonly holder: ReadFor;
    readonly fault: (path: Fault['path'], message: string) => undefined;
  },
): unknown {
  const { name, type, values } = column;
  if (type === 'JSON') {
    const wrong = faultOfStoredJson(input);
    return wrong === undefined ? input : fault(path, `${name} ${wrong}`);
  }
  if (typeof input === 'string') {
    if (input.length > MAX_CHARACTERS) return fault(path, `a text can have at most ${MAX_CHARACTERS} characters`);
    if (input.includes('\0')) return fault(path, 'a text must not have the character 0');
    const read = readVariable(input);
    if (read === undefined) return fault(path, `${shown(input)} is not a variable. $$ begins an ordinary text with $`);
    if (read === 'user') return fault(path, `$user is a document: compare ${name} with $user.id, for example`);
    if (read instanceof Variable) {
      if (read.name.startsWith('user.') && (holder === 'public' || holder === 'token')) {
        return fault(path, withoutUser(input, holder));
      }
      if (read.name === 'roles') return fault(path, '$roles is a list: it fits in and notIn only');
      return fits(read, column) ? read : fault(path, `${input} does not fit ${name}, which is of type ${type}`);
    }
    const { text } = read;
    if (values) return values.includes(text) ? text : fault(path, `${name} is one of ${values.join(', ')}`);
    if (type === 'String' || type === 'ID') return text;
    if (type === 'DateTime')
      return dateOf(text) ?? fault(path, `${name} takes a time such as 2026-11-22T09:30:00.000Z`);
    const parse = TEXTS[type];
    if (parse) return parse(text) ?? fault(path, `${name} takes a value of type ${type}`);
  }
  if (typeof input === 'number' && (type === 'Decimal' || type === 'Long')) {
    return TEXTS[type]?.(String(input)) ?? fault(path, `${name} takes a value of type ${type}`);
  }
  if (typeof input === 'boolean' && type === 'Boolean') return input;
  if (typeof input === 'number' && type === 'Float' && Number.isFinite(input)) return input;
  if (typeof input === 'number' && type === 'Int' && Number.isInteger(input) && Math.abs(input) < 2 ** 31) return input;
  return fault(path, `${name} takes a value of type ${type}`);
}

/** The values of types that are written as text. */
const TEXTS: Readonly<Record<string, ((text: string) => string | undefined) | undefined>> = {
  Decimal: decimalOf,
  Long: longOf,
  Date: dayOf,
  Time: timeOf,
  Bytes: bytesOf,
};

function fits({ name }: Variable, { type }: Column): boolean {
  if (name === 'now') return type === 'DateTime' || type === 'Date';
  if (name === 'user.id') return type === 'Int';
  if (name === 'user.confirmed') return type === 'Boolean';
  return type === 'String' || type === 'ID';
}

function dateOf(text: string): Date | undefined {
  try {
    return parseDateTime(text);
  } catch {
    return undefined;
  }
}

function withoutUser(variable: string, holder: ReadFor): string {
  return holder === 'token'
    ? `an API token is no user: ${variable} has no value for it`
    : `who is not logged in is no user: ${variable} has no value for Public`;
}

/** The last name of a path. */
function nameIn(path: Fault['path']): string {
  return String(path.findLast((key) => typeof key === 'string') ?? 'the condition');
}

/** A name as somebody wrote it, cut to what names can be. */
function shown(name: string): string {
  return name.length > 64 ? `${name.slice(0, 64)}…` : name;
}

const PATTERNS: readonly string[] = ['contains', 'containsi', 'notContains', 'notContainsi', 'startsWith', 'endsWith'];

function entriesOf(input: unknown): [string, unknown][] | undefined {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return undefined;
  return Object.entries(input);
}

function negated(of: Filter | undefined): Filter | undefined {
  return of && { kind: 'not', of };
}

function isNull(column: Column, value: boolean): Filter {
  return { kind: 'compare', column, operator: 'null', value, when: 'always' };
}

function isOperatorOf(column: Column, name: string): name is Operator {
  return (operatorsOf(column) as readonly string[]).includes(name); // widened for the check
}
