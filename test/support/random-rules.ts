import fc from 'fast-check';
import type { Condition, Grant, Permission } from '../../src/authorization/grants.ts';
import type { Filters } from './naive-filter.ts';
import { type ListArguments, OFFSETS, type Question, type Selection } from './naive-rules.ts';
import type { Shown, Write, WrittenType } from './naive-writes.ts';
import {
  type ColumnOf,
  FRACTIONS,
  KINDS,
  POOL,
  SENT_SLUGS,
  TIMES,
  TYPE_NAMES,
  TYPES,
  type TypeName,
  WHOLES,
} from './rules-world.ts';

/* Random permissions with every operator and every variable of rules, and random questions. */

const COMPARISONS = ['eq', 'eqi', 'ne', 'nei', 'gt', 'gte', 'lt', 'lte'] as const;
const PATTERNS = ['contains', 'containsi', 'notContains', 'notContainsi', 'startsWith', 'endsWith'] as const;

const VALUES: Readonly<Record<ColumnOf['type'], fc.Arbitrary<unknown>>> = {
  String: fc.constantFrom(...POOL),
  Kind: fc.constantFrom(...KINDS),
  Int: fc.constantFrom(...WHOLES),
  Float: fc.constantFrom(...FRACTIONS),
  Boolean: fc.boolean(),
  DateTime: fc.constantFrom(...TIMES),
};

/** The variables that fit a column. */
const VARIABLES: Readonly<Record<ColumnOf['type'], readonly string[]>> = {
  String: ['$user.documentId', '$user.username', '$user.email'],
  Kind: [],
  Int: ['$user.id'],
  Float: [],
  Boolean: ['$user.confirmed'],
  DateTime: Object.keys(OFFSETS),
};

/** `$` at the beginning of an ordinary text of a rule is written twice. */
function escaped(value: unknown): unknown {
  return typeof value === 'string' && value.startsWith('$') ? `$${value}` : value;
}

function valueInRule(type: ColumnOf['type']): fc.Arbitrary<unknown> {
  const variables = VARIABLES[type];
  const plain = VALUES[type].map(escaped);
  return variables.length === 0
    ? plain
    : fc.oneof({ weight: 2, arbitrary: plain }, { weight: 2, arbitrary: fc.constantFrom(...variables) });
}

/** One or two comparisons with a column, or their negation. `values`: what stands behind an operator. */
function comparisonsWith(
  value: fc.Arbitrary<unknown>,
  lists: fc.Arbitrary<unknown>,
  patterns: fc.Arbitrary<unknown>,
  pair: fc.Arbitrary<unknown>,
): fc.Arbitrary<Filters> {
  const comparison = fc.oneof(
    { weight: 8, arbitrary: fc.tuple(fc.constantFrom(...COMPARISONS), value) },
    { weight: 4, arbitrary: fc.tuple(fc.constantFrom(...PATTERNS), patterns) },
    { weight: 3, arbitrary: fc.tuple(fc.constantFrom('in', 'notIn'), lists) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('between'), pair) },
    { weight: 2, arbitrary: fc.tuple(fc.constantFrom('null', 'notNull'), fc.boolean()) },
    { weight: 1, arbitrary: fc.tuple(fc.constantFrom('eq', 'eqi', 'ne', 'nei'), fc.constant(null)) },
  );
  const flat = fc
    .uniqueArray(comparison, { minLength: 1, maxLength: 2, selector: ([operator]) => operator })
    .map((entries): Filters => Object.fromEntries(entries));
  return fc.oneof({ weight: 5, arbitrary: flat }, { weight: 1, arbitrary: flat.map((inner) => ({ not: inner })) });
}

