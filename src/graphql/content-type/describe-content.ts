import { actionOf } from './actions.ts';
import { filteredColumns } from './arguments/list-inputs.ts';
import type { ContentType } from './content-type.ts';
import type { Operator } from './filter.ts';
import type { Column, Member } from './model.ts';
import { sentence, words } from './words.ts';

/** Descriptions by the coordinate of what they describe: `Post.title`, `Query.posts(filters)`. */
export type Descriptions = ReadonlyMap<string, string>;

/** What a schema says of content types: made of their declarations, so that a new one says it by itself. */
export function describeContent(types: readonly ContentType[]): Descriptions {
  return new Map([
    ...SHARED,
    ...[...filteredColumns(types)].flatMap(([name, column]) => ofColumnFilter(name, column)),
    ...types.flatMap((type) => [
      ...ofObject(types, type),
      ...ofFilters(type),
      ...ofQueries(type),
      ...(type.readOnly ? [] : ofMutations(type)),
    ]),
    ...types.flatMap(({ read, write }) => [...read, ...write].flatMap(ofEnum)),
  ]);
}

type Described = readonly [coordinate: string, description: string];

const SHARED: readonly Described[] = [
  ['Pagination', 'The position of a page among all pages.'],
  ['Pagination.total', 'The number of rows on all pages.'],
  ['Pagination.page', 'The number of the page, starting at 1.'],
  ['Pagination.pageSize', 'The number of rows of a page.'],
  ['Pagination.pageCount', 'The number of pages.'],
  ['PaginationArg', '`page` and `pageSize`, or `start` and `limit`, but not both. Default: the first ten rows.'],
  ['PaginationArg.page', 'The number of the page, starting at 1.'],
  ['PaginationArg.pageSize', 'The number of rows of a page, up to LIMIT_PAGE.'],
  ['PaginationArg.start', 'The number of rows to skip.'],
  ['PaginationArg.limit', 'The number of rows, up to LIMIT_PAGE. -1 is LIMIT_PAGE.'],
  ['DeleteMutationResponse', 'The document that was deleted.'],
  ['DeleteMutationResponse.documentId', 'The documentId.'],
];

const COLUMNS: Readonly<Record<string, string>> = {
  documentId: 'The documentId, which identifies it for clients.',
  createdAt: 'When it was created.',
  updatedAt: 'When it was last changed.',
  publishedAt: 'When it was published; null before that.',
};

function ofObject(types: readonly ContentType[], type: ContentType): Described[] {
  const { name, read } = type;
  const fields = read.flatMap((member): Described[] => {
    if (member.kind === 'column') return [[`${name}.${member.name}`, columnOf(member)]];
    const target = types.find(({ model }) => model === member.target);
    const needs = target ? ` Needs the action \`${actionOf(target, 'find')}\`.` : '';
    const related: Described = [`${name}.${member.name}`, `Its ${words(member.name)}.${needs}`];
    const connection = `${name}.${member.name}_connection`;
    return member.many && target
      ? [
          related,
          [connection, `The same, with the page and the number of rows.${needs}`],
          ...ofListArguments(`${name}.${member.name}`, target),
          ...ofListArguments(connection, target),
        ]
      : [related];
  });
  const collection = `${name}EntityResponseCollection`;
  return [
    [name, type.kind === 'single' ? `The ${noun(type)}, of which there is one.` : `One ${noun(type)}.`],
    [`${name}.id`, 'Its numeric id.'],
    ...fields,
    [collection, `A page of ${nouns(type)}.`],
    [`${collection}.nodes`, `The ${nouns(type)} of the page.`],
    [`${collection}.pageInfo`, 'The position of the page among all pages.'],
  ];
}

function ofFilters({ name, read }: ContentType): Described[] {
  const filters = `${name}FiltersInput`;
  return [
    [filters, 'Conditions. All of them must be true.'],
    ...read.map((member): Described => {
      const what = words(member.name);
      if (member.kind === 'column') return [`${filters}.${member.name}`, `Conditions for \`${member.name}\`.`];
      const passes = member.many
        ? `At least one of its ${what} must match these conditions.`
        : `Its ${what} must match these conditions.`;
      return [`${filters}.${member.name}`, passes];
    }),
    [`${filters}.and`, 'All of these must be true.'],
    [`${filters}.or`, 'At least one of these must be true.'],
    [`${filters}.not`, 'None of these must be true.'],
  ];
}

function ofColumnFilter(filter: string, { type, list }: Pick<Column, 'type' | 'list'>): Described[] {
  const what = list ? `a list of values of the type ${type}` : `a value of the type ${type}`;
  const comparisons = type === 'JSON' ? { ...COMPARISONS, ...OF_JSON } : COMPARISONS;
  return [
    [filter, `Conditions for ${what}. All of them must be true.`],
    ...Object.entries(comparisons).map(([operator, text]): Described => [`${filter}.${operator}`, text]),
    [`${filter}.notNull`, 'true: it is not null; false: it is null.'],
    [`${filter}.not`, 'None of these must be true.'],
  ];
}

const OF_JSON = { contains: 'It contains this: the same keys with the same values, and the same elements.' };

