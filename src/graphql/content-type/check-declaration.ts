import type { Models } from '../../database/models.ts';
import type { ColumnRules } from './column-rules.ts';
import type { DeclaredContentType } from './content-type.ts';
import { hasNumericId, keyOf } from './key.ts';
import { fieldsOf, membersOf } from './model.ts';
import { pluralOf } from './plural.ts';
import { faultsOfWhere } from './rules/declared-where.ts';
import { OWN_MODELS } from './rules/rule-models.ts';

/** A declaration that was not type checked: any option may be misspelt, missing or of the wrong type. */
export type LooseDeclaration = Readonly<Record<string, unknown>>;

const OPTIONS = [
  'read',
  'write',
  'columns',
  'plural',
  'search',
  'name',
  'actions',
  'numericId',
  'relatedOnly',
  'where',
  'key',
  'hooks',
];

/** Returns all errors in the declaration of a content type, one line each. */
export function validateDeclaration(
  models: Models,
  { kind, model }: Pick<DeclaredContentType, 'kind' | 'model'>,
  declaration: LooseDeclaration,
): string[] {
  const fields = fieldsOf(models, model);
  if (!fields) return [`there is no model ${model} in prisma/schema/content.prisma`];
  const keys = validateKey(models, { kind, model }, declaration);
  if (keys.length > 0) return keys;
  const unknown = Object.keys(declaration).filter((option) => !OPTIONS.includes(option));
  return [
    ...unknown.map((option) => `${model}: unknown option ${option}. The options are ${OPTIONS.join(', ')}`),
    ...validateList(models, model, 'read', declaration['read']),
    ...validateList(models, model, 'write', declaration['write']),
    ...validateSearch(models, model, declaration),
    ...validateRules(models, model, declaration['columns'] ?? {}),
    ...validateNames(model, declaration),
    ...validateFields(models, model, declaration),
    ...validateWriting(models, model, declaration),
    ...faultsOfWhere(models, model, declaration['where']),
  ];
}

function validateKey(
  models: Models,
  { kind, model }: Pick<DeclaredContentType, 'kind' | 'model'>,
  { key, numericId, ...lists }: LooseDeclaration,
): string[] {
  if (OWN_MODELS.includes(model) && !fieldsOf(models, model)?.['documentId']) {
    return [`${model} cannot be a content type: it is a table of Gatehouse's own, whose rows are for nobody`];
  }
  const faults = faultsOf(() => keyOf(models, model, key));
  if (faults.length > 0) return faults;
  const { parts } = keyOf(models, model, key);
  const hasOther = fieldsOf(models, model)?.['documentId'] && !(parts.length === 1 && parts[0].name === 'documentId');
  const naming = ['read', 'write', 'search'].filter(
    (option) => isNames(lists[option]) && lists[option].includes('documentId'),
  );
  return [
    ...(kind === 'single' && !hasNumericId(models, model)
      ? [`${model} cannot be a single type: its one row has the id 1, so its model needs id Int @id`]
      : []),
    ...(numericId === true && !hasNumericId(models, model)
      ? [`${model}: numericId is true, but the model has no id Int @id. Leave numericId out`]
      : []),
    ...(hasOther || !fieldsOf(models, model)?.['documentId']
      ? naming.map((option) => `${model}.documentId is made of the key, and always included. Leave it out of ${option}`)
      : []),
  ];
}

function validateList(models: Models, model: string, option: string, names: unknown): string[] {
  if (!isNames(names)) return [`${model}: ${option} must be a list of column and relation names ([] for none)`];
  const twice = names.filter((name, index) => names.indexOf(name) < index);
  return [
    ...names.flatMap((name) => faultsOf(() => membersOf(models, model, [name], {}))),
    ...[...new Set(twice)].map((name) => `${model}.${name} is listed twice in ${option}. Remove one of them`),
  ];
}

/** A search column must be readable: repeated searches reveal its text, letter by letter. */
function validateSearch(models: Models, model: string, { search = [], read }: LooseDeclaration): string[] {
  const list = validateList(models, model, 'search', search);
  if (list.length > 0 || !isNames(search)) return list;
  return search.flatMap((name) => {
    const field = fieldsOf(models, model)?.[name];
    if (field?.kind !== 'scalar' || field.type !== 'String')
      return [`${model}.${name} is not a String. Only String columns can be searched`];
    if (isNames(read) && !read.includes(name)) return [`${model}.${name} is in search but not in read. Add it to read`];
    return [];
  });
}