function columnInRule({ type }: ColumnOf): fc.Arbitrary<unknown> {
  const value = valueInRule(type);
  const list = fc.array(value, { minLength: 1, maxLength: 3 });
  const lists: fc.Arbitrary<unknown> =
    type === 'String' || type === 'Kind'
      ? fc.oneof({ weight: 2, arbitrary: list }, { weight: 1, arbitrary: fc.constant('$roles') })
      : list;
  const patterns = value.filter((one) => one !== '');
  return fc.oneof(
    { weight: 12, arbitrary: comparisonsWith(value, lists, patterns, fc.tuple(value, value)) },
    { weight: 1, arbitrary: fc.constant(null) },
  );
}

function columnInFilters({ type }: ColumnOf): fc.Arbitrary<unknown> {
  const value = VALUES[type];
  if (type === 'Kind')
    return fc.oneof({ weight: 12, arbitrary: enumInFilters(value) }, { weight: 1, arbitrary: fc.constant(null) });
  const lists = fc.array(fc.option(value, { freq: 8 }), { maxLength: 3 });
  return fc.oneof(
    { weight: 12, arbitrary: comparisonsWith(value, lists, value, fc.tuple(value, value)) },
    { weight: 1, arbitrary: fc.constant(null) },
  );
}

/** Filters of an enum take its values whole. */
function enumInFilters(value: fc.Arbitrary<unknown>): fc.Arbitrary<Filters> {
  const comparison = fc.oneof(
    { weight: 4, arbitrary: fc.tuple(fc.constantFrom('eq', 'ne'), fc.option(value, { freq: 8 })) },
    {
      weight: 3,
      arbitrary: fc.tuple(fc.constantFrom('in', 'notIn'), fc.array(fc.option(value, { freq: 8 }), { maxLength: 3 })),
    },
    { weight: 2, arbitrary: fc.tuple(fc.constantFrom('null', 'notNull'), fc.boolean()) },
  );
  const flat = fc
    .uniqueArray(comparison, { minLength: 1, maxLength: 2, selector: ([operator]) => operator })
    .map((entries): Filters => Object.fromEntries(entries));
  return fc.oneof({ weight: 5, arbitrary: flat }, { weight: 1, arbitrary: flat.map((inner) => ({ not: inner })) });
}

const documentId: ColumnOf = { type: 'String', required: true };

function columnsOfRules(type: TypeName): Readonly<Record<string, ColumnOf>> {
  const { columns, hidden, inRules } = TYPES[type];
  const all: Record<string, ColumnOf> = inRules ? columns : { ...columns, ...hidden, documentId };
  return Object.fromEntries(Object.entries(all).filter(([name]) => !inRules || inRules.includes(name)));
}

/** What relations conditions of rules can follow: of users only their role, and of roles none. */
function relationsOfRules(type: TypeName) {
  return type === 'Role' ? {} : TYPES[type].relations;
}

function built<T>(make: (type: TypeName) => T): Readonly<Record<TypeName, T>> {
  return Object.fromEntries(TYPE_NAMES.map((type) => [type, make(type)])) as Record<TypeName, T>; // one for each name
}

/** Conditions over the columns and relations of a type: every branch has at least one, as rules must. */
function conditionsOf(
  depth: number,
  inner: Readonly<Record<TypeName, fc.Arbitrary<Filters>>> | undefined,
  { columnsOf, columnFor, relationsOf, user }: Language,
): Readonly<Record<TypeName, fc.Arbitrary<Filters>>> {
  return built((type) => {
    const columns = Object.entries(columnsOf(type)).map(([name, column]) =>
      columnFor(column).map((condition): Filters => ({ [name]: condition })),
    );
    const column = fc.oneof(...columns);
    if (depth === 0 || !inner) return column;
    const relations = Object.entries(relationsOf(type)).map(([name, { to }]) => {
      const options = [
        { weight: 8, arbitrary: inner[to] },
        { weight: 1, arbitrary: fc.constant(null) },
        ...(user && to === 'User' ? [{ weight: 8, arbitrary: fc.constant('$user') }] : []),
      ];
      return fc
        .oneof<{ weight: number; arbitrary: fc.Arbitrary<unknown> }[]>(...options)
        .map((condition): Filters => ({ [name]: condition }));
    });
    const several = fc.array(inner[type], { minLength: 1, maxLength: 3 });
    const group = fc.oneof(
      several.map((of): Filters => ({ and: of })),
      several.map((of): Filters => ({ or: of })),
      inner[type].map((of): Filters => ({ not: of })),
    );
    const part = fc.oneof(
      { weight: 4, arbitrary: column },
      ...(relations.length > 0 ? [{ weight: 4, arbitrary: fc.oneof(...relations) }] : []),
      { weight: 3, arbitrary: group },
    );
    return fc.oneof(
      { weight: 3, arbitrary: part },
      { weight: 1, arbitrary: fc.tuple(part, part).map(([one, other]): Filters => ({ ...one, ...other })) },
    );
  });
}

