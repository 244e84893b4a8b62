import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Node,
  newRow,
  readGroup,
  relationAs,
  replaced,
  rowOf,
  valueFor,
  writeCondition,
} from '../panel/screens/roles/condition.ts';
import { fitted } from '../panel/screens/roles/copied-rules.ts';
import { readGrantsJson } from '../panel/screens/roles/grants-json.ts';
import type { RuleField, RuleType } from '../panel/screens/roles/use-directory.ts';

/*
 * What an administrator builds from rows, and the JSON that the server keeps, are the same condition: a rule that is opened and
 * saved again must not mean anything else.
 */

const ORDER = ['gt', 'gte', 'lt', 'lte', 'between'];
const ALWAYS = ['null', 'notNull', 'not'];
const TEXT = ['eqi', 'nei', 'contains', 'containsi', 'notContains', 'notContainsi', 'startsWith', 'endsWith'];
const EQUAL = ['eq', 'ne', 'in', 'notIn'];

function column(name: string, type: string, operators: readonly string[], more: Partial<RuleField> = {}): RuleField {
  return {
    name,
    kind: 'COLUMN',
    type,
    many: false,
    readable: true,
    writable: true,
    values: null,
    operators: [...operators, ...ALWAYS],
    variables: [],
    ...more,
  };
}

function relation(name: string, type: string, many: boolean): RuleField {
  const variables = type === 'User' ? ['$user'] : [];
  return { ...column(name, type, []), kind: 'RELATION', operators: [], many, variables };
}

const POST: RuleType = {
  name: 'Post',
  actions: 'post',
  fields: [
    column('title', 'String', [...EQUAL, ...TEXT, ...ORDER], { variables: ['$user.username', '$roles'] }),
    column('likes', 'Int', [...EQUAL, ...ORDER], { variables: ['$user.id'] }),
    column('premium', 'Boolean', ['eq', 'ne'], { variables: ['$user.confirmed'] }),
    column('publishedAt', 'DateTime', [...EQUAL, ...ORDER], { variables: ['$now'] }),
    column('kind', 'PostKind', EQUAL, { values: ['NEWS', 'ESSAY'] }),
    relation('owner', 'User', false),
    relation('tags', 'Tag', true),
  ],
};
const TAG: RuleType = {
  name: 'Tag',
  actions: 'tag',
  fields: [column('name', 'String', [...EQUAL, ...TEXT, ...ORDER]), relation('posts', 'Post', true)],
};
const USER: RuleType = { name: 'User', actions: null, fields: [column('username', 'String', [...EQUAL, ...TEXT])] };
const TYPES = [POST, TAG, USER];

function typeNamed(name: string): RuleType {
  const type = TYPES.find((one) => one.name === name);
  if (!type) throw new Error(`no type ${name}`);
  return type;
}

/** Any condition that the server accepts, of every operator. */
function conditions(type: RuleType, depth: number): fc.Arbitrary<unknown> {
  const comparisons = type.fields.filter(({ kind }) => kind === 'COLUMN').map((field) => ofColumn(field, depth));
  const related = type.fields
    .filter(({ kind }) => kind === 'RELATION')
    .map((field) =>
      fc
        .oneof(
          fc.constant(null as unknown),
          field.variables.includes('$user') ? fc.constant('$user') : fc.constant(null),
          ...(depth > 0 ? [conditions(typeNamed(field.type), depth - 1)] : []),
        )
        .map((value) => ({ [field.name]: value })),
    );
  if (depth === 0) return fc.oneof(...comparisons, ...related);
  const inner = conditions(type, depth - 1);
  const list = fc.array(inner, { minLength: 1, maxLength: 3 });
  return fc.oneof(
    ...comparisons,
    ...related,
    inner.map((not) => ({ not })),
    list.map((and) => ({ and })),
    list.map((or) => ({ or })),
    // Several keys in one object: all of them.
    fc
      .array(fc.oneof(...comparisons, ...related), { minLength: 2, maxLength: 4 })
      .map((parts) => Object.assign({}, ...parts)),
    fc.tuple(list, fc.oneof(...comparisons), inner).map(([or, more, not]) => ({ or, ...(more as object), not })),
  );
}

function ofColumn(field: RuleField, depth: number): fc.Arbitrary<unknown> {
  const one = valuesOf(field);
  const operands = field.operators
    .filter((operator) => operator !== 'not')
    .map((operator) =>
      (operator === 'null' || operator === 'notNull'
        ? fc.boolean()
        : operator === 'between'
          ? fc.tuple(one, one)
          : operator === 'in' || operator === 'notIn'
            ? fc.oneof(fc.array(one, { minLength: 1, maxLength: 3 }), fc.constant('$roles'))
            : one
      ).map((value: unknown) => ({ [operator]: value })),
    );
  const simple = fc
    .array(fc.oneof(...operands), { minLength: 1, maxLength: 3 })
    .map((some) => Object.assign({}, ...some));
  const nested = depth > 0 ? [fc.tuple(simple, simple).map(([not, more]) => ({ not, ...more }))] : [];
  return fc.oneof(simple, ...nested, fc.constant(null)).map((value) => ({ [field.name]: value }));
}

