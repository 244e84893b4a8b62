import type { ContentType } from './content-type.ts';
import { writtenAtOf } from './input/precondition.ts';
import type { Column, Member, Relation } from './model.ts';
import { titleOf } from './title.ts';
import { sentence, words } from './words.ts';

/** What a program has to know of a content type to show its documents in tables and forms. */
export interface ContentTypeDescription {
  /** Its GraphQL type: `Post`. */
  readonly name: string;
  readonly label: string;
  readonly pluralLabel: string;
  /** The first part of its actions: `post`. */
  readonly actions: string;
  readonly isSingle: boolean;
  readonly isReadOnly: boolean;
  /** Its root fields; undefined where there is none. */
  readonly one: string;
  readonly many: string | undefined;
  readonly connection: string | undefined;
  readonly create: string | undefined;
  readonly update: string | undefined;
  readonly delete: string | undefined;
  /** The field that says when a document was written last, which its update takes as `ifUpdatedAt`. */
  readonly writtenAt: string | undefined;
  /** The names of its input types. */
  readonly input: string | undefined;
  readonly filters: string | undefined;
  /** The field that names a document. */
  readonly title: string;
  /** The fields that the argument `search` of its lists searches. */
  readonly search: readonly string[];
  readonly fields: readonly ContentFieldDescription[];
}

export interface ContentFieldDescription {
  readonly name: string;
  readonly label: string;
  readonly description: string | undefined;
  readonly kind: ContentFieldKind;
  /** Its GraphQL type; of a relation, that of the documents it leads to. */
  readonly type: string;
  readonly values: readonly string[] | undefined;
  readonly readable: boolean;
  readonly writable: boolean;
  readonly required: boolean;
  readonly unique: boolean;
  readonly hasDefault: boolean;
  readonly minLength: number | undefined;
  readonly maxLength: number | undefined;
  readonly min: number | undefined;
  readonly max: number | undefined;
  /** `email`, `url`, `slug` or `uuid`; else a regular expression between slashes. */
  readonly format: string | undefined;
}

export const CONTENT_FIELD_KINDS = [
  'TEXT',
  'LONG_TEXT',
  'INTEGER',
  'DECIMAL',
  'BOOLEAN',
  'DATE_TIME',
  'DATE',
  'TIME',
  'BIG_INTEGER',
  'EXACT_DECIMAL',
  'JSON',
  'BYTES',
  'LIST',
  'ENUM',
  'ID',
  'RELATION_TO_ONE',
  'RELATION_TO_MANY',
] as const;

export type ContentFieldKind = (typeof CONTENT_FIELD_KINDS)[number];

/**
 * Describes content types. One that is only related has no root fields, and is left out.
 *
 * @param types those to describe
 * @param all every type of the schema, to which relations can lead
 */
export function describeForms(types: readonly ContentType[], all: readonly ContentType[]): ContentTypeDescription[] {
  return types.filter(({ relatedOnly }) => !relatedOnly).map((type) => described(type, all));
}

/** Describes a column that is not one of a content type. */
export function describeColumn(
  column: Column,
  access: Pick<ContentFieldDescription, 'readable' | 'writable' | 'required'>,
): ContentFieldDescription {
  return { ...ofColumn(column, { isTitle: false }), ...access };
}