interface Language {
  readonly columnsOf: (type: TypeName) => Readonly<Record<string, ColumnOf>>;
  readonly columnFor: (column: ColumnOf) => fc.Arbitrary<unknown>;
  readonly relationsOf: (type: TypeName) => Readonly<Record<string, { readonly to: TypeName }>>;
  /** Whether a relation to a user can be compared with the caller. */
  readonly user: boolean;
}

const RULES: Language = {
  columnsOf: columnsOfRules,
  columnFor: columnInRule,
  relationsOf: relationsOfRules,
  user: true,
};
const FILTERS: Language = {
  columnsOf: (type) => ({ ...TYPES[type].columns, documentId }),
  columnFor: columnInFilters,
  relationsOf: (type) => TYPES[type].relations,
  user: false,
};

function upTo(depth: number, language: Language) {
  let conditions = conditionsOf(0, undefined, language);
  for (let level = 1; level <= depth; level++) conditions = conditionsOf(level, conditions, language);
  return conditions;
}

const conditions = upTo(2, RULES);
const filters = upTo(2, FILTERS);

/** A condition of a rule on rows of a type. */
export const conditionOf: Readonly<Record<TypeName, fc.Arbitrary<Condition>>> = conditions;

/** Most hide what can be null; a hidden cell of a required column makes its whole row null, which hides other mistakes. */
const fieldsOf = built((type) => {
  const { columns, relations } = TYPES[type];
  const all = [...Object.keys(columns), ...Object.keys(relations)];
  const required = all.filter((name) => columns[name]?.required);
  const optional = all.filter((name) => !columns[name]?.required);
  return fc.oneof(
    { weight: 4, arbitrary: fc.subarray(optional).map((some) => [...required, ...some]) },
    { weight: 1, arbitrary: fc.subarray(all) },
  );
});

const grantToRead: Readonly<Record<TypeName, fc.Arbitrary<Grant>>> = built((type) =>
  fc
    .record(
      {
        where: fc.option(conditions[type], { freq: 6, nil: undefined }),
        fields: fc.option(fieldsOf[type], { nil: undefined }),
      },
      { requiredKeys: [] },
    )
    .map(({ where, fields }) => ({ ...(where && { where }), ...(fields && { fields }) })),
);

/** What one role has of a type: `find` and `findOne`, each without restriction, with grants, or not at all. */
const permissionToRead: Readonly<Record<TypeName, fc.Arbitrary<readonly Permission[]>>> = built((type) => {
  const grants = fc.oneof(
    { weight: 5, arbitrary: fc.array(grantToRead[type], { minLength: 1, maxLength: 3 }) },
    { weight: 2, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.constant(undefined) },
  );
  return fc
    .tuple(grants, grants)
    .map(([find, findOne]) => [
      ...(find === undefined ? [] : [[`${TYPES[type].actions}.find`, find] as const]),
      ...(findOne === undefined ? [] : [[`${TYPES[type].actions}.findOne`, findOne] as const]),
    ]);
});

/** The permissions of one role. */
export const readingRole: fc.Arbitrary<readonly Permission[]> = fc
  .tuple(...TYPE_NAMES.map((type) => permissionToRead[type]))
  .map((types) => types.flat());

