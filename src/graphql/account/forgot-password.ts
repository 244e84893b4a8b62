import type { UserAccounts } from '../../accounts/accounts.ts';
import { faultsOfEmail, normalEmail } from '../../accounts/emails.ts';
import { lockUser } from '../../accounts/lock-account.ts';
import { userTarget } from '../../audit/audit.ts';
import { actorOf } from '../../authentication/actor-of.ts';
import { isBlocked } from '../../authentication/viewer.ts';
import { invalidInput } from '../../common/errors.ts';
import { inTransaction } from '../../database/retry.ts';
import type { MailRequest } from '../../mail/outbox/entries.ts';
import type { Builder } from '../builder.ts';
import type { AccountTypes } from './types.ts';

export function addForgotPassword(builder: Builder, types: AccountTypes, services: UserAccounts): void {
  builder.mutationField('forgotPassword', (t) =>
    t.field({
      type: types.passwordPayload,
      nullable: true,
      description: 'Mails a link to choose a new password, if there is such an account. The answer does not tell.',
      authScopes: { action: 'auth.forgotPassword' },
      args: { email: t.arg.string({ required: true }) },
      resolve: async (_root, args, context) => {
        await services.attempts.count('forgotPassword', context.origin);
        const faults = faultsOfEmail(args.email);
        if (faults.length > 0) throw invalidInput(faults);
        // One row, whether or not there is such a user. What comes of it, after the answer, the answer does not tell.
        const request = { email: normalEmail(args.email), actor: actorOf(context) };
        await services.outbox.request(services.prisma, 'forgotPassword', request);
        return { ok: true };
      },
    }),
  );
}

/** Mails a code to who forgot a password, if there is such a user. */
export async function requestPasswordCode(services: UserAccounts, { email, actor }: MailRequest): Promise<void> {
  const { prisma, attempts, codes, outbox, audit, clock } = services;
  const found = await prisma.user.findUnique({
    where: { email },
    select: { id: true, blocked: true, blockedUntil: true },
  });
  if (!found || isBlocked(found, clock()) || !(await attempts.mayMail(email))) return;
  await inTransaction(prisma, async (transaction) => {
    // What ends codes waits until this one is there, or was before it.
    const user = await lockUser(transaction, found.id);
    if (user?.email !== email || isBlocked(user, clock())) return;
    const code = await codes.issue(transaction, user.id, 'resetPassword');
    await outbox.enqueue(transaction, { purpose: 'resetPassword', to: email, account: { userId: user.id }, code });
    await audit.record(transaction, actor, { event: 'password.request', target: userTarget(user) });
  });
}