function described(type: ContentType, all: readonly ContentType[]): ContentTypeDescription {
  const { name, singular, plural, actions, search, read, write } = type;
  const isSingle = type.kind === 'single';
  const isReadOnly = type.readOnly;
  const title = titleOf(type);
  const members = new Map([...read, ...write].map((member) => [member.name, member]));
  return {
    name,
    label: sentence(singular),
    pluralLabel: isSingle ? sentence(singular) : sentence(plural),
    actions,
    isSingle,
    isReadOnly,
    one: singular,
    many: isSingle ? undefined : plural,
    connection: isSingle ? undefined : `${plural}_connection`,
    create: isSingle || isReadOnly ? undefined : `create${name}`,
    update: isReadOnly ? undefined : `update${name}`,
    delete: isReadOnly ? undefined : `delete${name}`,
    writtenAt: isReadOnly ? undefined : writtenAtOf(type)?.name,
    input: isReadOnly ? undefined : `${name}Input`,
    filters: isSingle ? undefined : `${name}FiltersInput`,
    title,
    search: search.map((column) => column.name),
    fields: [...members.values()].map((member) => {
      const access = {
        readable: read.some((one) => one.name === member.name),
        writable: write.some((one) => one.name === member.name),
      };
      if (member.kind === 'relation') return { ...ofRelation(member, all), ...access };
      return { ...ofColumn(member, { isTitle: member.name === title }), ...access };
    }),
  };
}

type WithoutAccess = Omit<ContentFieldDescription, 'readable' | 'writable'>;

function ofRelation(relation: Relation, all: readonly ContentType[]): WithoutAccess {
  const { name, target, many, required, unique } = relation;
  return {
    ...namesOf(relation),
    kind: many ? 'RELATION_TO_MANY' : 'RELATION_TO_ONE',
    type: all.find(({ model }) => model === target)?.name ?? target,
    values: undefined,
    required: !many && required,
    unique,
    hasDefault: false,
    minLength: undefined,
    maxLength: undefined,
    min: undefined,
    max: undefined,
    format: undefined,
    name,
  };
}

function ofColumn(column: Column, kind: { readonly isTitle: boolean }): WithoutAccess {
  const { type, values, required, unique, hasDefault, rules } = column;
  const { minLength, maxLength, min, max, format } = rules;
  return {
    ...namesOf(column),
    kind: kindOf(column, kind),
    type,
    values,
    required,
    unique,
    hasDefault,
    minLength,
    maxLength,
    min: ofUse(min),
    max: ofUse(max),
    format: format instanceof RegExp ? String(format) : format,
  };
}

/** A label that is a sentence is rather a description. */
function namesOf(member: Member): Pick<ContentFieldDescription, 'name' | 'label' | 'description'> {
  const { name } = member;
  const label = member.kind === 'column' ? member.rules.label : undefined;
  const isSentence = label?.endsWith('.') ?? false;
  return {
    name,
    label: label === undefined || isSentence ? sentence(name) : label,
    description: isSentence ? label : DESCRIPTIONS[name],
  };
}

const DESCRIPTIONS: Readonly<Record<string, string | undefined>> = {
  publishedAt: 'When it was published; empty before that.',
};

/** A text is long unless something says that it fits into a line. */
function kindOf(
  { name, type, list, values, unique, rules: { maxLength, format } }: Column,
  { isTitle }: { readonly isTitle: boolean },
): ContentFieldKind {
  if (list) return 'LIST';
  if (values) return 'ENUM';
  switch (type) {
    case 'ID':
      return 'ID';
    case 'Int':
      return 'INTEGER';
    case 'Float':
      return 'DECIMAL';
    case 'Boolean':
      return 'BOOLEAN';
    case 'DateTime':
      return 'DATE_TIME';
    case 'Date':
      return 'DATE';
    case 'Time':
      return 'TIME';
    case 'Long':
      return 'BIG_INTEGER';
    case 'Decimal':
      return 'EXACT_DECIMAL';
    case 'JSON':
      return 'JSON';
    case 'Bytes':
      return 'BYTES';
    default: {
      const isShort = isTitle || unique || format !== undefined || (maxLength ?? Number.POSITIVE_INFINITY) <= A_LINE;
      return isShort || words(name).split(' ').includes('name') ? 'TEXT' : 'LONG_TEXT';
    }
  }
}

/** Characters that a field of one line has at most. */
const A_LINE = 255;

/** The limits of the database's types for decimals: nobody types such numbers, and a form need not say so. */
function ofUse(limit: number | undefined): number | undefined {
  return limit === undefined || Math.abs(limit) >= 1e38 ? undefined : limit;
}
