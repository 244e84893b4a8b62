import type { GeneratedColumn, GeneratedModel, Models } from '../../database/models.ts';

/** The SQL types of columns that can be part of a key. */
export type KeyType = 'int2' | 'int4' | 'int8' | 'uuid' | 'text' | 'bpchar';

/** A column of a key. */
export interface KeyPart {
  /** Its name in the model, and in the database. */
  readonly name: string;
  readonly column: string;
  readonly type: KeyType;
}

/** The columns that tell the rows of a table apart, and that documentIds are made of. */
export interface Key {
  readonly parts: readonly [KeyPart, ...KeyPart[]];
  /** What Prisma calls them together in `where`: `orderId_line`. */
  readonly together: string;
}

/**
 * The key of a content type: the one that is declared, else the column `documentId`, else the primary key.
 *
 * @param declared a name of a column, or a list of them. Not type checked.
 * @throws Error for columns that are no key: misspelt, nullable, not unique, or of a type that has no documentId.
 */
export function keyOf(models: Models, model: string, declared?: unknown): Key {
  const generated = models.byName[model];
  if (!generated) throw new Error(`There is no model ${model} in prisma/schema/content.prisma`);
  const names = declared === undefined ? usualKey(model, generated) : namesIn(model, declared);
  const [first, ...rest] = names.map((name) => partOf(model, generated, name));
  if (!first) throw new Error(`${model}: key must be the name of a column, or a list of them`);
  const together = uniqueOf(model, generated, names).join('_');
  return { parts: [first, ...rest], together: generated.together?.[together] ?? together };
}

/** Whether the rows of a table have `id Int @id`: statements then tell them apart by it, whatever the documentId is made of. */
export function hasNumericId(models: Models, model: string): boolean {
  const { key = [], fields = {} } = models.byName[model] ?? {};
  const { id } = fields;
  return key.length === 1 && key[0] === 'id' && id?.kind === 'scalar' && id.type === 'Int' && id.column === 'id';
}

function usualKey(model: string, { key, fields }: GeneratedModel): readonly string[] {
  if (Object.hasOwn(fields, 'documentId')) return ['documentId'];
  if (key.length > 0) return key;
  throw new Error(`${model} has no primary key. Name unique columns: key: 'column', or key: ['one', 'other']`);
}

function namesIn(model: string, declared: unknown): readonly string[] {
  const names: readonly unknown[] = [declared].flat();
  if (names.length === 0 || !names.every((name) => typeof name === 'string')) {
    throw new Error(`${model}: key must be the name of a column, or a list of them`);
  }
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) throw new Error(`${model}: key names ${twice} twice`);
  return names;
}

function partOf(model: string, { fields }: GeneratedModel, name: string): KeyPart {
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (!field || field.kind === 'object') {
    const columns = Object.entries(fields).flatMap(([one, { kind }]) => (kind === 'object' ? [] : [one]));
    const what = field ? 'a relation' : 'no column of the model';
    throw new Error(`${model}: key names ${name}, which is ${what}. The columns are ${columns.join(', ')}`);
  }
  const type = keyTypeOf(field);
  if (!type) {
    const written = `${field.type}${field.list ? '[]' : ''}${field.native ? ` @db.${field.native}` : ''}`;
    throw new Error(
      `${model}.${name} is of type ${written}, which cannot be part of a key. Keys are made of Int, BigInt, String and UUID columns`,
    );
  }
  if (!field.required) throw new Error(`${model}.${name} can be null, so it cannot be part of a key`);
  return { name, column: field.column, type };
}

/** The columns in the order in which the model has them as unique. */
function uniqueOf(
  model: string,
  { key, fields, uniqueTogether }: GeneratedModel,
  names: readonly string[],
): readonly string[] {
  const [only = ''] = names;
  const field = fields[only];
  if (names.length === 1 && field?.kind !== 'object' && field?.unique) return names;
  const sorted = names.toSorted().join();
  const found = [key, ...uniqueTogether].find((unique) => unique.length > 1 && unique.toSorted().join() === sorted);
  if (found) return found;
  const attribute = names.length === 1 ? `${only} @unique` : `@@unique([${names.join(', ')}])`;
  throw new Error(`${model}: the key ${names.join(', ')} is not unique. The model needs ${attribute}`);
}

const INTEGERS: Readonly<Record<string, KeyType | undefined>> = { Integer: 'int4', SmallInt: 'int2', BigInt: 'int8' };
/** Not citext, whose values are equal in any case: two texts would be the documentId of one row. */
const TEXTS: Readonly<Record<string, KeyType | undefined>> = {
  Text: 'text',
  VarChar: 'text',
  Char: 'bpchar',
  Uuid: 'uuid',
};

/** The SQL type of a column of a key; undefined for one that no documentId can be made of. */
export function keyTypeOf({
  kind,
  type,
  native,
  list,
}: Pick<GeneratedColumn, 'kind' | 'type' | 'native' | 'list'>): KeyType | undefined {
  if (kind !== 'scalar' || list) return undefined;
  if (type === 'Int') return INTEGERS[native ?? 'Integer'];
  if (type === 'BigInt') return INTEGERS[native ?? 'BigInt'];
  return type === 'String' ? TEXTS[native ?? 'Text'] : undefined;
}
