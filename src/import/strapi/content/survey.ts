import type { Models } from '../../../database/models.ts';
import type { ContentType } from '../../../graphql/content-type/content-type.ts';
import type { StrapiProject } from '../project.ts';
import { ImportRefused, type StrapiData, type StrapiLinkEnd } from '../source.ts';
import { convertValue, type ValueFault } from './convert-value.ts';
import { type ChosenRows, type Documents, documentsOf } from './documents.ts';
import { collectLinks, type Links } from './links.ts';
import { type MatchedRelation, type MatchedType, matchTypes, needsValue } from './matched-type.ts';

/** All that has to be known of the content before it is written, but for the content itself. */
export interface ContentSurvey {
  readonly types: readonly SurveyedType[];
  /** Types of Strapi that have rows and no content type here: uid and rows. */
  readonly unmatched: ReadonlyMap<string, number>;
  readonly links: ReadonlyMap<MatchedRelation, Links>;
  /** Links that no relation here has a place for, by type and field. */
  readonly lostLinks: ReadonlyMap<string, number>;
}

export interface SurveyedType extends ChosenRows {
  readonly matched: MatchedType;
  /** Values that their column cannot keep, by column. Each becomes null, or leaves its row out where the column needs one. */
  readonly faults: ReadonlyMap<string, ReadonlyMap<ValueFault, number>>;
  /** Values of attributes without a place, by attribute. */
  readonly unplaced: ReadonlyMap<string, number>;
  /** Chosen rows that cannot be written: a column needs a value that they do not have, or another row has the same unique value. */
  readonly leftOut: ReadonlyMap<number, string>;
}

/**
 * Reads the content once, without keeping it.
 *
 * @throws ImportRefused when there are more links than fit into memory.
 */
export async function surveyContent(
  project: StrapiProject,
  contentTypes: readonly ContentType[],
  models: Models,
): Promise<ContentSurvey> {
  const { matched, unmatched } = matchTypes(project.schemas, contentTypes, models);
  const surveys = new Map(matched.map((type) => [type.uid, surveyOf(type, models, defaultLocaleOf(project))]));
  const links = collectLinks(matched);
  const lost: StrapiLinkEnd[] = [];
  for await (const record of project.source.records()) {
    if (record.kind === 'entity') surveys.get(record.type)?.add(record.id, record.data);
    if (record.kind !== 'link') continue;
    if (!links.add(record) && surveys.has(record.left.type)) lost.push(record.left);
    if (links.count + lost.length > MAX_LINKS) {
      throw new ImportRefused(`The project has more than ${MAX_LINKS} links. Import it without --content.`);
    }
  }
  const types = [...surveys.values()].map((survey) => survey.end());
  return { types, unmatched: rowsOf(project, unmatched), links: links.byRelation, lostLinks: countLost(types, lost) };
}

/** More would not fit into memory beside the documents. */
const MAX_LINKS = 5_000_000;

function rowsOf({ rows }: StrapiProject, uids: readonly string[]): ReadonlyMap<string, number> {
  return new Map(uids.flatMap((uid) => (rows.get(uid) ? [[uid, rows.get(uid) ?? 0]] : [])));
}

/** Only those of rows that are written: the draft beside a published row has the same ones. */
function countLost(types: readonly SurveyedType[], lost: readonly StrapiLinkEnd[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { type, field, ref } of lost) {
    const { chosen } = types.find(({ matched }) => matched.uid === type) ?? {};
    if (chosen?.get(ref) === ref && !STRAPIS_OWN.includes(field ?? '')) increase(counts, `${type}.${field ?? ''}`);
  }
  return counts;
}

/** Who wrote a row: an administrator of Strapi, who does not come along. */
const STRAPIS_OWN = ['createdBy', 'updatedBy'];

function defaultLocaleOf({ settings }: StrapiProject): string | undefined {
  const locale = settings.get('plugin_i18n_default_locale');
  return typeof locale === 'string' ? locale : undefined;
}

