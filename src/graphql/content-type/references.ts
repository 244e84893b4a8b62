import { quoted, quotedTable } from '../../database/identifiers.ts';
import type { GeneratedModel, GeneratedRelation, Models } from '../../database/models.ts';
import type { Database, Query } from '../../database/open.ts';
import type { ContentType } from './content-type.ts';
import { linkOf } from './link.ts';
import { lowerFirst } from './model.ts';
import { pluralOf } from './plural.ts';
import { OWN_MODELS } from './rules/rule-models.ts';
import { hasDocumentId } from './sql/document-id.ts';
import { Statement } from './sql/statement.ts';
import { sentence, words } from './words.ts';

export const ON_DELETE = ['DELETED', 'UNLINKED', 'PREVENTS'] as const;
export type OnDelete = (typeof ON_DELETE)[number];

/** Documents of another type that refer to a document. */
export interface Reference {
  /** The GraphQL type of these documents, or their model where no content type has it. */
  readonly type: string;
  /** Their relation to the document. */
  readonly field: string;
  readonly label: string;
  readonly count: number;
  readonly onDelete: OnDelete;
}

/** Undefined for a document that does not exist. */
export type ReadReferences = (type: string, documentId: string) => Promise<readonly Reference[] | undefined>;

/**
 * What refers to documents of each type, by its name: relations that have their key in another table, and those over a join table.
 * Of Gatehouse's own tables only those count that are types of the schema.
 */
export function createReadReferences(
  { models, query, foldCase }: Pick<Database, 'models' | 'query' | 'foldCase'>,
  types: readonly ContentType[],
): { readonly types: readonly string[]; readonly read: ReadReferences } {
  const byName = new Map(types.map((type) => [type.name, type]));
  const referring = new Map(types.map((type) => [type.name, referencesTo(models, types, type)]));
  return {
    types: [...byName.keys()],
    async read(name, documentId) {
      const type = byName.get(name);
      if (!type) return undefined;
      const references = referring.get(name) ?? [];
      const statement = new Statement(foldCase);
      const [row] = await query(countingSql(statement, type, references, documentId), statement.values);
      if (!row) return undefined;
      const counts = JSON.parse(row['counts'] as string) as readonly number[]; // as the statement makes it
      const keys = references.some(({ key }) => key) ? await readKeys(query, type) : new Map<string, OnDelete>();
      return references.map(({ key, type, field, label }, index) => ({
        ...{ type, field, label, count: counts[index] ?? 0 },
        onDelete: (key && keys.get(keyName(key))) ?? 'UNLINKED', // the rows of a join table go, and nothing else
      }));
    },
  };
}

interface Referring extends Pick<Reference, 'type' | 'field' | 'label'> {
  /** A number of rows, for the row `t` of the document. */
  readonly sql: string;
  /** The foreign key; undefined for a join table. */
  readonly key: Key | undefined;
}

interface Key {
  readonly schema: string | null;
  readonly table: string;
  readonly columns: readonly string[];
}

function referencesTo(models: Models, types: readonly ContentType[], { model }: ContentType): Referring[] {
  const candidates = Object.entries(models.byName).filter(
    ([name]) => !OWN_MODELS.includes(name) || types.some((type) => type.model === name),
  );
  const found = candidates.flatMap(([from, generated]) =>
    Object.entries(generated.fields).flatMap(([field, relation]) => {
      if (relation.kind !== 'object' || relation.type !== model || relation.through) return [];
      const counted =
        relation.from.length > 0
          ? byKey(models, model, generated, relation)
          : overJoinTable(models, { from, field, relation });
      return counted ? [{ from, field, ...counted }] : [];
    }),
  );
  return found.map(({ from, field, ...counted }) => {
    const type = types.find((one) => one.model === from);
    const label = sentence(type?.plural ?? pluralOf(lowerFirst(from)));
    const isAmbiguous = found.filter((other) => other.from === from).length > 1;
    return { ...counted, type: type?.name ?? from, field, label: isAmbiguous ? `${label} (${words(field)})` : label };
  });
}

