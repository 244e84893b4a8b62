import type { Transaction } from '../../../administration/administration.ts';
import { newDocumentId } from '../../../database/document-key.ts';
import { generatedValue } from '../../../database/generated-values.ts';
import { quoted, quotedTable } from '../../../database/identifiers.ts';
import type { Models } from '../../../database/models.ts';
import { refusedValuesState } from '../../../database/write-errors.ts';
import type { ContentType } from '../../../graphql/content-type/content-type.ts';
import type { Link } from '../../../graphql/content-type/link.ts';
import { tableOf } from '../../../graphql/content-type/model.ts';
import { moveSequenceOn } from '../../sequences.ts';
import { ImportRefused, type StrapiData, type StrapiSource } from '../source.ts';
import { convertValue } from './convert-value.ts';
import type { ContentPlan } from './plan-content.ts';
import type { ResolvedLinks } from './resolve-links.ts';
import type { SurveyedType } from './survey.ts';
import { isEmptyTable } from './tables.ts';

/** Documents written so far, of how many. */
export type OnContentProgress = (written: number, of: number) => void;

export interface ContentImport {
  readonly source: StrapiSource;
  readonly plan: ContentPlan;
  readonly models: Models;
  readonly now: Date;
  readonly onProgress: OnContentProgress;
}

/** Rows of one statement. */
const MAX_ROWS = 1_000;
/** Characters of one statement: rows can be large. */
const MAX_CHARACTERS = 4_000_000;

/**
 * Writes the documents of a plan, in the transaction of the accounts, and returns how many of each type there are. Ids, documentIds and times
 * are Strapi's.
 *
 * @throws ImportRefused when a table is no longer empty, or the source changed since the plan.
 */
export async function writeContent(
  transaction: Transaction,
  { source, plan, models, now, onProgress }: ContentImport,
): Promise<ReadonlyMap<string, number>> {
  const { survey, resolved } = plan;
  const counts = new Map<string, number>();
  const total = survey.types.reduce(
    (sum, { matched, count }) => sum + count - (resolved.leftOut.get(matched.uid)?.size ?? 0),
    0,
  );
  let written = 0;
  await lockEmptyTables(transaction, survey.types);

  // Rows come in the order of the source. One that needs the row of another type waits for that type.
  for (const types of inOrder(survey.types)) {
    const writers = new Map(types.map((type) => [type.matched.uid, writerOf(type, plan, models, now)]));
    for await (const record of source.records()) {
      const writer = record.kind === 'entity' ? writers.get(record.type) : undefined;
      if (record.kind !== 'entity' || !writer) continue;
      const inserted = await writer.add(transaction, record.id, record.data);
      written += inserted;
      if (inserted > 0) onProgress(written, total);
    }
    for (const [uid, writer] of writers) {
      written += await writer.flush(transaction);
      counts.set(uid, writer.count);
    }
    onProgress(written, total);
  }
  if (written !== total)
    throw new ImportRefused('The project changed while it was read. Nothing was written. Start again.');
  for (const links of resolved.links) await writeLinks(transaction, links, { types: survey.types, models });
  for (const { matched } of survey.types) {
    if (matched.type.kind === 'collection') await moveSequenceOn(transaction, quotedTable(matched.type.table));
  }
  return counts;
}

async function lockEmptyTables(transaction: Transaction, types: readonly SurveyedType[]): Promise<void> {
  for (const { matched, count } of types) {
    if (count === 0) continue;
    const { table, name } = matched.type;
    await transaction.$executeRawUnsafe(`LOCK TABLE ${quotedTable(table)} IN SHARE ROW EXCLUSIVE MODE`);
    const isEmpty = await isEmptyTable((sql) => transaction.$queryRawUnsafe(sql), table);
    if (!isEmpty) throw new ImportRefused(`There are documents of ${name} already.`);
  }
}

/** Types in steps: each type after those that its rows need. */
function inOrder(types: readonly SurveyedType[]): SurveyedType[][] {
  const steps: SurveyedType[][] = [];
  let rest = types.filter(({ count }) => count > 0);
  while (rest.length > 0) {
    const waiting = rest.map(({ matched }) => matched.type.model);
    const ready = rest.filter(({ matched }) =>
      matched.relations.every(({ required, target }) => !required || !waiting.includes(target)),
    );
    // Types that need each other cannot be written by anybody.
    steps.push(ready.length > 0 ? ready : rest);
    rest = ready.length > 0 ? rest.filter((type) => !ready.includes(type)) : [];
  }
  return steps;
}