/** The permissions of one to three roles, one after the other. */
export const readingPermissions: fc.Arbitrary<readonly Permission[]> = fc
  .array(readingRole, { minLength: 1, maxLength: 3 })
  .map((roles) => roles.flat());

const sortOf = built((type) => {
  const own = [...Object.keys(TYPES[type].columns), 'documentId'];
  const related = Object.entries(TYPES[type].relations)
    .filter(([, { many }]) => !many)
    .flatMap(([name, { to }]) => Object.keys(TYPES[to].columns).map((column) => `${name}.${column}`));
  const further = type === 'Post' ? ['owner.role.type'] : [];
  const key = fc.tuple(
    fc.oneof(fc.constantFrom(...own), fc.constantFrom(...own, ...related, ...further)),
    fc.constantFrom('', ':asc', ':desc'),
  );
  return fc
    .uniqueArray(key, { minLength: 1, maxLength: 2, selector: ([path]) => path })
    .map((keys) => keys.map((parts) => parts.join('')));
});

const SEARCHES = ['a', 'AN', 'ß', 'σ', 'user', '%', '_', ' zoë ', '$', 'example.com'] as const;

const argumentsOf: Readonly<Record<TypeName, fc.Arbitrary<ListArguments>>> = built((type) =>
  fc
    .record({
      filters: fc.option(filters[type], { freq: 2, nil: undefined }),
      sort: fc.option(sortOf[type], { freq: 2, nil: undefined }),
      pagination: fc.oneof(
        { weight: 3, arbitrary: fc.constant({ start: 0, limit: 100 }) },
        { weight: 1, arbitrary: fc.record({ start: fc.nat(4), limit: fc.integer({ min: 1, max: 5 }) }) },
      ),
      search:
        TYPES[type].search.length === 0
          ? fc.constant(undefined)
          : fc.option(fc.constantFrom(...SEARCHES), { freq: 2, nil: undefined }),
    })
    .map(({ filters, sort, pagination, search }) => ({
      pagination,
      ...(filters && { filters }),
      ...(sort && { sort }),
      ...(search !== undefined && { search }),
    })),
);

/** What to select of a row, and of what it is related to, `depth` relations deep. */
function selectionOf(depth: number): Readonly<Record<TypeName, fc.Arbitrary<Selection>>> {
  const inner = depth > 0 ? selectionOf(depth - 1) : undefined;
  return built((type) => {
    const { columns, relations } = TYPES[type];
    const chosen = fc.subarray(Object.keys(columns));
    if (!inner) return chosen.map((columns) => ({ columns, one: {}, many: [] }));
    const toOne = Object.entries(relations).filter(([, { many }]) => !many);
    const toMany = Object.entries(relations).filter(([, { many }]) => many);
    const one = fc.record(Object.fromEntries(toOne.map(([name, { to }]) => [name, inner[to]])), { requiredKeys: [] });
    const lists = toMany.map(([name, { to }]) =>
      fc.record({ name: fc.constant(name), connection: fc.boolean(), args: argumentsOf[to], row: inner[to] }),
    );
    const many = lists.length === 0 ? fc.constant([]) : fc.array(fc.oneof(...lists), { maxLength: 1 });
    return fc.record({ columns: chosen, one: one as fc.Arbitrary<Selection['one']>, many });
  });
}

const selections = { deep: selectionOf(2), flat: selectionOf(0) };

const documentIdOf: Readonly<Record<TypeName, readonly string[]>> = built((type) =>
  Array.from({ length: type === 'Post' ? 14 : 5 }, (_, index) => `${type.toLowerCase()}${index + 1}`),
);

/** One question of somebody who reads. */
export const readingQuestion: fc.Arbitrary<Question> = fc
  .oneof(
    { weight: 4, arbitrary: fc.constant('Post' as const) },
    { weight: 5, arbitrary: fc.constantFrom(...TYPE_NAMES) },
  )
  .chain((type) => {
    const row = fc.oneof(selections.flat[type], selections.deep[type]);
    return fc.oneof(
      {
        weight: 2,
        arbitrary: fc.record({
          kind: fc.constant('list' as const),
          type: fc.constant(type),
          args: argumentsOf[type],
          row,
        }),
      },
      {
        weight: 2,
        arbitrary: fc.record({
          kind: fc.constant('connection' as const),
          type: fc.constant(type),
          args: argumentsOf[type],
          row,
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: fc.constant('one' as const),
          type: fc.constant(type),
          documentId: fc.constantFrom(...documentIdOf[type], 'nothing'),
          row,
        }),
      },
    );
  });

