import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { buildSchema, parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import {
  type Condition,
  conditionsIn,
  filtersOf,
  operatorsOf,
  setConditions,
  valuesOf as valuesOfOperator,
} from '../panel/screens/content/conditions.ts';
import {
  type ContentField,
  type ContentType,
  chosenColumns,
  defaultColumns,
  type FieldKind,
  targetOf,
} from '../panel/screens/content/content-type.ts';
import { csvCell } from '../panel/screens/content/csv-cell.ts';
import { documentAddress, documentIdIn } from '../panel/screens/content/document-address.ts';
import {
  createDocument,
  deleteDocument,
  listDocument,
  oneDocument,
  picksDocument,
  relatedDocument,
  searchDocument,
  updateDocument,
} from '../panel/screens/content/documents.ts';
import { fromLocal, toLocal } from '../panel/screens/content/local-time.ts';
import { shortened } from '../panel/screens/content/text.ts';
import { inputOf, valuesOf } from '../panel/screens/content/values.ts';

/** What the content screens of the panel make of the description of a content type, without a browser. */

const field = (name: string, kind: FieldKind, rest: Partial<ContentField> = {}): ContentField => ({
  ...{ name, label: name, kind, type: 'String', readable: true, writable: true, required: false },
  ...{ unique: false, hasDefault: false },
  ...rest,
});

const post: ContentType = {
  ...{ name: 'Post', label: 'Post', pluralLabel: 'Posts', actions: 'post', isSingle: false, isReadOnly: false },
  ...{ one: 'post', many: 'posts', connection: 'posts_connection' },
  ...{ create: 'createPost', update: 'updatePost', delete: 'deletePost' },
  ...{ input: 'PostInput', filters: 'PostFiltersInput', title: 'title', search: [] },
  fields: [
    field('documentId', 'ID', { type: 'ID', writable: false, required: true, unique: true }),
    field('title', 'TEXT', { required: true, maxLength: 10 }),
    field('slug', 'TEXT', { unique: true }),
    field('content', 'LONG_TEXT'),
    field('kind', 'ENUM', { type: 'PostKind', values: ['article', 'news'], required: true, hasDefault: true }),
    field('featured', 'BOOLEAN', { type: 'Boolean', required: true, hasDefault: true }),
    field('views', 'INTEGER', { type: 'Int', required: true, hasDefault: true, min: 0 }),
    field('rating', 'DECIMAL', { type: 'Float' }),
    field('publishedAt', 'DATE_TIME', { type: 'DateTime' }),
    field('createdAt', 'DATE_TIME', { type: 'DateTime', writable: false, required: true }),
    field('updatedAt', 'DATE_TIME', { type: 'DateTime', writable: false, required: true }),
    field('author', 'RELATION_TO_ONE', { type: 'Author' }),
    field('tags', 'RELATION_TO_MANY', { type: 'Tag' }),
    field('owner', 'RELATION_TO_ONE', { type: 'User', writable: false }),
  ],
};
const other = (name: string, rest: Partial<ContentType> = {}): ContentType => ({
  ...{ ...post, name, label: name, one: name.toLowerCase(), many: `${name.toLowerCase()}s`, title: 'name' },
  ...{ connection: `${name.toLowerCase()}s_connection`, filters: `${name}FiltersInput`, input: `${name}Input` },
  ...{ create: `create${name}`, update: `update${name}`, delete: `delete${name}` },
  fields: [field('documentId', 'ID', { writable: false }), field('name', 'TEXT')],
  ...rest,
});
const settings: ContentType = {
  ...{ ...post, name: 'SiteSetting', isSingle: true, one: 'siteSetting', many: null, connection: null, create: null },
  ...{ update: 'updateSiteSetting', delete: 'deleteSiteSetting', input: 'SiteSettingInput', filters: null },
  ...{ title: 'siteName', fields: [field('siteName', 'TEXT', { required: true })] },
};
const types = [post, other('Author'), other('Tag'), settings];

test('every document is one of the schema of the administration', () => {
  const schema = buildSchema(readFileSync('schema.admin.graphql', 'utf8'));
  const target = targetOf(types, 'Author');
  const user = targetOf(types, 'User');
  if (!target || !user) throw new Error('There is no target');
  const tags = post.fields.find(({ name }) => name === 'tags') ?? field('tags', 'RELATION_TO_MANY');
  const documents = [
    listDocument(post, post.fields, types),
    listDocument(post, [], types),
    oneDocument(post, types),
    oneDocument(settings, types),
    relatedDocument(post, tags, targetOf(types, 'Tag')),
    picksDocument(target),
    picksDocument(user),
    createDocument(post),
    updateDocument(post),
    updateDocument(settings),
    deleteDocument(post),
    deleteDocument(settings),
    searchDocument(types, 3),
  ];
  for (const document of documents) {
    expect(document).toBeDefined();
    expect(validate(schema, parse(document ?? '')), document).toEqual([]);
  }
  expect(listDocument(settings, [], types)).toBeUndefined();
  expect(createDocument(settings)).toBeUndefined();
  expect(deleteDocument({ ...post, delete: null })).toBeUndefined();
});

test('a list with an argument for searching has it, and no value stands in a document', () => {
  const document = listDocument({ ...post, search: ['title'] }, [], types) ?? '';
  expect(document).toContain('$search: String');
  expect(document).toContain('search: $search');
  expect(listDocument(post, [], types)).not.toContain('search');
});

test('what is no name of GraphQL never gets into a document', () => {
  for (const name of ['a b', 'a{b', '', '1a', 'a-b', 'a\nb', 'ä', '__x }']) {
    expect(() => listDocument({ ...post, connection: name === '' ? ' ' : name }, [], types)).toThrow('no name');
    expect(() => listDocument(post, [field(name, 'TEXT')], types)).toThrow('no name');
    expect(() => oneDocument({ ...post, one: name }, types)).toThrow('no name');
    expect(() => createDocument({ ...post, input: name === '' ? ' ' : name })).toThrow('no name');
    expect(() => deleteDocument({ ...post, delete: name === '' ? ' ' : name })).toThrow('no name');
    expect(() => searchDocument([{ ...post, title: name }], 3)).toThrow('no name');
  }
});

const NOW = new Date('2026-12-01T12:00:00.000Z');

/** Texts for a value of a field. */
const valueFor = ({ kind, values }: ContentField): fc.Arbitrary<string> => {
  switch (kind) {
    case 'INTEGER':
      return fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).map(String);
    case 'DECIMAL':
      return fc.double({ noNaN: true, noDefaultInfinity: true }).map(String);
    case 'BOOLEAN':
      return fc.constantFrom('true', 'false');
    case 'DATE_TIME':
      return fc
        .date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })
        .map((date) => date.toISOString());
    case 'ENUM':
      return fc.constantFrom(...(values ?? ['article']));
    default:
      return fc.string({ minLength: 1, unit: 'binary' }).filter((text) => text.isWellFormed());
  }
};

