import { SERVER } from '../audit/actor.ts';
import { type Audit, type Target, userTarget } from '../audit/audit.ts';
import type { Clock } from '../common/clock.ts';
import { hashOf } from '../common/hash.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { MailRules } from '../mail/outbox/deliver-entry.ts';
import type { MailAccount, OutgoingMail } from '../mail/outbox/entries.ts';
import type { Attempts } from './attempts.ts';
import type { Codes } from './codes.ts';
import { deleteUnconfirmed } from './delete-unconfirmed.ts';
import { findDisownCode } from './disown-codes.ts';
import { identifierKey } from './identifiers.ts';
import type { ShortCodes } from './short-codes.ts';

export interface MailRuleOptions {
  readonly prisma: PrismaClient;
  readonly codes: Codes;
  readonly shortCodes: ShortCodes;
  readonly attempts: Attempts;
  readonly audit: Audit;
  readonly clock: Clock;
}

/** Decides which queued mails are still sent, and handles mails that could not be sent. */
export function createMailRules(
  options: MailRuleOptions,
): Pick<MailRules, 'wanted' | 'wantedWithoutAccount' | 'failed' | 'failedWithoutAccount'> {
  const { prisma, audit, attempts, clock } = options;
  return {
    async wanted(mail, attempt) {
      if (mail.code === undefined) return true;
      // A revoked code (replaced, or by a block or a password change) makes its mail useless.
      if (!(await isGood(options, mail, mail.code))) return false;
      if (mail.purpose !== 'changeEmail') return true;
      // Another account's address gets no mail, and mails to one address are rate limited.
      return (await isFree(options, mail)) && (attempt > 1 || attempts.mayMail(mail.to));
    },
    async wantedWithoutAccount({ code, to }, attempt) {
      if (code === undefined) return true;
      const where = { hash: hashOf(code), expiresAt: { gt: clock() } };
      if ((await prisma.invitation.count({ where })) === 0) return false;
      // Nobody is invited to what they have, and the inviter does not notice it.
      if ((await prisma.identifier.count({ where: { key: identifierKey(to) } })) > 0) return false;
      return attempt > 1 || attempts.mayMail(to);
    },
    async failed(kind, account, attempts) {
      const target = await targetOf(prisma, account);
      if (!target) return;
      await audit.record(prisma, SERVER, { event: 'mail.fail', target, after: { mail: kind, attempts } });
      if (kind === 'registration' && 'userId' in account) await deleteUnconfirmed({ prisma, audit }, account.userId);
    },
    async failedWithoutAccount(kind, to, attempts) {
      // Named as by the events that the mail is about.
      const target = { kind: 'user', documentId: null, name: to ?? null } as const;
      await audit.record(prisma, SERVER, { event: 'mail.fail', target, after: { mail: kind, attempts } });
    },
  };
}

async function isGood(
  { prisma, codes, shortCodes, clock }: MailRuleOptions,
  { account, purpose }: OutgoingMail,
  code: string,
): Promise<boolean> {
  if ('userId' in account) {
    if (purpose === 'loginCode') return shortCodes.isGood(prisma, account.userId, 'login', code);
    if (purpose === 'stepUpCode') return shortCodes.isGood(prisma, account.userId, 'stepUp', code);
    const found =
      purpose === 'newDevice'
        ? await findDisownCode(prisma, code, clock())
        : await codes.find(prisma, code, 'confirmEmail', 'resetPassword', 'changeEmail', 'invitation');
    return found?.userId === account.userId;
  }
  const where = { hash: hashOf(code), adminId: account.adminId, expiresAt: { gt: clock() } };
  return (await prisma.adminCode.count({ where })) > 0;
}

async function isFree({ prisma }: MailRuleOptions, { account, to }: OutgoingMail): Promise<boolean> {
  const other = await prisma.identifier.findUnique({ where: { key: identifierKey(to) }, select: { userId: true } });
  return !other || ('userId' in account && other.userId === account.userId);
}

async function targetOf(prisma: PrismaClient, account: MailAccount): Promise<Target | undefined> {
  if ('userId' in account) {
    const select = { documentId: true, username: true };
    const user = await prisma.user.findUnique({ where: { id: account.userId }, select });
    return user ? userTarget(user) : undefined;
  }
  const select = { documentId: true, email: true };
  const admin = await prisma.admin.findUnique({ where: { id: account.adminId }, select });
  return admin ? { kind: 'admin', documentId: admin.documentId, name: admin.email } : undefined;
}