/** What of a type can be sent, with values that fit. */
const SENT: Readonly<Record<WrittenType, Readonly<Record<string, fc.Arbitrary<unknown>>>>> = {
  Post: {
    title: VALUES.String,
    slug: fc.constantFrom(null, ...SENT_SLUGS),
    content: fc.option(VALUES.String),
    kind: VALUES.Kind,
    featured: fc.boolean(),
    views: VALUES.Int,
    rating: fc.option(VALUES.Float),
    premium: fc.option(fc.boolean(), { freq: 12 }),
    publishedAt: fc.option(VALUES.DateTime),
    author: oneOf('author', 4),
    category: oneOf('category', 3),
    tags: fc.uniqueArray(fc.constantFrom('tag1', 'tag2', 'tag3', 'tag4', 'tag5'), { maxLength: 3 }),
    owner: oneOf('user', 4),
  },
  Author: {
    name: VALUES.String,
    bio: fc.option(VALUES.String),
    posts: fc.uniqueArray(fc.constantFrom('post1', 'post2', 'post3', 'post4', 'post5'), { maxLength: 3 }),
  },
  Tag: {
    name: VALUES.String,
    posts: fc.uniqueArray(fc.constantFrom('post1', 'post2', 'post3', 'post4', 'post5'), { maxLength: 3 }),
  },
};
const WRITTEN = Object.keys(SENT) as WrittenType[];

function oneOf(name: string, count: number): fc.Arbitrary<unknown> {
  const ids = Array.from({ length: count }, (_, index) => `${name}${index + 1}`);
  return fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...ids) },
    { weight: 2, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.constant('nothing') },
  );
}

/** What a grant of a post can set, with variables. */
const STAMPS: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  title: valueInRule('String'),
  content: fc.option(valueInRule('String')),
  views: valueInRule('Int'),
  featured: valueInRule('Boolean'),
  publishedAt: fc.option(valueInRule('DateTime')),
  owner: fc.oneof(
    { weight: 5, arbitrary: fc.constant('$user') },
    { weight: 1, arbitrary: fc.constantFrom(null, 'user2') },
  ),
  category: fc.constantFrom(null, 'category1', 'category2'),
};
const stamps = fc
  .uniqueArray(fc.constantFrom(...Object.keys(STAMPS)), { minLength: 1, maxLength: 2 })
  .chain((names) => fc.record(Object.fromEntries(names.map((name) => [name, STAMPS[name] as fc.Arbitrary<unknown>]))));

/** Conditions that the keys of a row decide, which a new row does not have yet, are left out. */
const checkOf = (type: WrittenType) =>
  conditions[type].filter((condition) => !/"(id|documentId)"/.test(JSON.stringify(condition)));

function grantToWrite(type: WrittenType, verb: 'create' | 'update' | 'delete'): fc.Arbitrary<Grant> {
  const some = <T>(arbitrary: fc.Arbitrary<T>, freq: number) => fc.option(arbitrary, { freq, nil: undefined });
  const names = fc.subarray(Object.keys(SENT[type]), { minLength: 1 });
  const most = fc
    .subarray(Object.keys(SENT[type]))
    .map((left) => Object.keys(SENT[type]).filter((name) => !left.slice(0, 3).includes(name)));
  return fc
    .record({
      where: verb === 'create' ? fc.constant(undefined) : some(conditions[type], 3),
      fields: verb === 'delete' ? fc.constant(undefined) : some(fc.oneof(names, most, most), 2),
      check: verb === 'delete' ? fc.constant(undefined) : some(checkOf(type), 2),
      set: verb === 'delete' || type !== 'Post' ? fc.constant(undefined) : some(stamps, 2),
    })
    .map(({ where, fields, check, set }): Grant => {
      const sent = fields?.filter((name) => !set || !Object.hasOwn(set, name));
      return { ...(where && { where }), ...(sent && { fields: sent }), ...(check && { check }), ...(set && { set }) };
    });
}