const conditions: fc.Arbitrary<readonly Condition[]> = fc.uniqueArray(
  fc.constantFrom(...post.fields).chain((one) =>
    fc.constantFrom(...operatorsOf(one)).chain((operator): fc.Arbitrary<Condition> => {
      const value =
        operator === 'last' || operator === 'before' || operator === 'next'
          ? fc.tuple(fc.integer({ min: 1, max: 36_525 }), fc.constantFrom('h', 'd')).map(([n, unit]) => `${n}${unit}`)
          : valueFor(one);
      const count = valuesOfOperator(operator);
      const [minLength, maxLength] =
        count === 'none' ? [0, 0] : count === 'one' ? [1, 1] : count === 'two' ? [2, 2] : [1, 4];
      const values =
        count === 'two' ? fc.array(value, { minLength, maxLength }) : fc.uniqueArray(value, { minLength, maxLength });
      return values.map((values) => ({ field: one.name, operator, values }));
    }),
  ),
  { maxLength: 6, selector: ({ field: name, operator }) => `${name} ${operator}` },
);

test('conditions come out of an address as they went in, whatever they hold, beside what else is in it', () => {
  fc.assert(
    fc.property(conditions, (given) => {
      const parameters = new URLSearchParams('?page=2&sort=views:desc&f.title.eq=old');
      setConditions(parameters, given);
      const read = conditionsIn(new URLSearchParams(parameters.toString()), post);
      expect(read).toEqual(given);
      expect(parameters.get('page')).toBe('2');
      expect(filtersOf(read, post, NOW)).toEqual(filtersOf(given, post, NOW));
    }),
    { numRuns: 40 },
  );
});

