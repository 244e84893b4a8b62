import { actionOf } from './content-schema.ts';
import type { ContentType } from './content-type.ts';
import { OPERATORS } from './filter.ts';
import { isScalar, type Member } from './model.ts';

/** Descriptions by the coordinate of what they describe: `Post.title`, `Query.posts(filters)`. */
export type Descriptions = ReadonlyMap<string, string>;

/** What a schema says of content types: made of their declarations, so that a new one says it by itself. */
export function describeContent(types: readonly ContentType[]): Descriptions {
  return new Map([
    ...SHARED,
    ...['ID', 'String', 'Int', 'Float', 'Boolean', 'DateTime'].flatMap(ofScalarFilter),
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
  ['Pagination', 'Where a page is among all that there is.'],
  ['Pagination.total', 'How many there are on all pages.'],
  ['Pagination.page', 'The number of the page, from 1 on.'],
  ['Pagination.pageSize', 'How many fit on a page.'],
  ['Pagination.pageCount', 'How many pages there are.'],
  ['PaginationArg', '`page` and `pageSize`, or `start` and `limit`, not both. Ten from the first one on otherwise.'],
  ['PaginationArg.page', 'The number of the page, from 1 on.'],
  ['PaginationArg.pageSize', 'How many fit on a page: as many as LIMIT_PAGE says at most.'],
  ['PaginationArg.start', 'How many are passed over.'],
  ['PaginationArg.limit', 'How many there may be: as many as LIMIT_PAGE says at most, and for -1.'],
  ['DeleteMutationResponse', 'What was deleted.'],
  ['DeleteMutationResponse.documentId', 'The documentId that it had.'],
];

const COLUMNS: Readonly<Record<string, string>> = {
  documentId: 'What it is known by to clients.',
  createdAt: 'When it was made.',
  updatedAt: 'When it was changed last.',
  publishedAt: 'When it was published; null until then.',
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
          [connection, `The same, with the page and how many there are.${needs}`],
          ...ofListArguments(`${name}.${member.name}`, target),
          ...ofListArguments(connection, target),
        ]
      : [related];
  });
  const collection = `${name}EntityResponseCollection`;
  return [
    [name, type.kind === 'single' ? `The ${noun(type)}: there is one.` : `One ${noun(type)}.`],
    [`${name}.id`, 'Its numeric id.'],
    ...fields,
    [collection, `A page of ${nouns(type)}.`],
    [`${collection}.nodes`, `The ${nouns(type)} of the page.`],
    [`${collection}.pageInfo`, 'Where the page is among all.'],
  ];
}

function ofFilters({ name, read }: ContentType): Described[] {
  const filters = `${name}FiltersInput`;
  return [
    [filters, 'Conditions. Where there are several, all of them have to be true.'],
    ...read.map((member): Described => {
      const what = words(member.name);
      if (member.kind === 'column') return [`${filters}.${member.name}`, `By \`${member.name}\`.`];
      const passes = member.many ? `One of its ${what} at least passes these.` : `Its ${what} passes these.`;
      return [`${filters}.${member.name}`, passes];
    }),
    [`${filters}.and`, 'All of these have to be true.'],
    [`${filters}.or`, 'One of these at least has to be true.'],
    [`${filters}.not`, 'These must not be true.'],
  ];
}

function ofScalarFilter(scalar: string): Described[] {
  const filter = `${scalar}FilterInput`;
  return [
    [filter, `How a value of the type ${scalar} is compared. Several comparisons have all to be true.`],
    ...OPERATORS.map((operator): Described => [`${filter}.${operator}`, COMPARISONS[operator]]),
    [`${filter}.notNull`, 'true: it holds something; false: it holds nothing.'],
    [`${filter}.not`, 'These must not be true.'],
  ];
}

const COMPARISONS: Readonly<Record<(typeof OPERATORS)[number], string>> = {
  eq: 'It is this; with null: it holds nothing.',
  eqi: 'It is this, in any case.',
  ne: 'It is something else.',
  nei: 'It is something else, in any case.',
  gt: 'It is greater.',
  gte: 'It is greater, or this.',
  lt: 'It is less.',
  lte: 'It is less, or this.',
  in: 'It is one of these.',
  notIn: 'It is something, and none of these.',
  contains: 'This is part of it.',
  containsi: 'This is part of it, in any case.',
  notContains: 'It is something that this is no part of.',
  notContainsi: 'It is something that this is no part of, in any case.',
  startsWith: 'It begins with this.',
  endsWith: 'It ends with this.',
  between: 'It is between these two, or one of them.',
  null: 'true: it holds nothing; false: it holds something.',
};