/** Strapi 4 has none. */
function isDocumentId(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && /^[\w-]{1,64}$/.test(value));
}

/**
 * The rows of a type are looked at before it is known which of them stand for a document: what is found of each is kept, in
 * small, until then.
 */
function surveyOf(matched: MatchedType, models: Models, defaultLocale: string | undefined) {
  const documents: Documents = documentsOf(matched, defaultLocale);
  const found = new Map<number, Found>();
  return {
    add(id: number, data: StrapiData): void {
      if (found.has(id)) throw new ImportRefused(`${matched.uid}: two rows have the id ${id}`);
      if (!isDocumentId(data['documentId'])) {
        throw new ImportRefused(`${matched.uid}: the row with the id ${id} has a documentId that Strapi does not make`);
      }
      documents.add(id, data);
      found.set(id, lookAt(matched, data, models));
    },
    end(): SurveyedType {
      const rows = documents.choose();
      const faults = new Map<string, Map<ValueFault, number>>();
      const unplaced = new Map<string, number>();
      const leftOut = new Map<number, string>();
      const taken = matched.unique.map(() => new Set<string>());
      for (const id of new Set(rows.chosen.values())) {
        const row = found.get(id);
        if (!row) continue;
        for (const [name, fault] of row.faults) {
          const ofColumn = faults.get(name) ?? new Map<ValueFault, number>();
          faults.set(name, ofColumn);
          ofColumn.set(fault, (ofColumn.get(fault) ?? 0) + 1);
        }
        for (const name of row.unplaced) increase(unplaced, name);
        const reason = row.missing[0] === undefined ? takenBy(row, matched, taken) : `has no ${row.missing[0]}`;
        if (reason !== undefined) leftOut.set(id, reason);
      }
      return { ...rows, matched, faults, unplaced, leftOut };
    },
  };
}

interface Found {
  readonly faults: readonly (readonly [string, ValueFault])[];
  readonly unplaced: readonly string[];
  /** Required columns without a value. */
  readonly missing: readonly string[];
  /** The values of each unique constraint, as one text; undefined where one is null. */
  readonly unique: readonly (string | undefined)[];
}

const NOTHING: Found = { faults: [], unplaced: [], missing: [], unique: [] };

function lookAt({ columns, unplaced, missing, unique }: MatchedType, data: StrapiData, { enums }: Models): Found {
  const faults: (readonly [string, ValueFault])[] = [];
  const values = new Map<string, unknown>();
  const absent: string[] = [...missing];
  for (const { name, field } of columns) {
    const converted = convertValue(data[name], field, enums);
    if ('fault' in converted) faults.push([name, converted.fault]);
    const value = 'value' in converted ? converted.value : null;
    values.set(name, value);
    if (value === null && needsValue(field)) absent.push(name);
  }
  const lost = unplaced.filter(({ name, kind }) => kind !== 'relation' && holdsSomething(data[name]));
  const keys = unique.map((names) => {
    const parts = names.map((name) => values.get(name) ?? null);
    return parts.includes(null) ? undefined : JSON.stringify(parts);
  });
  const isNothing =
    faults.length === 0 && lost.length === 0 && absent.length === 0 && keys.every((key) => key === undefined);
  return isNothing ? NOTHING : { faults, unplaced: lost.map(({ name }) => name), missing: absent, unique: keys };
}

/** The first row with a unique value keeps it. */
function takenBy(row: Found, { unique }: MatchedType, taken: readonly Set<string>[]): string | undefined {
  const clash = row.unique.findIndex((key, at) => key !== undefined && taken[at]?.has(key));
  if (clash >= 0) return `has the ${unique[clash]?.join(', ')} of another one`;
  for (const [at, key] of row.unique.entries()) if (key !== undefined) taken[at]?.add(key);
  return undefined;
}

function holdsSomething(value: unknown): boolean {
  return value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0);
}

function increase(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
