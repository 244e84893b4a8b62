import { type ContentField, type ContentType, isRelation, type Target, targetOf } from './content-type.ts';

/**
 * The documents for content. They cannot be written ahead, because the content types are those of the project. Each name in them
 * is one of the description, checked to be a name; values go by variables only.
 */

/** A page of a type, with the number of all. */
export function listDocument(
  type: ContentType,
  columns: readonly ContentField[],
  types: readonly ContentType[],
): string | undefined {
  const { connection, filters, search } = type;
  if (!connection || !filters) return undefined;
  const variables = ['$filters: ', name(filters), ', $sort: [String], $pagination: PaginationArg'].join('');
  const [more, argument] = search.length > 0 ? [', $search: String', ', search: $search'] : ['', ''];
  const fields = withoutRepeats([...titleSelection(type), ...columns.map((field) => selectionOf(field, types))]);
  return lines([
    `query ContentList(${variables}${more}) {`,
    `  list: ${name(connection)}(filters: $filters, sort: $sort, pagination: $pagination${argument}) {`,
    '    nodes {',
    ...fields.map((field) => `      ${field}`),
    '    }',
    '    pageInfo { page pageSize pageCount total }',
    '  }',
    '}',
  ]);
}

/** The documentIds and titles of a page, without their number: for pickers, for acts on all that match, for neighbours. */
export function picksDocument({
  many,
  filters,
  title,
  hasSearch,
}: Omit<Target, 'one' | 'connection' | 'path'>): string {
  const [variable, argument] = hasSearch ? [', $search: String', ', search: $search'] : ['', ''];
  return lines([
    `query ContentPicks($filters: ${name(filters)}, $sort: [String], $pagination: PaginationArg${variable}) {`,
    `  picks: ${name(many)}(filters: $filters, sort: $sort, pagination: $pagination${argument}) {`,
    `    ${relatedSelection(title)}`,
    '  }',
    '}',
  ]);
}

/** One document with all that can be read of it. Of a single type: the document. */
export function oneDocument(type: ContentType, types: readonly ContentType[]): string {
  const fields = type.fields.filter(({ readable }) => readable).map((field) => selectionOf(field, types, 'all'));
  const [variable, argument] = type.isSingle ? ['', ''] : ['($documentId: ID!)', '(documentId: $documentId)'];
  return lines([
    `query ContentOne${variable} {`,
    `  one: ${name(type.one)}${argument} {`,
    ...withoutRepeats([...titleSelection(type), ...fields]).map((field) => `    ${field}`),
    '  }',
    '}',
  ]);
}

/** Further documents of a relation to many. */
export function relatedDocument(type: ContentType, field: ContentField, target: Target | undefined): string {
  const [variable, argument] = type.isSingle ? ['', ''] : ['$documentId: ID!, ', '(documentId: $documentId)'];
  return lines([
    `query ContentRelated(${variable}$start: Int) {`,
    `  one: ${name(type.one)}${argument} {`,
    `    related: ${name(field.name)}(pagination: { start: $start, limit: -1 }) { ${relatedSelection(target?.title)} }`,
    '  }',
    '}',
  ]);
}

export function createDocument({ create, input }: ContentType): string | undefined {
  if (!create || !input) return undefined;
  return `mutation ContentCreate($data: ${name(input)}!) { done: ${name(create)}(data: $data) { documentId } }`;
}

export function updateDocument({ update, input, isSingle, writtenAt }: ContentType): string | undefined {
  if (!update || !input) return undefined;
  const [keyVariable, key] = isSingle ? ['', ''] : ['$documentId: ID!, ', 'documentId: $documentId, '];
  const [atVariable, at] = writtenAt ? [', $at: DateTime', ', ifUpdatedAt: $at'] : ['', ''];
  const variables = `${keyVariable}$data: ${name(input)}!${atVariable}`;
  return `mutation ContentUpdate(${variables}) { done: ${name(update)}(${key}data: $data${at}) { documentId } }`;
}

export function deleteDocument({ delete: remove, isSingle }: ContentType): string | undefined {
  if (!remove) return undefined;
  return isSingle
    ? `mutation ContentDelete { done: ${name(remove)} { documentId } }`
    : `mutation ContentDelete($documentId: ID!) { done: ${name(remove)}(documentId: $documentId) { documentId } }`;
}

/** What matches a text in several types at once, a few of each. The answers are named by their position. */
export function searchDocument(types: readonly ContentType[], atMost: number): string | undefined {
  const parts = types.flatMap((type, index) => {
    const { many, title, search } = type;
    if (!many || (search.length === 0 && title === 'documentId')) return [];
    const argument = search.length > 0 ? 'search: $text' : `filters: { ${name(title)}: { containsi: $text } }`;
    return [`  t${index}: ${name(many)}(${argument}, pagination: { limit: ${atMost} }) { ${relatedSelection(title)} }`];
  });
  return parts.length === 0 ? undefined : lines(['query ContentSearch($text: String!) {', ...parts, '}']);
}

function selectionOf(field: ContentField, types: readonly ContentType[], of: 'count' | 'all' = 'count'): string {
  if (!isRelation(field)) return name(field.name);
  const related = relatedSelection(targetOf(types, field.type)?.title);
  if (field.kind === 'RELATION_TO_ONE') return `${name(field.name)} { ${related} }`;
  const count = `${name(`${field.name}_connection`)} { pageInfo { total } }`;
  if (of === 'count' || !field.writable) return count;
  return `${count} ${name(field.name)}(pagination: { limit: -1 }) { ${related} }`;
}

/** A title that is no column is the documentId. */
function titleSelection({ title }: ContentType): string[] {
  return title === 'documentId' ? ['documentId'] : ['documentId', name(title)];
}

function relatedSelection(title: string | undefined): string {
  return title === undefined || title === 'documentId' ? 'documentId' : `documentId title: ${name(title)}`;
}

const NAME = /^[A-Za-z_]\w*$/;

/** @throws Error for what is no name of GraphQL: it could be a piece of a document. */
function name(text: string): string {
  if (!NAME.test(text)) throw new Error('A description names something that is no name');
  return text;
}

function withoutRepeats(fields: readonly string[]): readonly string[] {
  return [...new Set(fields)];
}

function lines(all: readonly string[]): string {
  return all.join('\n');
}
