import {
  type AdministrationServices,
  administer,
  type By,
  type Transaction,
} from '../../administration/administration.ts';
import type { ContentType } from '../../graphql/content-type/content-type.ts';
import type { ImportPlan } from '../accounts.ts';
import type { OnConflict } from '../name-conflicts.ts';
import { PlanNotes } from '../plan-notes.ts';
import { type WriteOptions, writeAccounts } from '../write-accounts.ts';
import { type PlannedAccounts, type PresentAccounts, planAccounts, readPresent } from './plan-accounts.ts';
import type { StrapiProject } from './project.ts';
import { ImportRefused } from './source.ts';

/** The content of a project, where it is imported with the accounts. */
export interface ContentToImport {
  readonly plan: ImportPlan;
  /** Writes the documents, when the users are there. @returns their number. */
  write(transaction: Transaction): Promise<number>;
}

export interface StrapiImportOptions {
  readonly contentTypes: readonly ContentType[];
  readonly onConflict: OnConflict;
  /** Plans the content for these ids of users; undefined: only accounts are imported. */
  readonly planContent?: ((users: ReadonlySet<number>) => Promise<ContentToImport>) | undefined;
}

/** A plan, and what it would write. */
export interface StrapiPlan extends ImportPlan {
  readonly accounts: PlannedAccounts;
  readonly content: ContentToImport | undefined;
  /** What the database had when it was planned. */
  readonly present: PresentAccounts;
}

/** Plans the import of a project. Nothing is written. */
export async function planStrapi(
  {
    prisma,
    tokenActions,
    sealProviderSecret,
  }: Pick<AdministrationServices, 'prisma' | 'tokenActions' | 'sealProviderSecret'>,
  project: StrapiProject,
  { contentTypes, onConflict, planContent }: StrapiImportOptions,
): Promise<StrapiPlan> {
  const present = await readPresent(prisma);
  const notes = new PlanNotes();
  const ours = { known: new Set<string>(tokenActions.all), contentTypes, schemas: project.schemas };
  const accounts = planAccounts(project, {
    present,
    ours,
    onConflict,
    keepsSecrets: sealProviderSecret !== undefined,
    notes,
  });
  const content = await planContent?.(accounts.users.ids);
  if (!content) sayWhatContentThereIs(project, notes);
  return {
    accounts,
    content,
    present,
    lines: [...notes.lines, ...(content?.plan.lines ?? [])],
    losses: [...notes.losses, ...(content?.plan.losses ?? [])],
    obstacles: [...notes.obstacles, ...(content?.plan.obstacles ?? [])],
  };
}

/** A million users take some minutes. */
const TIMEOUT = 2 * 3_600_000;

/**
 * Carries out a plan without obstacles: all of it or nothing, in one transaction with its audit event.
 *
 * @throws ImportRefused when somebody changed roles, users or API tokens since it was planned.
 */
export async function importStrapi(
  { prisma, audit, sealProviderSecret }: Pick<AdministrationServices, 'prisma' | 'audit' | 'sealProviderSecret'>,
  by: By,
  plan: StrapiPlan,
  { onProgress }: Pick<WriteOptions, 'onProgress'> = {},
): Promise<void> {
  if (plan.obstacles.length > 0) throw new ImportRefused(plan.obstacles.join('\n'));
  await administer(
    prisma,
    by,
    async (transaction) => {
      // Nobody registers meanwhile: the ids of the new users are taken.
      await transaction.$executeRaw`LOCK TABLE "users" IN SHARE ROW EXCLUSIVE MODE`;
      if (JSON.stringify(await readPresent(transaction)) !== JSON.stringify(plan.present)) {
        throw new ImportRefused(
          'Users, roles or API tokens were changed meanwhile. Nothing was imported. Start again.',
        );
      }
      const written = await writeAccounts(transaction, plan.accounts, { sealSecret: sealProviderSecret, onProgress });
      const documents = (await plan.content?.write(transaction)) ?? 0;
      await audit.record(transaction, by.actor, {
        event: 'import.strapi',
        target: { kind: 'import', documentId: null, name: 'strapi' },
        after: { ...written, documents, losses: plan.losses.length },
      });
    },
    { timeout: TIMEOUT },
  );
}

function sayWhatContentThereIs({ rows, assets }: StrapiProject, notes: PlanNotes): void {
  const content = [...rows].filter(([uid]) => uid.startsWith('api::'));
  const total = content.reduce((sum, [, count]) => sum + count, 0);
  if (total > 0) notes.say(`Content does not come without --content: ${total} rows of ${content.length} types.`);
  if (assets > 0) notes.say(`Files of media do not come: ${assets}.`);
}
