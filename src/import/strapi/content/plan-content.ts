import type { Models } from '../../../database/models.ts';
import type { Query } from '../../../database/open.ts';
import type { ContentType } from '../../../graphql/content-type/content-type.ts';
import type { ImportPlan, Loss } from '../../accounts.ts';
import type { StrapiProject } from '../project.ts';
import type { UnplacedAttribute } from './matched-type.ts';
import { type ResolvedContent, resolveLinks } from './resolve-links.ts';
import { type ContentSurvey, type SurveyedType, surveyContent } from './survey.ts';
import { isEmptyTable } from './tables.ts';

/** What an import of content would do, and what is needed to do it. */
export interface ContentPlan extends ImportPlan {
  readonly survey: ContentSurvey;
  readonly resolved: ResolvedContent;
}

export interface ContentTarget {
  readonly contentTypes: readonly ContentType[];
  readonly models: Models;
  readonly query: Query;
  /** The ids of the users that are there once the accounts are imported. */
  readonly users: ReadonlySet<number>;
}

/**
 * Plans the import of the documents of all types whose names match. Nothing is written.
 *
 * @throws ImportRefused for a damaged project.
 */
export async function planContent(
  project: StrapiProject,
  { contentTypes, models, query, users }: ContentTarget,
): Promise<ContentPlan> {
  const survey = await surveyContent(project, contentTypes, models);
  const resolved = resolveLinks(survey, users);
  const obstacles: string[] = [];
  for (const { matched, count } of survey.types) {
    if (count > 0 && !(await isEmptyTable(query, matched.type.table))) {
      obstacles.push(
        `There are documents of ${matched.type.name} already. Content is imported into empty tables only.`,
      );
    }
  }
  return {
    survey,
    resolved,
    obstacles,
    lines: survey.types.flatMap((type) => linesOf(type, resolved)),
    losses: [
      ...survey.types.flatMap((type) => lossesOf(type, resolved)),
      ...resolved.links.flatMap(({ type, relation, lost, reordered }): Loss[] => [
        {
          what: `links of ${type.uid}.${relation.name} to a document that is not imported, or beside another one`,
          count: lost,
        },
        {
          what: `documents of ${type.uid} whose ${relation.name} had an order of their own: here lists are sorted by query`,
          count: reordered,
        },
      ]),
      ...[...survey.lostLinks].map(([name, count]) => ({
        what: `links of ${name}, which has no relation here`,
        count,
      })),
      ...[...project.unreadLinks].map(([name, count]) => ({
        what: `links of ${name}, which are not as Strapi writes them`,
        count,
      })),
      ...[...project.mediaLinks].map(([name, count]) => ({ what: `links to media in ${name}`, count })),
      ...[...survey.unmatched].map(([uid, count]) => ({
        what: `rows of ${uid}, which is no content type here`,
        count,
      })),
      { what: 'files of media', count: project.assets },
    ].filter(({ count }) => count > 0),
  };
}

function linesOf({ matched, count, drafts, foreign }: SurveyedType, { leftOut }: ResolvedContent): string[] {
  const without = leftOut.get(matched.uid);
  const written = count - (without?.size ?? 0);
  const unpublished = [...drafts].filter((id) => !without?.has(id)).length;
  const readable = matched.columns.filter(({ becomesReadable }) => becomesReadable).map(({ name }) => name);
  return [
    `${matched.uid}: ${documents(written)}${unpublished > 0 ? `, ${unpublished} of them drafts, with publishedAt null` : ''}`,
    ...(foreign > 0 ? [`${matched.uid}: ${documents(foreign)} in another locale than the default one`] : []),
    ...readable.map((name) => `${matched.uid}.${name} is private in Strapi. Here clients that can find it can read it`),
  ];
}

function documents(count: number): string {
  return count === 1 ? '1 document' : `${count} documents`;
}

function lossesOf({ matched, ...survey }: SurveyedType, { leftOut }: ResolvedContent): Loss[] {
  const { uid } = matched;
  const reasons = Map.groupBy(leftOut.get(uid)?.values() ?? [], (reason) => reason);
  return [
    ...[...reasons].map(([reason, { length }]) => ({ what: `documents of ${uid}: each ${reason}`, count: length })),
    ...matched.columns.flatMap(({ name }) =>
      [...(survey.faults.get(name) ?? [])].map(([fault, count]) => ({
        what: `values of ${uid}.${name} ${fault}`,
        count,
      })),
    ),
    ...matched.unplaced.map(({ name, kind }) => ({
      what: `values of ${uid}.${name}, ${whyUnplaced(kind)}`,
      count: survey.unplaced.get(name) ?? 0,
    })),
    { what: `drafts of ${uid} that were edited after they were published`, count: survey.editedDrafts },
    ...[...survey.locales].map(([locale, count]) => ({
      what: `versions of ${uid} in the locale ${inWords(locale)}`,
      count,
    })),
  ];
}

function whyUnplaced(kind: UnplacedAttribute['kind']): string {
  if (kind === 'component') return 'a component or dynamic zone';
  return kind === 'password' ? 'a password' : 'which has no column here';
}

/** A locale is a text of the project: only what looks like one is repeated. */
function inWords(locale: string): string {
  return /^[\w-]{1,20}$/.test(locale) ? locale : 'of an unknown name';
}