const COMPARISONS: Readonly<Record<Operator, string>> = {
  eq: 'It is equal to this. null matches null.',
  eqi: 'It is equal to this, ignoring case.',
  ne: 'It is not equal to this, and not null.',
  nei: 'It is not equal to this, ignoring case, and not null.',
  gt: 'It is greater than this.',
  gte: 'It is greater than this, or equal.',
  lt: 'It is less than this.',
  lte: 'It is less than this, or equal.',
  in: 'It is in this list.',
  notIn: 'It is not in this list, and not null.',
  contains: 'It contains this.',
  containsi: 'It contains this, ignoring case.',
  notContains: 'It does not contain this, and is not null.',
  notContainsi: 'It does not contain this, ignoring case, and is not null.',
  startsWith: 'It begins with this.',
  endsWith: 'It ends with this.',
  between: 'It is between these two values, or equal to one of them.',
  has: 'It has this element.',
  hasSome: 'It has at least one of these elements.',
  hasEvery: 'It has all of these elements.',
  isEmpty: 'true: it has no elements; false: it has some. It is not null.',
  hasKey: 'It is an object with this key, or a list with this text.',
  null: 'true: it is null; false: it is not null.',
};

function ofQueries(type: ContentType): Described[] {
  const { singular, plural } = type;
  if (type.kind === 'single') return [[`Query.${singular}`, `The ${noun(type)}; null before it is first written.`]];
  return [
    [`Query.${singular}`, `One ${noun(type)}; null if there is none that the viewer can read.`],
    [`Query.${singular}(documentId)`, 'The documentId.'],
    [`Query.${singular}(id)`, 'The numeric id or the documentId.'],
    [`Query.${plural}`, `A page of the ${nouns(type)} that match the filters, sorted.`],
    ...ofListArguments(`Query.${plural}`, type),
    [`Query.${plural}_connection`, `The same as \`${plural}\`, with the page and the number of rows.`],
    ...ofListArguments(`Query.${plural}_connection`, type),
  ];
}

function ofListArguments(field: string, type: ContentType): Described[] {
  return [
    [`${field}(filters)`, `Conditions for the ${nouns(type)}. Default: all of them.`],
    [`${field}(pagination)`, 'The page: its number and size, or a start and a limit.'],
    [`${field}(sort)`, 'The order: `createdAt:desc`, or several keys, the most important first.'],
  ];
}

function ofMutations(type: ContentType): Described[] {
  const { name, write } = type;
  const data = `The new values. Absent fields stay as they are.`;
  const written = write.map((member): Described => [`${name}Input.${member.name}`, inputOf(member)]);
  const input: Described[] = [[`${name}Input`, `The values of the ${noun(type)}.`], ...written];
  if (type.kind === 'single') {
    return [
      ...input,
      [`Mutation.update${name}`, `Changes the ${noun(type)}, and creates it if there is none.`],
      [`Mutation.update${name}(data)`, data],
      [`Mutation.delete${name}`, `Deletes the ${noun(type)}.`],
    ];
  }
  return [
    ...input,
    [`Mutation.create${name}`, `Creates ${withArticle(noun(type))}.`],
    [`Mutation.create${name}(data)`, `The values of the ${noun(type)}.`],
    [`Mutation.update${name}`, `Changes ${withArticle(noun(type))}.`],
    [`Mutation.update${name}(documentId)`, 'The documentId.'],
    [`Mutation.update${name}(data)`, data],
    [`Mutation.delete${name}`, `Deletes ${withArticle(noun(type))}.`],
    [`Mutation.delete${name}(documentId)`, 'The documentId.'],
  ];
}

function inputOf(member: Member): string {
  const what = words(member.name);
  if (member.kind === 'relation') {
    return member.many
      ? `The documentIds of its ${what}. They replace the ones before.`
      : `The documentId of its ${what}.`;
  }
  const { required, hasDefault, unique } = member;
  const rules = [...(required && !hasDefault ? [' Required.'] : []), ...(unique ? [' Unique.'] : [])];
  return `${columnOf(member)}${rules.join('')}`;
}

function columnOf({ name, type, rules }: Extract<Member, { kind: 'column' }>): string {
  const usual = type === 'Boolean' ? `Whether it is ${words(name)}.` : `Its ${words(name)}.`;
  return rules.label ?? COLUMNS[name] ?? usual;
}

/** Describes the enums of columns. */
export function describeEnums(columns: readonly Member[]): Descriptions {
  return new Map(columns.flatMap(ofEnum));
}

function ofEnum(member: Member): Described[] {
  if (member.kind !== 'column' || !member.values) return [];
  const values = (member.values ?? []).map((value): Described => [`${member.type}.${value}`, `${sentence(value)}.`]);
  return [[member.type, `The values of ${words(member.name)}.`], ...values];
}

const withArticle = (noun: string) => `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;

function noun({ name }: ContentType): string {
  return words(name.replace(/^UsersPermissions/, ''));
}

function nouns({ plural }: ContentType): string {
  return words(plural.replace(/^usersPermissions/, ''));
}