/** Gathers the rows of a type to statements. */
function writerOf({ matched, chosen }: SurveyedType, { resolved }: ContentPlan, models: Models, now: Date) {
  const { type, columns, relations } = matched;
  const leftOut = resolved.leftOut.get(matched.uid);
  const keys = relations.flatMap((relation) => {
    if (!relation.required || relation.link.kind !== 'here') return [];
    const pairs = resolved.links.find((links) => links.relation === relation)?.pairs ?? [];
    return [{ column: relation.link.pairs[0].column, of: new Map(pairs) }];
  });
  /** Rows by the columns that they have: a column that a row does not have gets its default. */
  const batches = new Map<string, { readonly columns: readonly string[]; rows: string[]; characters: number }>();
  let count = 0;

  function rowOf(id: number, data: StrapiData): Record<string, unknown> {
    const { documentId } = data;
    const row: Record<string, unknown> = {
      id: type.kind === 'single' ? 1 : id,
      [type.documentId.column]: typeof documentId === 'string' ? documentId : newDocumentId(),
    };
    for (const { column, value } of type.generated) row[column] ??= generatedValue(value, now);
    for (const { name, field } of columns) {
      const converted = convertValue(data[name], field, models.enums);
      const value = 'value' in converted ? converted.value : null;
      if (value !== null) row[field.column] = value;
      else if (!field.required) row[field.column] = null;
    }
    for (const { column, of } of keys) row[column] = of.get(id);
    return row;
  }

  async function write(transaction: Transaction, key: string): Promise<number> {
    const batch = batches.get(key);
    if (!batch || batch.rows.length === 0) return 0;
    const names = batch.columns.map(quoted).join(', ');
    const table = quotedTable(type.table);
    const sql = `INSERT INTO ${table} (${names}) SELECT ${names} FROM json_populate_recordset(NULL::${table}, $1::json)`;
    const rows = `[${batch.rows.join(',')}]`;
    const inserted = await orRefused(type, () => transaction.$executeRawUnsafe(sql, rows));
    batch.rows = [];
    batch.characters = 0;
    count += inserted;
    return inserted;
  }

  return {
    get count() {
      return count;
    },
    async add(transaction: Transaction, id: number, data: StrapiData): Promise<number> {
      if (chosen.get(id) !== id || leftOut?.has(id)) return 0;
      const row = rowOf(id, data);
      const key = Object.keys(row).join('\n');
      const batch = batches.get(key) ?? { columns: Object.keys(row), rows: [], characters: 0 };
      batches.set(key, batch);
      const text = JSON.stringify(row);
      batch.rows.push(text);
      batch.characters += text.length;
      return batch.rows.length === MAX_ROWS || batch.characters > MAX_CHARACTERS ? write(transaction, key) : 0;
    },
    async flush(transaction: Transaction): Promise<number> {
      let inserted = 0;
      for (const key of batches.keys()) inserted += await write(transaction, key);
      return inserted;
    },
  };
}

/** What a table of the project's owner refuses for reasons of its own. The database's message would repeat values. */
async function orRefused(type: ContentType, write: () => Promise<number>): Promise<number> {
  try {
    return await write();
  } catch (error) {
    const state = refusedValuesState(error);
    if (state === undefined) throw error;
    throw new ImportRefused(
      `The table of ${type.name} refuses documents of Strapi, by a constraint or a trigger of its own (SQLSTATE ${state}). Nothing was imported.`,
    );
  }
}

async function writeLinks(
  transaction: Transaction,
  { type, relation, pairs }: ResolvedLinks,
  { types, models }: { readonly types: readonly SurveyedType[]; readonly models: Models },
): Promise<void> {
  const target = types.find(({ matched }) => matched.type.model === relation.target)?.matched.type;
  const idOf = (id: number, kind: ContentType['kind'] | undefined) => (kind === 'single' ? 1 : id);
  const sql = linkSql(relation.link, quotedTable(type.type.table), quotedTable(tableOf(models, relation.target)));
  for (let start = 0; start < pairs.length; start += MAX_ROWS) {
    const some = pairs.slice(start, start + MAX_ROWS);
    const here = some.map(([from]) => idOf(from, type.type.kind));
    const there = some.map(([, to]) => idOf(to, target?.kind));
    await orRefused(type.type, () => transaction.$executeRawUnsafe(sql, here, there));
  }
}

function linkSql(link: Link, ownTable: string, otherTable: string): string {
  const pairs = 'unnest($1::int4[], $2::int4[]) AS pair(here, there)';
  if (link.kind === 'between') {
    return `INSERT INTO ${quotedTable(link)} (${quoted(link.here)}, ${quoted(link.there)}) SELECT here, there FROM ${pairs}`;
  }
  const [table, other, own, its] =
    link.kind === 'here' ? [ownTable, otherTable, 'here', 'there'] : [otherTable, ownTable, 'there', 'here'];
  const [{ column, references }] = link.pairs; // matched relations have one
  return [
    `UPDATE ${table} AS own SET ${quoted(column)} = other.${quoted(references)}`,
    `FROM ${pairs} JOIN ${other} AS other ON other."id" = ${its} WHERE own."id" = ${own}`,
  ].join(' ');
}
