import type { UserAccounts } from '../../accounts/accounts.ts';
import { faultsOfEmail, normalEmail } from '../../accounts/emails.ts';
import { lockUser } from '../../accounts/lock-account.ts';
import { userTarget } from '../../audit/audit.ts';
import { actorOf } from '../../authentication/actor-of.ts';
import { isBlocked } from '../../authentication/viewer.ts';
import { invalidInput } from '../../common/errors.ts';
import { inTransaction } from '../../database/retry.ts';
import type { PreparedMail } from '../../mail/delivery.ts';
import type { Builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { codedMail } from './coded-mail.ts';
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
        // Looked up, written and mailed after the answer: whatever that takes, and however it ends, the answer is the same.
        services.delivery.later('forgotPassword', () => mailCode(services, normalEmail(args.email), context));
        return { ok: true };
      },
    }),
  );
}

async function mailCode(services: UserAccounts, email: string, context: Context): Promise<PreparedMail | undefined> {
  const { prisma, attempts, codes, mails, audit, clock } = services;
  const found = await prisma.user.findUnique({
    where: { email },
    select: { id: true, blocked: true, blockedUntil: true },
  });
  if (!found || isBlocked(found, clock()) || !(await attempts.mayMail(email))) return undefined;
  const code = await inTransaction(prisma, async (transaction) => {
    // What ends codes waits until this one is there, or was before it.
    const user = await lockUser(transaction, found.id);
    if (user?.email !== email || isBlocked(user, clock())) return undefined;
    const issued = await codes.issue(transaction, user.id, 'resetPassword');
    await audit.record(transaction, actorOf(context), { event: 'password.request', target: userTarget(user) });
    return issued;
  });
  if (code === undefined) return undefined;
  return codedMail(services, await mails.resetPassword({ email }, code), code);
}