function valuesOf({ type, values, variables }: RuleField): fc.Arbitrary<unknown> {
  const variable = variables
    .filter((name) => name !== '$roles')
    .map((name) => fc.constant(name === '$now' ? '$now-7d' : name));
  if (values) return fc.constantFrom(...values);
  const literal: Record<string, fc.Arbitrary<unknown>> = {
    Int: fc.integer(),
    Boolean: fc.boolean(),
    DateTime: fc.constant('2026-11-22T09:30:00.000Z'),
  };
  return fc.oneof(literal[type] ?? fc.string().map((text) => (text.startsWith('$') ? `$${text}` : text)), ...variable);
}

/** Two ways to write the same: `title: null` and `not` of a column have another one, which the builder uses. */
function rewritten(type: RuleType | undefined, json: unknown): unknown {
  if (typeof json !== 'object' || json === null) return json;
  const parts = Object.entries(json).flatMap(([key, value]): [string, unknown][] => {
    if (key === 'and' || key === 'or') return [[key, (value as unknown[]).map((inner) => rewritten(type, inner))]];
    if (key === 'not') return [[key, rewritten(type, value)]];
    const field = type?.fields.find(({ name }) => name === key);
    if (field?.kind === 'RELATION') {
      return [
        [
          key,
          rewritten(
            TYPES.find(({ name }) => name === field.type),
            value,
          ),
        ],
      ];
    }
    if (value === null) return [[key, { null: true }]];
    const { not, ...others } = value as Record<string, unknown>;
    return [
      ...(not === undefined ? [] : [['not', { [key]: not }] as [string, unknown]]),
      ...(Object.keys(others).length > 0 ? [[key, others] as [string, unknown]] : []),
    ];
  });
  if (parts.length === new Set(parts.map(([key]) => key)).size) return Object.fromEntries(parts);
  // Two conditions with `not`: an object has room for one. Then each comparison stands by itself.
  const apart = parts.flatMap(([key, value]) =>
    type?.fields.some(({ name, kind }) => name === key && kind === 'COLUMN')
      ? Object.entries(value as object).map(([operator, operand]) => ({ [key]: { [operator]: operand } }))
      : [{ [key]: value }],
  );
  return { and: apart };
}

test('a condition that is opened in the builder is the same when it is saved', () => {
  fc.assert(
    fc.property(conditions(POST, 3), (condition) => {
      const written = writeCondition(readGroup(TYPES, POST, condition));
      expect(written).toEqual(rewritten(POST, condition));
      // Opened and saved once more, it stays as it is.
      expect(writeCondition(readGroup(TYPES, POST, written))).toEqual(written);
    }),
    { numRuns: 500 },
  );
});

test.each(POST.fields.flatMap((field) => field.operators.map((operator) => [field, operator] as const)))(
  '$0.name $1: what the builder begins with can be read again',
  (field, operator) => {
    const condition = { [field.name]: { [operator]: operator === 'not' ? { eq: 1 } : valueFor(field, operator) } };
    const expected = operator === 'not' ? { not: { [field.name]: { eq: 1 } } } : condition;
    expect(writeCondition(readGroup(TYPES, POST, condition))).toEqual(expected);
  },
);

test('another operator keeps the value that fits it', () => {
  const [title] = POST.fields;
  if (!title) throw new Error('no title');
  expect(valueFor(title, 'in', 'news')).toEqual(['news']);
  expect(valueFor(title, 'eq', ['news', 'old'])).toBe('news');
  expect(valueFor(title, 'between', ['a', 'b'])).toEqual(['a', 'b']);
  expect(valueFor(title, 'eq', '$roles')).toBe('');
  expect(valueFor(title, 'eq', true)).toBe('');
  expect(valueFor(title, 'null', 'news')).toBe(true);
});

test('two conditions on one column with the same operator both stay', () => {
  const group = readGroup(TYPES, POST, { title: { contains: 'a' } });
  const [title] = POST.fields;
  if (group.kind !== 'group' || !title) throw new Error('no group');
  const another: Node = { ...rowOf(TYPES, title), operator: 'contains', value: 'b' } as Node;
  expect(writeCondition({ ...group, of: [...group.of, another] })).toEqual({
    and: [{ title: { contains: 'a' } }, { title: { contains: 'b' } }],
  });
});

