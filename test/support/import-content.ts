import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inTransaction } from '../../src/database/retry.ts';
import type { DeclaredContentType } from '../../src/graphql/content-type/content-type.ts';
import { resolveContentTypes } from '../../src/graphql/content-type/resolve-content-types.ts';
import { openArchive } from '../../src/import/strapi/archive/open-archive.ts';
import { type ContentPlan, planContent } from '../../src/import/strapi/content/plan-content.ts';
import { writeContent } from '../../src/import/strapi/content/write-content.ts';
import { readProject } from '../../src/import/strapi/read-project.ts';
import type { TestServer } from './start.ts';
import { type ArchiveDescription, strapiArchive } from './strapi-archive.ts';

/** Plans the content of an archive, or of a path to one, and writes it unless there is an obstacle or `write` is false. */
export async function importContent(
  { database }: Pick<TestServer, 'database'>,
  declared: readonly DeclaredContentType[],
  project: string | ArchiveDescription,
  { write = true } = {},
): Promise<ContentPlan> {
  const { models, query, prisma } = database;
  const directory = mkdtempSync(join(tmpdir(), 'gatehouse-content-'));
  const path = typeof project === 'string' ? project : join(directory, 'export.tar.gz');
  if (typeof project !== 'string') writeFileSync(path, strapiArchive(project));
  const source = await openArchive(path);
  try {
    const contentTypes = resolveContentTypes(models, declared);
    const users = new Set((await prisma.user.findMany({ select: { id: true } })).map(({ id }) => id));
    const plan = await planContent(await readProject(source), { contentTypes, models, query, users });
    if (!write || plan.obstacles.length > 0) return plan;
    await inTransaction(
      prisma,
      (transaction) => writeContent(transaction, { source, plan, models, now: new Date(), onProgress: () => {} }),
      { maxWait: 5_000, timeout: 60_000 },
    );
    return plan;
  } finally {
    await source.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The losses of a plan, as lines. */
export const lossesOf = ({ losses }: ContentPlan): string[] => losses.map(({ what, count }) => `${count} ${what}`);

const TIME = '2026-01-02T03:04:05.678Z';

/** The schema of a type, as an archive has it. */
export function strapiSchema(name: string, attributes: Record<string, object>, further: object = {}) {
  return {
    uid: `api::${name}.${name}`,
    kind: 'collectionType',
    modelType: 'contentType',
    collectionName: `${name}s`,
    info: { singularName: name, pluralName: `${name}s` },
    options: { draftAndPublish: false },
    attributes,
    ...further,
  };
}

/** A relation's attribute. */
export const strapiRelation = (target: string) => ({ type: 'relation', relation: 'manyToOne', target });

/** A row of a type. */
export function strapiRow(type: string, id: number, data: object) {
  const times = { createdAt: TIME, updatedAt: TIME, publishedAt: TIME };
  return { type: `api::${type}.${type}`, id, data: { documentId: `${type}document${id}`, ...times, ...data } };
}

type End = readonly [type: string, field: string | null, ref: number];

/** A link between two rows, named by one side or both. */
export function strapiLink(left: End, right: End) {
  const end = ([type, field, ref]: End) => ({
    type: type.includes('::') ? type : `api::${type}.${type}`,
    ref,
    ...(field !== null && { field }),
  });
  return { kind: 'relation.basic', relation: 'manyToOne', left: end(left), right: end(right) };
}