test('two conditions of one kind stay two', () => {
  const given: Condition[] = [
    { field: 'title', operator: 'containsi', values: ['a'] },
    { field: 'title', operator: 'containsi', values: ['b'] },
  ];
  const parameters = new URLSearchParams();
  setConditions(parameters, given);
  expect(parameters.toString()).toBe('f.title.containsi=a&f.title.containsi=b');
  expect(conditionsIn(parameters, post)).toEqual(given);
  expect(filtersOf(given, post, new Date())).toEqual({
    and: [{ title: { containsi: 'a' } }, { title: { containsi: 'b' } }],
  });
});

test('what is no condition of this type is left out of an address', () => {
  for (const part of [
    'f.gone.eq=1',
    'f.title.gone=1',
    'f.title=1',
    'f.title.eq.x=1',
    'f.title.eq=',
    'f.views.eq=many',
    'f.views.eq=1.5',
    'f.views.eq=99999999999',
    'f.views.between=1',
    'f.featured.eq=perhaps',
    'f.publishedAt.last=soon',
    'f.publishedAt.last=0d',
    'f.publishedAt.lt=never',
    'f.title.null=', // it is required
    'f.__proto__.eq=1',
    'f.kind.containsi=news',
  ]) {
    expect(conditionsIn(new URLSearchParams(part), post), part).toEqual([]);
  }
});

test('each condition becomes a filter of the server', () => {
  const CASES: [string, unknown][] = [
    ['f.title.containsi=token', { title: { containsi: 'token' } }],
    ['f.views.between=1&f.views.between=5', { views: { between: [1, 5] } }],
    ['f.rating.gte=1,5', { rating: { gte: 1.5 } }],
    ['f.featured.eq=false', { featured: { eq: false } }],
    ['f.kind.in=news&f.kind.in=article', { kind: { in: ['news', 'article'] } }],
    ['f.slug.null=', { slug: { null: true } }],
    ['f.slug.notNull=', { slug: { notNull: true } }],
    ['f.author.in=abc', { author: { documentId: { in: ['abc'] } } }],
    ['f.tags.notIn=abc', { not: { tags: { documentId: { in: ['abc'] } } } }],
    ['f.author.null=', { author: null }],
    ['f.tags.notNull=', { not: { tags: null } }],
    ['f.publishedAt.last=7d', { publishedAt: { between: ['2026-11-24T12:00:00.000Z', '2026-12-01T12:00:00.000Z'] } }],
    ['f.publishedAt.before=12h', { publishedAt: { lt: '2026-12-01T00:00:00.000Z' } }],
    ['f.publishedAt.next=1d', { publishedAt: { between: ['2026-12-01T12:00:00.000Z', '2026-12-02T12:00:00.000Z'] } }],
  ];
  for (const [search, filters] of CASES) {
    expect(filtersOf(conditionsIn(new URLSearchParams(search), post), post, NOW), search).toEqual(filters);
  }
  expect(filtersOf([], post, NOW)).toBeUndefined();
});

test('a table begins with columns of use, and keeps those that were chosen as far as they are there', () => {
  expect(defaultColumns(post)).toEqual(['title', 'slug', 'kind', 'featured', 'views', 'updatedAt']);
  const names = (chosen: readonly string[] | undefined) => chosenColumns(post, chosen).map(({ name }) => name);
  expect(names(['views', 'gone', 'title'])).toEqual(['views', 'title']);
  expect(names(['gone'])).toEqual(defaultColumns(post));
  expect(names(undefined)).toEqual(defaultColumns(post));
});

const ROW = {
  ...{
    documentId: 'p1',
    title: 'Old',
    slug: 'old',
    content: null,
    kind: 'news',
    featured: true,
    views: 7,
    rating: 1.5,
  },
  publishedAt: '2026-11-22T09:30:12.345Z',
  author: { documentId: 'a1', title: 'Ada' },
  tags: [
    { documentId: 't1', title: 'one' },
    { documentId: 't2', title: 'two' },
  ],
};

test('an unchanged form sends nothing, and a changed one only what was changed', () => {
  const initial = valuesOf(post, ROW);
  const changed = (change: object) =>
    inputOf(
      post.fields.filter(({ writable }) => writable),
      { ...initial, ...change },
      { initial, isNew: false },
    );
  expect(changed({})).toEqual({ data: {}, problems: [] });
  expect(changed({ title: 'New' }).data).toEqual({ title: 'New' });
  expect(changed({ slug: '', rating: '', author: null, publishedAt: '', tags: [] }).data).toEqual({
    ...{ slug: null, rating: null, author: null, publishedAt: null, tags: [] },
  });
  expect(changed({ rating: '2,50', views: '8' }).data).toEqual({ rating: 2.5, views: 8 });
  // Related documents have no order.
  expect(changed({ tags: [...(initial['tags'] as [])].reverse() }).data).toEqual({});
  expect(changed({ tags: [{ id: 't3', label: 'three' }] }).data).toEqual({ tags: ['t3'] });
  expect(changed({ publishedAt: '2026-11-22T10:00' }).data).toEqual({
    publishedAt: new Date(2026, 10, 22, 10).toISOString(),
  });
});