function ofQueries(type: ContentType): Described[] {
  const { singular, plural } = type;
  if (type.kind === 'single') return [[`Query.${singular}`, `The ${noun(type)}; null until it is first written.`]];
  return [
    [`Query.${singular}`, `One ${noun(type)}; null where there is none, or none that may be read.`],
    [`Query.${singular}(documentId)`, 'Its documentId.'],
    [`Query.${singular}(id)`, 'Its numeric id or its documentId.'],
    [`Query.${plural}`, `A page of the ${nouns(type)} that pass the filters, in an order.`],
    ...ofListArguments(`Query.${plural}`, type),
    [`Query.${plural}_connection`, `The same as \`${plural}\`, with the page and how many there are.`],
    ...ofListArguments(`Query.${plural}_connection`, type),
  ];
}

function ofListArguments(field: string, type: ContentType): Described[] {
  return [
    [`${field}(filters)`, `Which ${nouns(type)}; all of them otherwise.`],
    [`${field}(pagination)`, 'Which page of them, or how many from which one on.'],
    [`${field}(sort)`, 'In which order: `createdAt:desc`, say, or several, the first before the others.'],
  ];
}

function ofMutations(type: ContentType): Described[] {
  const { name, write } = type;
  const data = `What ${type.kind === 'single' ? 'it' : `the ${noun(type)}`} is to hold. What is not named stays.`;
  const written = write.map((member): Described => [`${name}Input.${member.name}`, inputOf(member)]);
  const input: Described[] = [[`${name}Input`, `What the ${noun(type)} is to hold.`], ...written];
  if (type.kind === 'single') {
    return [
      ...input,
      [`Mutation.update${name}`, `Changes the ${noun(type)}, and makes it where it was never written.`],
      [`Mutation.update${name}(data)`, data],
      [`Mutation.delete${name}`, `Deletes the ${noun(type)}.`],
    ];
  }
  return [
    ...input,
    [`Mutation.create${name}`, `Makes one ${noun(type)}.`],
    [`Mutation.create${name}(data)`, `What the ${noun(type)} is to hold.`],
    [`Mutation.update${name}`, `Changes one ${noun(type)}.`],
    [`Mutation.update${name}(documentId)`, 'Its documentId.'],
    [`Mutation.update${name}(data)`, data],
    [`Mutation.delete${name}`, `Deletes one ${noun(type)}.`],
    [`Mutation.delete${name}(documentId)`, 'Its documentId.'],
  ];
}

function inputOf(member: Member): string {
  const what = words(member.name);
  if (member.kind === 'relation') {
    return member.many
      ? `The documentIds of its ${what}, in the place of those before.`
      : `The documentId of its ${what}.`;
  }
  const { required, hasDefault, unique } = member;
  const rules = [
    ...(required && !hasDefault ? [' It has to be there.'] : []),
    ...(unique ? [' No other has the same.'] : []),
  ];
  return `${columnOf(member)}${rules.join('')}`;
}

function columnOf({ name, type, rules }: Extract<Member, { kind: 'column' }>): string {
  const usual = type === 'Boolean' ? `Whether it is ${words(name)}.` : `Its ${words(name)}.`;
  return rules.label ?? COLUMNS[name] ?? usual;
}

function ofEnum(member: Member): Described[] {
  if (member.kind !== 'column' || isScalar(member.type)) return [];
  const values = (member.values ?? []).map((value): Described => [`${member.type}.${value}`, `${sentence(value)}.`]);
  return [[member.type, `What the ${words(member.name)} can be.`], ...values];
}

function noun({ name }: ContentType): string {
  return words(name.replace(/^UsersPermissions/, ''));
}

function nouns({ plural }: ContentType): string {
  return words(plural.replace(/^usersPermissions/, ''));
}

/** `siteSetting` → `site setting`; `READ_ONLY` → `read only`. */
function words(name: string): string {
  return name
    .replaceAll(/(?<=[a-z\d])(?=[A-Z])/g, ' ')
    .replaceAll('_', ' ')
    .toLowerCase();
}

function sentence(name: string): string {
  const text = words(name);
  return text.charAt(0).toUpperCase() + text.slice(1);
}
