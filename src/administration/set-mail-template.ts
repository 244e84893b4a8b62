import { difference } from '../audit/audit.ts';
import { applicationError, type Fault, refuse } from '../common/errors.ts';
import type { MailPurpose } from '../generated/prisma/client.ts';
import { MailFailure } from '../mail/mailer.ts';
import { faultsOfTemplate, MAILS, type Template } from '../mail/templates.ts';
import { type AdministrationServices, administer, type By } from './administration.ts';

/**
 * Sets other words for a mail; without any, restores the built-in ones.
 *
 * @param was what the words must still be.
 */
export async function setMailTemplate(
  { prisma, audit }: AdministrationServices,
  by: By,
  purpose: MailPurpose,
  words: Template | undefined,
  was?: Template,
): Promise<void> {
  if (words) refuse(faultsOfTemplate(purpose, words));
  await administer(prisma, by, async (transaction) => {
    // Two who set the first own words of a mail have no row to wait for each other at.
    await transaction.$executeRaw`LOCK TABLE "mail_templates" IN SHARE ROW EXCLUSIVE MODE`;
    const before = (await transaction.mailTemplate.findUnique({ where: { purpose } })) ?? MAILS[purpose].template;
    if (was) refuse(faultsOfChanged(wordsOf(before), was));
    if (words)
      await transaction.mailTemplate.upsert({ where: { purpose }, create: { purpose, ...words }, update: words });
    else await transaction.mailTemplate.deleteMany({ where: { purpose } });
    const changed = difference(wordsOf(before), wordsOf(words ?? MAILS[purpose].template));
    if (!changed) return;
    const target = { kind: 'mailTemplate', documentId: null, name: purpose } as const;
    await audit.record(transaction, by.actor, {
      event: words ? 'mailTemplate.set' : 'mailTemplate.reset',
      target,
      ...changed,
    });
  });
}

/** Sends a mail in the words that are in use, with values that are made up. */
export async function sendTestMail(
  { prisma, audit, mails, sendNow }: AdministrationServices,
  by: By,
  purpose: MailPurpose,
  to: string,
): Promise<void> {
  try {
    await sendNow(await mails.sample(purpose, to));
  } catch (error) {
    if (!(error instanceof MailFailure)) throw error;
    // An administrator is allowed to know why. The reason contains no address.
    throw applicationError(error.message);
  }
  const target = { kind: 'mailTemplate', documentId: null, name: purpose } as const;
  await audit.record(prisma, by.actor, { event: 'mailTemplate.test', target });
}

/** The texts that are not as somebody read them. */
function faultsOfChanged(now: Template, was: Template): Fault[] {
  return (['subject', 'text', 'html'] as const)
    .filter((name) => was[name] !== now[name])
    .map((name) => ({ path: ['was', name], message: `${name} was changed meanwhile: read it again` }));
}

function wordsOf({ subject, text, html }: Template) {
  return { subject, text, html };
}
