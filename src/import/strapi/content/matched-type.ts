import type { GeneratedColumn, GeneratedRelation, Models } from '../../../database/models.ts';
import type { ContentType } from '../../../graphql/content-type/content-type.ts';
import { type Link, linkOf } from '../../../graphql/content-type/link.ts';
import { lowerFirst, uniqueConstraintsOf } from '../../../graphql/content-type/model.ts';
import type { StrapiData } from '../source.ts';

/** A content type of Strapi and the model of the same name here. */
export interface MatchedType {
  /** `api::post.post`. */
  readonly uid: string;
  readonly type: ContentType;
  /** Whether a document has a draft and a published row. */
  readonly draftAndPublish: boolean;
  readonly localized: boolean;
  readonly columns: readonly MatchedColumn[];
  readonly relations: readonly MatchedRelation[];
  /** Attributes that have no place here, and why. */
  readonly unplaced: readonly UnplacedAttribute[];
  /** Columns that a row needs, and that Strapi has no values for. */
  readonly missing: readonly string[];
  /** Names of columns that are unique, alone or together. */
  readonly unique: readonly (readonly string[])[];
}

/** An attribute and the column of the same name. */
export interface MatchedColumn {
  readonly name: string;
  readonly field: GeneratedColumn;
  /** Strapi shows it to no client, and clients can read it here. */
  readonly becomesReadable: boolean;
}

/** A relation of the same name in both. */
export interface MatchedRelation {
  readonly name: string;
  /** The model of the other end. */
  readonly target: string;
  readonly required: boolean;
  readonly many: boolean;
  /** Only one row can have the same target. */
  readonly unique: boolean;
  readonly link: Link;
}

export interface UnplacedAttribute {
  readonly name: string;
  readonly kind: 'column' | 'relation' | 'component' | 'media' | 'password';
}

/** The uid of Strapi's users, who are matched to the model User. */
export const USER_UID = 'plugin::users-permissions.user';

/** What Strapi keeps for every document beside its attributes, or for its own features. */
const OWN_ATTRIBUTES = ['createdAt', 'updatedAt', 'publishedAt', 'createdBy', 'updatedBy', 'locale', 'localizations'];

/** Pairs Strapi's content types with those of this server, by their names. Others are in `unmatched`. */
export function matchTypes(
  schemas: ReadonlyMap<string, StrapiData>,
  types: readonly ContentType[],
  models: Models,
): { readonly matched: readonly MatchedType[]; readonly unmatched: readonly string[] } {
  const matched: MatchedType[] = [];
  const unmatched: string[] = [];
  for (const [uid, schema] of schemas) {
    if (!uid.startsWith('api::')) continue;
    const type = types.find((one) => namesOf(one).includes(nameOf(uid, schema)));
    if (type && isAsInStrapi(type) && kindOf(schema) === type.kind) matched.push(matchType(uid, schema, type, models));
    else unmatched.push(uid);
  }
  return { matched, unmatched };
}

/** Whether the rows of a type have Strapi's keys: a numeric id and a documentId. */
function isAsInStrapi({ hasId, key, documentId }: ContentType): boolean {
  return hasId && key.parts[0].name === 'documentId' && documentId.key === undefined;
}

/** Whether a new row has to bring a value for a column. */
export function needsValue({ required, hasDefault, generated, updatedAt }: GeneratedColumn): boolean {
  return required && !hasDefault && !generated && !updatedAt;
}

