import { lowerFirst } from '../graphql/content-type/model.ts';
import { pluralOf } from '../graphql/content-type/plural.ts';
import { type Field, relationKeyOf, relationNameOf, type Table } from './introspected.ts';
import { capital, fieldName, modelName, unusedName, wordsOf } from './names.ts';
import { isTakenName } from './taken-names.ts';

/** A table with the names that it gets in the Prisma schema, and so in the API. */
export interface NamedTable {
  readonly table: Table;
  readonly model: string;
  /** The new name of each field, by its name in the introspection. */
  readonly names: ReadonlyMap<string, string>;
}

/**
 * Names tables and their fields as JavaScript does: `film_actor.actor_id` becomes `FilmActor.actorId`, its relation `actor`, and the other
 * side `filmActors`.
 *
 * @param taken names of models that are there already. A table of such a name is called `UserRecord`.
 */
export function nameTables(tables: readonly Table[], taken: ReadonlySet<string>): readonly NamedTable[] {
  const models = new Map<string, string>();
  const used = new Set(taken);
  for (const { name, table } of tables) {
    const model = unusedName(
      modelName(table),
      (one) => used.has(one) || RESERVED.has(one) || isTakenName(one),
      'Record',
    );
    used.add(model);
    models.set(name, model);
  }
  const modelOf = (name: string) => models.get(name) ?? capital(name);
  return tables.map((table) => ({ table, model: modelOf(table.name), names: namesOf(table, tables, modelOf) }));
}

/** What a table is called in `src/app/content/`. */
export interface ContentNames {
  /** `filmActor`. */
  readonly constant: string;
  /** `film-actor.ts`. */
  readonly file: string;
}

/** No two tables have one file or one constant. `AB` and `Ab` have the same words, and `class` is no name in TypeScript. */
export function nameContent(tables: readonly NamedTable[]): ReadonlyMap<NamedTable, ContentNames> {
  const constants = new Set(tables.map(({ model }) => lowerFirst(model)).filter((name) => !NO_CONSTANTS.has(name)));
  const files = new Set(['index']);
  return new Map(
    tables.map((one) => {
      const plain = lowerFirst(one.model);
      const constant = NO_CONSTANTS.has(plain)
        ? unusedName(plain, (name) => name === plain || constants.has(name), 'Type')
        : plain;
      const file = unusedName(wordsOf(one.model).join('-'), (name) => files.has(name), '-type');
      constants.add(constant);
      files.add(file);
      return [one, { constant, file: `${file}.ts` }];
    }),
  );
}

/** What no constant of a module can be called. */
const NO_CONSTANTS = new Set(
  `arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for
  function if implements import in instanceof interface let new null package private protected public return static super switch
  this throw true try typeof undefined var void while with yield`.split(/\s+/),
);

/** Names with a meaning of their own in Prisma, in TypeScript or in GraphQL. */
const RESERVED = new Set(['Subscription', 'BigInt', 'Json', 'Prisma', 'Unsupported']);

type ModelOf = (name: string) => string;

function namesOf(table: Table, tables: readonly Table[], modelOf: ModelOf): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const isTaken = (name: string) => [...names.values()].includes(name);
  const isRelation = ({ type }: Field) => tables.some(({ name }) => name === type);
  const relations = table.fields.filter(isRelation);
  for (const field of relations) {
    const key = relationKeyOf(field);
    if (key) names.set(field.name, unusedName(keyName(field, table, modelOf), isTaken, capital(modelOf(field.type))));
  }
  for (const field of table.fields) {
    if (isRelation(field)) continue;
    // documentId is what clients call the key of any type.
    const name =
      fieldName(field.column) === 'documentId' && !isDocumentId(field) ? 'documentIdColumn' : fieldName(field.column);
    names.set(field.name, unusedName(name, isTaken, capital(referenced(field, table) ?? 'Column')));
  }
  for (const field of relations) {
    if (!names.has(field.name))
      names.set(field.name, unusedName(otherName(field, table, tables, modelOf), isTaken, 'Relation'));
  }
  return names;
}

function isDocumentId({ type, arity, attributes }: Field): boolean {
  return type === 'String' && arity === '' && /@(unique|id)\b/.test(attributes);
}

/** What the column refers to: a column `customer` that refers to `users.email` is `customerEmail` beside the relation `customer`. */
function referenced({ name }: Field, { fields }: Table): string | undefined {
  for (const field of fields) {
    const key = relationKeyOf(field);
    const index = key?.fields.indexOf(name) ?? -1;
    if (key && index >= 0) return fieldName(key.references[index] ?? '');
  }
  return undefined;
}

const SUFFIXES = new Set(['id', 'uuid', 'key', 'fk', 'no', 'code', 'ref']);

/** The relation of `original_language_id` is `originalLanguage`. One over several columns is called after its target. */
function keyName(field: Field, { fields }: Table, modelOf: ModelOf): string {
  const key = relationKeyOf(field);
  const [only, ...further] = key?.fields ?? [];
  const column = further.length === 0 ? fields.find(({ name }) => name === only)?.column : undefined;
  if (column === undefined) return lowerFirst(modelOf(field.type));
  const words = wordsOf(column);
  const kept = words.length > 1 && SUFFIXES.has(words.at(-1) ?? '') ? words.slice(0, -1) : words;
  return fieldName(kept.join(' '));
}

/** `films`, and `filmsByOriginalLanguage` for a second relation of the same table. */
function otherName(field: Field, table: Table, tables: readonly Table[], modelOf: ModelOf): string {
  const other = tables.find(({ name }) => name === field.type);
  const model = lowerFirst(modelOf(field.type));
  const plain = field.arity === '[]' ? pluralOf(model) : model;
  const toThis = other?.fields.filter((one) => one.type === table.name && relationKeyOf(one)) ?? [];
  const mine = toThis.find((one) => relationNameOf(one) === relationNameOf(field));
  if (!other || !mine || (toThis[0] === mine && other !== table)) return plain;
  return `${plain}By${capital(keyName(mine, other, modelOf))}`;
}