const permissionToWrite = WRITTEN.flatMap((type) =>
  (['create', 'update', 'delete'] as const).map((verb) =>
    fc
      .oneof(
        { weight: 8, arbitrary: fc.array(grantToWrite(type, verb), { minLength: 1, maxLength: 3 }) },
        { weight: 3, arbitrary: fc.constant(null) },
        { weight: 1, arbitrary: fc.constant(undefined) },
      )
      .map((grants): readonly Permission[] =>
        grants === undefined ? [] : [[`${TYPES[type].actions}.${verb}`, grants]],
      ),
  ),
);

/** The permissions of somebody who writes, who can read most of it. */
export const writingPermissions: fc.Arbitrary<readonly Permission[]> = fc
  .tuple(
    fc.array(fc.tuple(...permissionToWrite), { minLength: 1, maxLength: 2 }),
    fc.tuple(
      ...TYPE_NAMES.map((type) =>
        fc.oneof(
          { weight: 1, arbitrary: permissionToRead[type] },
          { weight: 2, arbitrary: fc.constant<readonly Permission[]>([[`${TYPES[type].actions}.find`, null]]) },
        ),
      ),
    ),
  )
  .map(([writing, reading]) => [...writing.flat(2), ...reading.flat()]);

const dataOf = built((type) => {
  const sent = type in SENT ? SENT[type as WrittenType] : {};
  return fc
    .uniqueArray(fc.constantFrom(...Object.keys(sent), 'nothing'), { maxLength: 3 })
    .map((names) => names.filter((name) => name !== 'nothing'))
    .chain((names) => fc.record(Object.fromEntries(names.map((name) => [name, sent[name] as fc.Arbitrary<unknown>]))));
});

const shownOf = built((type) =>
  fc.record({
    columns: fc.subarray(Object.keys(TYPES[type].columns)).map((columns) => columns.slice(0, 4)),
    one: fc.record(
      Object.fromEntries(
        Object.entries(TYPES[type].relations)
          .filter(([, { many }]) => !many)
          .map(([name, { to }]) => [
            name,
            fc.subarray(Object.keys(TYPES[to].columns)).map((columns) => columns.slice(0, 2)),
          ]),
      ),
      { requiredKeys: [] },
    ) as fc.Arbitrary<Shown['one']>,
  }),
);

/** A create, an update or a delete. */
export const randomWrite: fc.Arbitrary<Write> = fc
  .oneof({ weight: 4, arbitrary: fc.constant('Post' as const) }, { weight: 2, arbitrary: fc.constantFrom(...WRITTEN) })
  .chain((type) => {
    const documentId = fc.constantFrom(...documentIdOf[type], 'nothing');
    const data = dataOf[type];
    const row = shownOf[type];
    const first = Object.keys(SENT[type])[0] as string; // the one that a new row must have
    const whole = fc
      .tuple(data, SENT[type][first] as fc.Arbitrary<unknown>)
      .map(([some, value]) => ({ ...some, [first]: value }));
    return fc.oneof(
      {
        weight: 3,
        arbitrary: fc.record({
          kind: fc.constant('create' as const),
          type: fc.constant(type),
          data: fc.oneof({ weight: 4, arbitrary: whole }, { weight: 1, arbitrary: data }),
          row,
        }),
      },
      {
        weight: 5,
        arbitrary: fc.record({ kind: fc.constant('update' as const), type: fc.constant(type), documentId, data, row }),
      },
      {
        weight: 2,
        arbitrary: fc.record({ kind: fc.constant('delete' as const), type: fc.constant(type), documentId }),
      },
    );
  });