function matchType(uid: string, schema: StrapiData, type: ContentType, models: Models): MatchedType {
  const { fields = {} } = models.byName[type.model] ?? {};
  const readable = type.read.map(({ name }) => name);
  const columns: MatchedColumn[] = [];
  const relations: MatchedRelation[] = [];
  const unplaced: UnplacedAttribute[] = [];
  for (const [name, attribute] of Object.entries(attributesOf(schema))) {
    if (OWN_ATTRIBUTES.includes(name)) continue;
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    const kind = kindOfAttribute(attribute);
    const relation = kind === 'relation' && field?.kind === 'object' && matchRelation(models, type.model, name, field);
    if (relation) {
      relations.push(relation);
    } else if (isTaken(kind, field) && !isKey(fields, name)) {
      const becomesReadable = attribute['private'] === true && readable.includes(name);
      columns.push({ name, field, becomesReadable });
    } else {
      unplaced.push({ name, kind });
    }
  }
  for (const name of ['createdAt', 'updatedAt', 'publishedAt']) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field && field.kind !== 'object') columns.push({ name, field, becomesReadable: false });
  }
  const named = [...columns, ...relations].map(({ name }) => name);
  return {
    uid,
    type,
    draftAndPublish: recordIn(schema, 'options')['draftAndPublish'] === true,
    localized: recordIn(recordIn(schema, 'pluginOptions'), 'i18n')['localized'] === true,
    columns,
    relations,
    unplaced,
    missing: Object.entries(fields).flatMap(([name, field]) => {
      if (field.kind === 'object' || !needsValue(field)) return [];
      const key = relations.find(({ link }) => link.kind === 'here' && link.pairs[0].field === name);
      return named.includes(name) || key ? [] : [name];
    }),
    unique: uniqueConstraintsOf(models, type.model)
      .map((constraint) => constraint.map(({ name }) => name))
      .filter((names) => names.every((name) => columns.some((column) => column.name === name))),
  };
}

/** Undefined for a relation over several columns, and for one that a new row needs and whose key is not the id. */
function matchRelation(
  models: Models,
  model: string,
  name: string,
  field: GeneratedRelation,
): MatchedRelation | undefined {
  const link = linkOf(models.byName, model, name, field);
  if (link.kind !== 'between' && link.pairs.length > 1) return undefined;
  const key = link.kind === 'here' ? models.byName[model]?.fields[link.pairs[0].field] : undefined;
  const unique = key !== undefined && key.kind !== 'object' && key.unique;
  const required = key !== undefined && key.kind !== 'object' && key.required;
  if (required && link.kind === 'here' && link.pairs[0].references !== 'id') return undefined;
  return { name, target: field.type, required, many: field.list, unique, link };
}

/** A component is kept whole where the column of its name is Json. */
function isTaken(kind: UnplacedAttribute['kind'], field: unknown): field is GeneratedColumn {
  const column = field as GeneratedColumn | GeneratedRelation | undefined; // one of the fields of a model
  if (!column || (column.kind !== 'scalar' && column.kind !== 'enum') || column.type === 'Bytes') return false;
  return kind === 'column' || (kind === 'component' && column.type === 'Json');
}

/** The primary key, and columns that hold the key of a relation. */
function isKey(fields: Readonly<Record<string, GeneratedColumn | GeneratedRelation>>, name: string): boolean {
  if (name === 'id' || name === 'documentId') return true;
  return Object.values(fields).some((field) => field.kind === 'object' && field.from.includes(name));
}

function kindOfAttribute({ type }: StrapiData): UnplacedAttribute['kind'] {
  if (type === 'relation' || type === 'media' || type === 'password') return type;
  return type === 'component' || type === 'dynamiczone' ? 'component' : 'column';
}

function namesOf({ singular, model }: ContentType): string[] {
  return [singular, lowerFirst(model)];
}

/** `api::site-setting.site-setting` → `siteSetting`. */
function nameOf(uid: string, schema: StrapiData): string {
  const { singularName } = recordIn(schema, 'info');
  const name = typeof singularName === 'string' ? singularName : (uid.split('.').at(-1) ?? uid);
  return name.replaceAll(/[-_]+(.)/g, (_, letter: string) => letter.toUpperCase());
}

function kindOf(schema: StrapiData): ContentType['kind'] {
  return schema['kind'] === 'singleType' ? 'single' : 'collection';
}

function attributesOf(schema: StrapiData): Readonly<Record<string, StrapiData>> {
  const attributes = recordIn(schema, 'attributes');
  return Object.fromEntries(Object.keys(attributes).map((name) => [name, recordIn(attributes, name)]));
}

function recordIn(data: StrapiData, name: string): StrapiData {
  const value = Object.hasOwn(data, name) ? data[name] : undefined;
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as StrapiData) : {};
}
