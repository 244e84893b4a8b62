import type { StrapiData } from '../source.ts';
import type { MatchedType } from './matched-type.ts';

/** The rows of one type: which of them stand for a document, and what is left of the others. */
export interface Documents {
  /** Looks at one row of the type. */
  add(id: number, data: StrapiData): void;
  /** Ends the looking, and chooses a row for each document. */
  choose(): ChosenRows;
}

export interface ChosenRows {
  /** By the id of any row of a document: the id of the chosen one. */
  readonly chosen: ReadonlyMap<number, number>;
  readonly count: number;
  /** The chosen rows of documents that are drafts only. */
  readonly drafts: ReadonlySet<number>;
  /** Published documents whose draft was edited since. */
  readonly editedDrafts: number;
  /** Rows in other locales than the chosen one, by locale. */
  readonly locales: ReadonlyMap<string, number>;
  /** Documents that have no row in the default locale, so that another one was chosen. */
  readonly foreign: number;
}

interface Row {
  readonly id: number;
  readonly published: boolean;
  readonly locale: string | undefined;
  readonly updatedAt: number;
}

/**
 * Strapi 5 has a row for each document, locale and state, with one documentId; Strapi 4 has none, and each row is a document. The
 * published row of the default locale is chosen, or else the draft.
 */
export function documentsOf({ draftAndPublish, localized }: MatchedType, defaultLocale: string | undefined): Documents {
  const rows = new Map<string, Row[]>();
  return {
    add(id, data) {
      const { documentId, locale, publishedAt, updatedAt } = data;
      const key = typeof documentId === 'string' ? documentId : `${id}`;
      const row: Row = {
        id,
        published: draftAndPublish && publishedAt !== null && publishedAt !== undefined,
        locale: localized && typeof locale === 'string' ? locale : undefined,
        updatedAt: typeof updatedAt === 'string' || typeof updatedAt === 'number' ? new Date(updatedAt).getTime() : 0,
      };
      const known = rows.get(key);
      if (known) known.push(row);
      else rows.set(key, [row]);
    },
    choose() {
      const chosen = new Map<number, number>();
      const locales = new Map<string, number>();
      const drafts = new Set<number>();
      let editedDrafts = 0;
      let foreign = 0;
      for (const all of rows.values()) {
        const locale = localeOf(all, defaultLocale);
        const own = all.filter((row) => row.locale === locale);
        const published = own.find((row) => row.published);
        const draft = own.find((row) => !row.published);
        const row = published ?? draft;
        if (!row) continue;
        for (const { id } of all) chosen.set(id, row.id);
        if (draftAndPublish && !published) drafts.add(row.id);
        if (published && draft && draft.updatedAt > published.updatedAt) editedDrafts++;
        if (locale !== undefined && locale !== defaultLocale) foreign++;
        for (const other of new Set(all.map((one) => one.locale))) {
          if (other !== undefined && other !== locale) locales.set(other, (locales.get(other) ?? 0) + 1);
        }
      }
      return { chosen, count: rows.size, drafts, editedDrafts, locales, foreign };
    },
  };
}

function localeOf(rows: readonly Row[], defaultLocale: string | undefined): string | undefined {
  const locales = rows.flatMap(({ locale }) => locale ?? []).toSorted();
  return defaultLocale !== undefined && locales.includes(defaultLocale) ? defaultLocale : locales[0];
}
