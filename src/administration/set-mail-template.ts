import { difference } from '../audit/audit.ts';
import { applicationError, refuse } from '../common/errors.ts';
import type { MailPurpose } from '../generated/prisma/client.ts';
import { MailFailure } from '../mail/mailer.ts';
import { faultsOfTemplate, MAILS, type Template } from '../mail/templates.ts';
import { type AdministrationServices, administer, type By } from './administration.ts';

/** Sets other words for a mail; without any, restores the built-in ones. */
export async function setMailTemplate(
  { prisma, audit }: AdministrationServices,
  by: By,
  purpose: MailPurpose,
  words: Template | undefined,
): Promise<void> {
  if (words) refuse(faultsOfTemplate(purpose, words));
  await administer(prisma, by, async (transaction) => {
    const before = (await transaction.mailTemplate.findUnique({ where: { purpose } })) ?? MAILS[purpose].template;
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

function wordsOf({ subject, text, html }: Template) {
  return { subject, text, html };
}