test('a new document is sent without what is empty, so that it gets its defaults', () => {
  const initial = valuesOf(post, undefined);
  const created = (change: object) =>
    inputOf(
      post.fields.filter(({ writable }) => writable),
      { ...initial, ...change },
      { initial, isNew: true },
    );
  expect(created({}).problems).toEqual([{ field: 'title', problem: { kind: 'required' } }]);
  expect(created({ title: 'A' })).toEqual({ data: { title: 'A' }, problems: [] });
  expect(created({ title: 'A', featured: false }).data).toEqual({ title: 'A', featured: false });
});

test('the rules of a column are checked before anything is sent', () => {
  const initial = valuesOf(post, ROW);
  const problem = (name: string, value: string) =>
    inputOf(post.fields, { ...initial, [name]: value }, { initial, isNew: false }).problems.find(
      (one) => one.field === name,
    )?.problem;
  expect(problem('title', '')).toEqual({ kind: 'required' });
  expect(problem('title', 'x'.repeat(11))).toEqual({ kind: 'tooLong', limit: 10 });
  expect(problem('title', '😀'.repeat(10))).toBeUndefined();
  expect(problem('views', '1.5')).toEqual({ kind: 'notInteger' });
  expect(problem('views', '-1')).toEqual({ kind: 'tooSmall', limit: 0 });
  expect(problem('views', '2147483648')).toEqual({ kind: 'outOfRange' });
  expect(problem('rating', 'much')).toEqual({ kind: 'notNumber' });
  expect(problem('rating', '1e999')).toEqual({ kind: 'outOfRange' });
});

test('a time in the reader’s zone is the same time when it comes back', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date('1980-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }), (date) => {
      const there = new Date(toLocal(date.toISOString())).getTime();
      // An hour that a zone has twice in a year cannot be told apart.
      expect([0, 3_600_000]).toContain(Math.abs(there - date.getTime()));
    }),
  );
  expect(fromLocal('')).toBeUndefined();
  expect(fromLocal('2026-13-01T00:00')).toBeUndefined();
});

test('a cell of a spreadsheet is a text, never a formula', () => {
  expect(csvCell('=1+1')).toBe("'=1+1");
  expect(csvCell('@x')).toBe("'@x");
  expect(csvCell(-5)).toBe('-5');
  expect(csvCell('a,"b"\nc')).toBe('"a,""b""\nc"');
  expect(csvCell(null)).toBe('');
});

test('a long text is shortened between characters', () => {
  expect(shortened('short')).toBe('short');
  expect(shortened('😀'.repeat(300), 10)).toBe(`${'😀'.repeat(10)}…`);
  expect([...shortened('x'.repeat(10_000), 120)]).toHaveLength(121);
});

test('any documentId has an address of its own, of which no part of the way reads anything else', () => {
  for (const plain of ['tzq4ck0h5vn1w2lq7b8y0xd3', '42', '-7', 'MQ.QQ', '6f1c1e0e-0000-4000-8000-000000000001']) {
    expect(documentAddress('Post', plain)).toBe(`/content/Post/${plain}`);
  }
  const any = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }).filter((text) => text.isWellFormed()),
    fc.constantFrom('', 'new', '.', '..', '~', '~new', 'a/b', '%2F', 'a?b#c', ' ', 'A-1 é'),
  );
  fc.assert(
    fc.property(any, (documentId) => {
      const address = documentAddress('Post', documentId);
      expect(new URL(address, 'https://gatehouse.test/admin/').pathname).toBe(address);
      expect(decodeURIComponent(address)).toBe(address);
      const [, , , part = '', ...more] = address.split('/');
      expect(more).toEqual([]);
      expect(documentIdIn(part)).toBe(documentId);
    }),
  );
  expect(documentIdIn('new')).toBeUndefined();
  expect(documentIdIn('~%')).toBe('~%');
});
