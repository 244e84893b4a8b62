import { PERMISSION, ROLE, USER } from '../accounts/role-links.ts';
import { isData, isFieldName, isUid } from '../shapes.ts';
import { ImportRefused, type StrapiData } from '../source.ts';
import { camelCase, type NamingVersion, nameOf, snakeCase } from './names.ts';
import type { Catalogue } from './tables.ts';

/** Where the rows of a type are. */
export interface TypeLayout {
  readonly uid: string;
  readonly table: string;
  /** The name that columns of its links begin with. */
  readonly singular: string;
  readonly columns: readonly ColumnLayout[];
  readonly relations: readonly Attribute[];
  readonly components: readonly Attribute[];
}

export interface ColumnLayout {
  readonly attribute: string;
  readonly column: string;
  /** Strapi's: `string`, `datetime`, `boolean`. */
  readonly type: string;
}

export interface Attribute {
  readonly name: string;
  readonly options: StrapiData;
}

/**
 * Finds the tables of all types that the schemas describe, and of accounts also where no schema does.
 *
 * @throws ImportRefused for a type without a table, or with one that is not its own.
 */
export function layoutsOf(
  schemas: ReadonlyMap<string, StrapiData>,
  catalogue: Catalogue,
  version: NamingVersion,
): ReadonlyMap<string, TypeLayout> {
  const layouts = new Map<string, TypeLayout>();
  for (const [uid, schema] of [...Object.entries(OF_ACCOUNTS), ...schemas])
    if (schema['modelType'] !== 'component' && !uid.startsWith('admin::'))
      layouts.set(uid, layoutOf(uid, schema, catalogue, version));
  return layouts;
}

function layoutOf(uid: string, schema: StrapiData, catalogue: Catalogue, version: NamingVersion): TypeLayout {
  const { collectionName, info, attributes } = schema;
  const singular = isData(info) ? info['singularName'] : undefined;
  if (typeof collectionName !== 'string' || !isFieldName(singular) || !isData(attributes))
    throw new ImportRefused(`The schema of ${uid} is damaged: it has no table, name or attributes.`);
  const table = nameOf(version, [collectionName]);
  if (uid.startsWith('api::') && OF_STRAPI.test(table))
    throw new ImportRefused(`The schema of ${uid} names a table of Strapi's own.`);
  const inTable = catalogue.get(table);
  if (!inTable?.has('id')) throw new ImportRefused(`The table of ${uid} is not there, or has no column "id".`);
  const all = Object.entries(attributes)
    .filter((entry): entry is [string, StrapiData] => isFieldName(entry[0]) && isData(entry[1]))
    .map(([name, options]): Attribute => ({ name, options }));
  const ofType = (...types: readonly string[]) => all.filter(({ options }) => types.includes(String(options['type'])));
  return {
    uid,
    table,
    singular: snakeCase(singular),
    columns: columnsOf(uid, schema, all, inTable, version),
    relations: ofType('relation'),
    components: ofType('component', 'dynamiczone'),
  };
}

function columnsOf(
  uid: string,
  schema: StrapiData,
  attributes: readonly Attribute[],
  inTable: ReadonlySet<string>,
  version: NamingVersion,
): readonly ColumnLayout[] {
  const types = new Map(IMPLICIT);
  for (const { name, options } of attributes) if (typeof options['type'] === 'string') types.set(name, options['type']);
  if (schema === OF_ACCOUNTS[uid]) {
    // Without a schema, a column that a project added is known by its own name only.
    const known = new Set([...types.keys()].map(snakeCase));
    for (const column of inTable)
      if (!known.has(column) && !OF_EDITORS.has(column) && isFieldName(camelCase(column)))
        types.set(camelCase(column), 'string');
  }
  return [...types]
    .filter(([, type]) => !WITHOUT_COLUMN.has(type))
    .map(([attribute, type]) => ({ attribute, column: nameOf(version, [snakeCase(attribute)]), type }))
    .filter(({ column }) => inTable.has(column));
}

/** What tables can have without a word of the schema. */
const IMPLICIT: readonly (readonly [string, string])[] = [
  ['documentId', 'string'],
  ['createdAt', 'datetime'],
  ['updatedAt', 'datetime'],
  ['publishedAt', 'datetime'],
  ['locale', 'string'],
];

const WITHOUT_COLUMN: ReadonlySet<string> = new Set(['relation', 'media', 'component', 'dynamiczone']);
const OF_EDITORS: ReadonlySet<string> = new Set(['id', 'created_by_id', 'updated_by_id']);

/** A content type that named one of these would publish hashes and tokens as content. */
const OF_STRAPI = /^(?:up_|admin_|strapi_|pg_|sqlite_)/;

const role = (inversedBy: string) => ({ type: 'relation', relation: 'manyToOne', target: ROLE, inversedBy });
const texts = (...names: readonly string[]) => Object.fromEntries(names.map((name) => [name, { type: 'string' }]));

/** The users-permissions plugin's own types, in both versions. */
const OF_ACCOUNTS: Readonly<Record<string, StrapiData>> = {
  [ROLE]: {
    collectionName: 'up_roles',
    info: { singularName: 'role' },
    attributes: texts('name', 'description', 'type'),
  },
  [PERMISSION]: {
    collectionName: 'up_permissions',
    info: { singularName: 'permission' },
    attributes: { ...texts('action'), role: role('permissions') },
  },
  [USER]: {
    collectionName: 'up_users',
    info: { singularName: 'user' },
    attributes: {
      ...texts('username', 'email', 'provider', 'password', 'resetPasswordToken', 'confirmationToken'),
      confirmed: { type: 'boolean' },
      blocked: { type: 'boolean' },
      role: role('users'),
    },
  },
};

/** Whether a value of a schema can be the name of a type. */
export const targetOf = ({ options }: Attribute): string | undefined =>
  isUid(options['target']) ? options['target'] : undefined;