test('two conditions on a relation stay two: each may mean another document', () => {
  const both = { and: [{ tags: { name: { eq: 'a' } } }, { tags: { name: { ne: 'b' } } }] };
  const group = readGroup(TYPES, POST, both);
  if (group.kind !== 'group') throw new Error('no group');
  expect(writeCondition({ ...group, join: 'object' })).toEqual(both);
});

test('what the builder does not know stays as it is written', () => {
  for (const condition of [
    { gone: { eq: 1 } },
    { title: 'x' },
    { tags: 'y' },
    'text',
    { and: 'no list' },
    { title: {} },
  ]) {
    expect(writeCondition(readGroup(TYPES, POST, condition))).toEqual(condition);
  }
});

test('a removed row leaves the others', () => {
  const root = readGroup(TYPES, POST, { title: { eq: 'a' }, likes: { gt: 1 } });
  if (root.kind !== 'group' || !root.of[0]) throw new Error('no group');
  const left = replaced(root, root.of[0].id, () => undefined);
  expect(left && writeCondition(left)).toEqual({ likes: { gt: 1 } });
});

test('a new row is about a column that clients see, and a relation to a user about the user', () => {
  expect(writeCondition(newRow(TYPES, POST))).toEqual({ title: { eq: '' } });
  const owner = POST.fields.find(({ name }) => name === 'owner');
  if (!owner) throw new Error('no owner');
  expect(writeCondition(rowOf(TYPES, owner))).toEqual({ owner: '$user' });
  expect(writeCondition(relationAs(TYPES, owner, 'related'))).toEqual({ owner: { username: { eq: '' } } });
});

test.each([
  ['[\n  { "where" }\n]', { fault: 'syntax', place: { line: 2, column: 13 } }],
  ['[{ "where": 1 }', { fault: 'syntax', place: { line: 1, column: 16 } }],
  ['{}', { fault: 'list' }],
  ['[1]', { fault: 'object', index: 0 }],
  ['[{}, { "wher": {} }]', { fault: 'key', index: 1, key: 'wher' }],
  ['[{ "fields": [1] }]', { fault: 'fields', index: 0 }],
  ['[{ "where": { "owner": "$user" } }]', { grants: [{ where: { owner: '$user' } }] }],
])('the JSON %j says where it is wrong', (text, expected) => {
  expect(readGrantsJson(text)).toEqual(expected);
});

test.each([
  {
    what: 'a condition on columns that the other type has, too',
    grants: [{ where: { name: { startsWith: 'a' } } }],
    action: 'tag.update',
    expected: { grants: [{ where: { name: { startsWith: 'a' } } }], without: [], missing: [] },
  },
  {
    what: 'columns that it does not have are left out of a list',
    grants: [{ fields: ['title', 'name'] }],
    action: 'tag.find',
    expected: { grants: [{ fields: ['name'] }], without: ['title'], missing: [] },
  },
  {
    what: 'a column of a condition cannot be left out',
    grants: [{ where: { or: [{ not: { owner: '$user' } }, { posts: { likes: { gt: 1 }, gone: { eq: 1 } } }] } }],
    action: 'tag.find',
    expected: { without: [], missing: ['owner', 'posts.gone'] },
  },
  {
    what: 'which rows cannot be left out either: a new row has none before it',
    grants: [{ where: { name: { eq: 'a' } } }],
    action: 'tag.create',
    expected: { without: [], missing: ['where'] },
  },
  {
    what: 'values that the server sets',
    grants: [{ set: { owner: '$user' } }],
    action: 'tag.create',
    expected: { without: [], missing: ['owner'] },
  },
  {
    what: 'what means nothing for the other action is left out',
    grants: [{ where: { name: { eq: 'a' } }, fields: ['gone'], check: { gone: { eq: 1 } }, set: { gone: 1 } }],
    action: 'tag.delete',
    expected: { grants: [{ where: { name: { eq: 'a' } } }], without: [], missing: [] },
  },
  {
    what: 'a rule of which nothing would be left allows everything',
    grants: [{ fields: ['name'], set: { name: 'a' } }],
    action: 'tag.delete',
    expected: { without: [], missing: ['fields', 'set'] },
  },
])('copied rules fit another action: $what', ({ grants, action, expected }) => {
  expect(fitted(grants, { action, types: TYPES, type: TAG, hasUser: true })).toMatchObject(expected);
});

test('copied rules about the user fit no holder without one', () => {
  const of = (hasUser: boolean) =>
    fitted([{ where: { title: { eq: '$user.username' } } }], { action: 'post.find', types: TYPES, type: POST, hasUser })
      .missing;
  expect([of(true), of(false)]).toEqual([[], ['$user']]);
});
