import type { Models } from '../../database/models.ts';
import type { ColumnRules } from './column-rules.ts';
import { checkKeys, fieldsOf, membersOf } from './model.ts';
import { pluralOf } from './plural.ts';

/** A declaration as it may be where nobody compiled it: any of its words misspelt, missing or of another kind. */
export type LooseDeclaration = Readonly<Record<string, unknown>>;

const OPTIONS = ['read', 'write', 'columns', 'plural', 'search', 'name', 'actions', 'numericId', 'relatedOnly'];

/** Everything that is wrong with the declaration of a content type, each in one line that names the column. */
export function faultsOfDeclaration(models: Models, model: string, declaration: LooseDeclaration): string[] {
  const fields = fieldsOf(models, model);
  if (!fields) return [`there is no model ${model} in prisma/schema/content.prisma`];
  const keys = faultsIn(() => checkKeys(models, model));
  if (keys.length > 0) return keys;
  const unknown = Object.keys(declaration).filter((option) => !OPTIONS.includes(option));
  return [
    ...unknown.map((option) => `${model}: there is no option ${option}; there are ${OPTIONS.join(', ')}`),
    ...faultsOfList(models, model, 'read', declaration['read']),
    ...faultsOfList(models, model, 'write', declaration['write']),
    ...faultsOfSearch(models, model, declaration),
    ...faultsOfRules(models, model, declaration['columns'] ?? {}),
    ...faultsOfNames(model, declaration),
    ...faultsOfFields(models, model, declaration),
    ...faultsOfWriting(models, model, declaration),
  ];
}

function faultsOfList(models: Models, model: string, option: string, names: unknown): string[] {
  if (!isNames(names)) return [`${model}: ${option} has to be a list of names of columns and relations; [] for none`];
  const twice = names.filter((name, index) => names.indexOf(name) < index);
  return [
    ...names.flatMap((name) => faultsIn(() => membersOf(models, model, [name], {}))),
    ...[...new Set(twice)].map((name) => `${model}.${name} is twice in ${option}: once is enough`),
  ];
}

/** What is searched in is found out by searching, letter by letter. */
function faultsOfSearch(models: Models, model: string, { search = [], read }: LooseDeclaration): string[] {
  const list = faultsOfList(models, model, 'search', search);
  if (list.length > 0 || !isNames(search)) return list;
  return search.flatMap((name) => {
    const field = fieldsOf(models, model)?.[name];
    if (field?.kind !== 'scalar' || field.type !== 'String')
      return [`${model}.${name} is no text: search looks through texts`];
    if (isNames(read) && !read.includes(name)) return [`${model}.${name} is searched in: then it has to be read, too`];
    return [];
  });
}

function faultsOfRules(models: Models, model: string, columns: unknown): string[] {
  if (typeof columns !== 'object' || columns === null) return [`${model}: columns has to name columns and their rules`];
  return Object.entries(columns as Record<string, ColumnRules>).flatMap(([name, rules]) => {
    if (fieldsOf(models, model)?.[name]?.kind === 'object')
      return [`${model}.${name} is a relation: only columns have rules`];
    return faultsIn(() => membersOf(models, model, [name], { [name]: rules }));
  });
}

/** A name of GraphQL, of which those that begin with two underlines are its own. */
const NAME = /^(?!__)[_A-Za-z]\w*$/;
const RESERVED = ['String', 'Int', 'Float', 'Boolean', 'ID', 'Query', 'Mutation', 'Subscription'];

function faultsOfNames(model: string, { name = model, plural, actions }: LooseDeclaration): string[] {
  const faults = Object.entries({ name, plural, actions }).flatMap(([option, value]) =>
    value === undefined || (typeof value === 'string' && NAME.test(value))
      ? []
      : [`${model}: ${option} has to be a name of letters and digits that does not begin with __`],
  );
  if (faults.length > 0) return faults;
  if (RESERVED.includes(String(name))) return [`${model}: ${name} is a name of GraphQL’s own: name another with name`];
  const singular = `${String(name).charAt(0).toLowerCase()}${String(name).slice(1)}`;
  if ((plural ?? pluralOf(singular)) !== singular) return [];
  return [`${model}: its plural is ${singular}, as its singular is: name another with plural`];
}

/** Filters have words of their own, and a relation to many has a twin. */
const WORDS = ['and', 'or', 'not'];

function faultsOfFields(models: Models, model: string, { read, numericId }: LooseDeclaration): string[] {
  if (!isNames(read)) return [];
  const fields = fieldsOf(models, model) ?? {};
  return read.flatMap((name) => {
    const field = fields[name];
    if (!field) return [];
    if (WORDS.includes(name))
      return [`${model}.${name} cannot be read: filters have a word of that name. Rename it (and @map it)`];
    if (numericId === true && name === 'id') return [`${model}.id is read and numericId: one of the two`];
    const twin = `${name}_connection`;
    if (field.kind === 'object' && field.list && read.includes(twin))
      return [`${model}.${twin} is what the relation ${name} adds: rename it`];
    return field.kind === 'enum' ? faultsOfEnum(models, `${model}.${name}`, field.type) : [];
  });
}

function faultsOfEnum({ enums }: Models, column: string, type: string): string[] {
  return Object.keys(enums[type] ?? {})
    .filter((value) => !NAME.test(value) || ['true', 'false', 'null'].includes(value))
    .map((value) => `${column}: the value ${value} of ${type} is no value of an enum in GraphQL. Rename it`);
}

function faultsOfWriting(models: Models, model: string, { read, write }: LooseDeclaration): string[] {
  if (!isNames(write) || !isNames(read) || write.length === 0) return [];
  const members = write.flatMap((name) => {
    const field = fieldsOf(models, model)?.[name];
    return field && faultsIn(() => membersOf(models, model, [name], {})).length === 0
      ? membersOf(models, model, [name], {})
      : [];
  });
  // Whoever writes it is told which of its values are taken, and nobody may be told what nobody may read.
  const untold = members.filter(({ contested, name }) => contested && !['documentId', ...read].includes(name));
  return [
    ...untold.map(({ name }) => `${model}.${name} is unique and written: then it has to be read, too`),
    ...missingFrom(models, model, write).map(
      (name) => `${model}.${name} has to have a value, has no @default and is not in write: nobody could create one`,
    ),
  ];
}

/** What has to have a value, and gets it neither from the database nor from a client. */
function missingFrom(models: Models, model: string, write: readonly string[]): string[] {
  const fields = fieldsOf(models, model) ?? {};
  const written = write.flatMap((name) => {
    const field = fields[name];
    return field?.kind === 'object' ? field.from : [name];
  });
  return Object.entries(fields).flatMap(([name, field]) =>
    field.kind !== 'object' && field.required && !field.list && !field.hasDefault && !written.includes(name)
      ? [name]
      : [],
  );
}

function faultsIn(check: () => unknown): string[] {
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