function validateRules(models: Models, model: string, columns: unknown): string[] {
  if (typeof columns !== 'object' || columns === null)
    return [`${model}: columns must be an object with column names and their rules`];
  // Each is checked below.
  return Object.entries(columns as Record<string, ColumnRules>).flatMap(([name, rules]) => {
    if (fieldsOf(models, model)?.[name]?.kind === 'object')
      return [`${model}.${name} is a relation. Only columns can have rules`];
    return faultsOf(() => membersOf(models, model, [name], { [name]: rules }));
  });
}

/** A GraphQL name; names that start with two underscores are reserved for introspection. */
const NAME = /^(?!__)[_A-Za-z]\w*$/;
const RESERVED = ['String', 'Int', 'Float', 'Boolean', 'ID', 'Query', 'Mutation', 'Subscription'];

function validateNames(model: string, { name = model, plural, actions }: LooseDeclaration): string[] {
  const faults = Object.entries({ name, plural, actions }).flatMap(([option, value]) =>
    value === undefined || (typeof value === 'string' && NAME.test(value))
      ? []
      : [`${model}: ${option} must consist of letters, digits and _, and must not start with a digit or with __`],
  );
  if (faults.length > 0) return faults;
  if (RESERVED.includes(String(name))) return [`${model}: the name ${name} is reserved by GraphQL. Set another name`];
  const singular = `${String(name).charAt(0).toLowerCase()}${String(name).slice(1)}`;
  if ((plural ?? pluralOf(singular)) !== singular) return [];
  return [`${model}: singular and plural are both ${singular}. Set another plural`];
}

/** The operators of filters, which no field can be named after. */
const FILTER_OPERATORS = ['and', 'or', 'not'];

function validateFields(models: Models, model: string, { read, numericId }: LooseDeclaration): string[] {
  if (!isNames(read)) return [];
  const fields = fieldsOf(models, model) ?? {};
  return read.flatMap((name) => {
    const field = fields[name];
    if (!field) return [];
    if (FILTER_OPERATORS.includes(name))
      return [`${model}.${name} cannot be in read: ${name} is an operator of filters. Rename the field (and @map it)`];
    if (numericId === true && name === 'id')
      return [`${model}.id is in read, and numericId is true. Use one of the two`];
    const twin = `${name}_connection`;
    if (field.kind === 'object' && field.list && read.includes(twin))
      return [`${model}.${twin} has the name of the connection of ${name}. Rename it`];
    return field.kind === 'enum' ? validateEnum(models, `${model}.${name}`, field.type) : [];
  });
}

function validateEnum({ enums }: Models, column: string, type: string): string[] {
  return Object.keys(enums[type] ?? {})
    .filter((value) => !NAME.test(value) || ['true', 'false', 'null'].includes(value))
    .map((value) => `${column}: ${value} of ${type} is not a valid GraphQL enum value. Rename it`);
}

function validateWriting(models: Models, model: string, { read, write, hooks }: LooseDeclaration): string[] {
  if (!isNames(write) || !isNames(read) || write.length === 0) return [];
  if (models.byName[model]?.view) return [`${model} is a view, which cannot be written. Leave write empty: []`];
  const members = write.flatMap((name) => {
    const field = fieldsOf(models, model)?.[name];
    return field && faultsOf(() => membersOf(models, model, [name], {})).length === 0
      ? membersOf(models, model, [name], {})
      : [];
  });
  // The error for a duplicate reveals which values exist, so a unique field must be readable.
  const unreadable = members.filter(
    ({ inUniqueConstraint, name }) => inUniqueConstraint && !['documentId', ...read].includes(name),
  );
  return [
    ...unreadable.map(({ name }) => `${model}.${name} is unique and in write, but not in read. Add it to read`),
    // A hook can set them before a document is created.
    ...(hasBeforeCreate(hooks) ? [] : missingFrom(models, model, write)).map(
      (name) =>
        `${model}.${name} is required, has no @default and is not in write. Add it to write, or give it a default`,
    ),
  ];
}

function hasBeforeCreate(hooks: unknown): boolean {
  return typeof hooks === 'object' && hooks !== null && 'beforeCreate' in hooks;
}

/** The required columns that neither the database nor a client sets. */
function missingFrom(models: Models, model: string, write: readonly string[]): string[] {
  const fields = fieldsOf(models, model) ?? {};
  const written = write.flatMap((name) => {
    const field = fields[name];
    // A relation that can be left out sets nothing then.
    return field?.kind === 'object' ? (field.required ? field.from : []) : [name];
  });
  return Object.entries(fields).flatMap(([name, field]) =>
    field.kind !== 'object' && field.required && !field.list && !field.hasDefault && !written.includes(name)
      ? [name]
      : [],
  );
}

function faultsOf(check: () => unknown): string[] {
  try {
    check();
    return [];
  } catch (error) {
    if (error instanceof Error) return [error.message];
    throw error;
  }
}

function isNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((name) => typeof name === 'string');
}
