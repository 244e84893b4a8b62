import { lockAdministrator } from '../accounts/lock-account.ts';
import type { AskedBy } from '../authentication/actor-of.ts';
import type { AdminViewer } from '../authentication/viewer.ts';
import { refuse } from '../common/errors.ts';
import { inTransaction } from '../database/retry.ts';
import type { AdministrationServices } from './administration.ts';

/** Who else has a form open. */
export interface FormEditor {
  readonly documentId: string;
  readonly name: string;
  /** Whether something in it is not saved. */
  readonly changed: boolean;
  readonly since: Date;
}

/** Milliseconds for which a form counts as open after the last word of its client. */
export const OPEN_FORM_LIFESPAN = 90_000;
/** Forms of one administrator that are kept at a time: another one takes the place of the one that ends first. */
const MAX_FORMS = 20;
/** Others that are named. */
const MAX_EDITORS = 10;
/** Printable ASCII, as in an address; the database has the same limit. */
const NAME = /^[\x21-\x7e]{1,200}$/;

type Services = Pick<AdministrationServices, 'prisma' | 'clock'>;

/**
 * Notes for ninety seconds that the administrator has a form open. It changes nothing that is administered, so there is no audit event.
 *
 * @returns the others who have it open: those with something unsaved first, then by when they opened it.
 * @throws ApiError BAD_USER_INPUT for a name that is none.
 */
export async function keepFormOpen(
  { prisma, clock }: Services,
  { form, changed }: { readonly form: string; readonly changed: boolean },
  { viewer }: AskedBy<AdminViewer>,
): Promise<readonly FormEditor[]> {
  refuseName(form);
  return inTransaction(prisma, async (transaction) => {
    const { id: adminId } = await lockAdministrator(transaction, viewer);
    const now = clock();
    const expiresAt = new Date(now.getTime() + OPEN_FORM_LIFESPAN);
    const place = { form_adminId: { form, adminId } };
    const before = await transaction.openForm.findUnique({ where: place, select: { openedAt: true, expiresAt: true } });
    // What ended was closed, though it may still be in the table.
    const openedAt = before && before.expiresAt > now ? before.openedAt : now;
    const kept = { changed, openedAt, expiresAt };
    await transaction.openForm.upsert({ where: place, create: { form, adminId, ...kept }, update: kept });
    const surplus = await transaction.openForm.findMany({
      where: { adminId, NOT: { form } },
      orderBy: [{ expiresAt: 'desc' }, { form: 'asc' }],
      skip: MAX_FORMS - 1,
      select: { form: true },
    });
    if (surplus.length > 0) {
      await transaction.openForm.deleteMany({ where: { adminId, form: { in: surplus.map((one) => one.form) } } });
    }
    const others = await transaction.openForm.findMany({
      where: { form, expiresAt: { gt: now }, NOT: { adminId } },
      orderBy: [{ changed: 'desc' }, { openedAt: 'asc' }, { adminId: 'asc' }],
      take: MAX_EDITORS,
      select: { changed: true, openedAt: true, admin: { select: { documentId: true, name: true } } },
    });
    return others.map((other) => ({ ...other.admin, changed: other.changed, since: other.openedAt }));
  });
}

/** Notes that the administrator has closed a form. */
export async function closeForm({ prisma }: Services, form: string, { viewer }: AskedBy<AdminViewer>): Promise<void> {
  refuseName(form);
  await prisma.openForm.deleteMany({ where: { form, adminId: viewer.admin.id } });
}

function refuseName(form: string): void {
  if (NAME.test(form)) return;
  refuse([
    {
      path: ['form'],
      message: 'form must have 1 to 200 characters, as an address has them: printable ASCII, no spaces',
    },
  ]);
}