/** The rows that have the document's key. */
function byKey(
  models: Models,
  model: string,
  { schema, table, fields }: GeneratedModel,
  { from, to }: GeneratedRelation,
): Pick<Referring, 'sql' | 'key'> {
  const columns = from.map((name) => columnIn(fields, name));
  const referred = to.map((name) => columnIn(models.byName[model]?.fields, name));
  const same = columns.map((column, index) => `r.${quoted(column)} = t.${quoted(referred[index] ?? '')}`);
  return {
    sql: `(SELECT count(*) FROM ${quotedTable({ schema, table })} r WHERE ${same.join(' AND ')})`,
    key: { schema, table, columns },
  };
}

/** The rows that a join table links to the document. Of a key on the document's own side, nothing refers to it. */
function overJoinTable(
  models: Models,
  { from, field, relation }: { readonly from: string; readonly field: string; readonly relation: GeneratedRelation },
): Pick<Referring, 'sql' | 'key'> | undefined {
  if (!relation.list || hasKeyThere(models, relation)) return undefined;
  const link = linkOf(models.byName, from, field, relation);
  if (link.kind !== 'between') return undefined;
  return {
    sql: `(SELECT count(*) FROM ${quotedTable(link)} r WHERE r.${quoted(link.there)} = t.${quoted(link.thereId)})`,
    key: undefined,
  };
}

/** Whether the other side of a relation has the key: the documents of this side are then referred to, and do not refer. */
function hasKeyThere(models: Models, { type, relation }: GeneratedRelation): boolean {
  return Object.values(models.byName[type]?.fields ?? {}).some(
    (other) => other.kind === 'object' && other.relation === relation && other.from.length > 0,
  );
}

function columnIn(fields: GeneratedModel['fields'] | undefined, name: string): string {
  const field = fields?.[name];
  if (!field || field.kind === 'object') throw new Error(`a relation has its key in ${name}, which is no column`);
  return field.column;
}

function countingSql(
  statement: Statement,
  { table, documentId }: ContentType,
  references: readonly Referring[],
  value: string,
): string {
  const counts = references.map(({ sql }) => sql).join(', ');
  const where = hasDocumentId(statement, { column: (name) => `t.${quoted(name)}` }, documentId, value);
  return `SELECT json_build_array(${counts})::text AS "counts" FROM ${quotedTable(table)} t WHERE ${where}`;
}

/** What the database does with the rows of each foreign key to a table when the row that they refer to is deleted. */
async function readKeys(query: Query, { table }: ContentType): Promise<ReadonlyMap<string, OnDelete>> {
  const rows = await query<KeyRow>(
    `SELECT CASE WHEN n.nspname = current_schema() THEN NULL ELSE n.nspname::text END AS "schema", r.relname::text AS "table",
       (SELECT json_agg(a.attname ORDER BY k."position")
        FROM unnest(c.conkey) WITH ORDINALITY k("number", "position")
        JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k."number")::text AS "columns",
       c.confdeltype::text AS "onDelete"
     FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid JOIN pg_namespace n ON n.oid = r.relnamespace
     WHERE c.contype = 'f' AND c.confrelid = to_regclass($1)`,
    [quotedTable(table)],
  );
  return new Map(
    rows.map(({ schema, table, columns, onDelete }) => [
      keyName({ schema, table, columns: JSON.parse(columns) as string[] }),
      WHAT_IT_DOES[onDelete] ?? 'PREVENTS',
    ]),
  );
}

interface KeyRow {
  readonly schema: string | null;
  readonly table: string;
  readonly columns: string;
  readonly onDelete: string;
}

/** By the letter of PostgreSQL. The others, RESTRICT and NO ACTION, refuse to delete the row. */
const WHAT_IT_DOES: Readonly<Record<string, OnDelete>> = { c: 'DELETED', n: 'UNLINKED', d: 'UNLINKED' };

function keyName({ schema, table, columns }: Key): string {
  return JSON.stringify([schema, table, columns]);
}
