import type { UserAccounts } from '../../accounts/accounts.ts';
import { faultsOfEmail, normalEmail } from '../../accounts/emails.ts';
import { lockUser } from '../../accounts/lock-account.ts';
import { actorOf } from '../../authentication/actor-of.ts';
import { isBlocked } from '../../authentication/viewer.ts';
import { invalidInput } from '../../common/errors.ts';
import { inTransaction } from '../../database/retry.ts';
import type { MailRequest } from '../../mail/outbox/entries.ts';
import type { Builder } from '../builder.ts';
import type { AccountTypes } from './types.ts';

export function addSendEmailConfirmation(builder: Builder, types: AccountTypes, services: UserAccounts): void {
  builder.mutationField('sendEmailConfirmation', (t) =>
    t.field({
      type: types.passwordPayload,
      nullable: true,
      description:
        'Mails the link to confirm an address once more, if there is an account that waits for it. The answer does not tell.',
      authScopes: { action: 'auth.sendEmailConfirmation' },
      args: { email: t.arg.string({ required: true }) },
      resolve: async (_root, args, context) => {
        await services.attempts.count('sendEmailConfirmation', context.origin);
        const faults = faultsOfEmail(args.email);
        if (faults.length > 0) throw invalidInput(faults);
        const request = { email: normalEmail(args.email), actor: actorOf(context) };
        await services.outbox.request(services.prisma, 'sendEmailConfirmation', request);
        return { ok: true };
      },
    }),
  );
}

/** Mails the code that confirms an address, if there is an account that waits for it. */
export async function requestConfirmationCode(services: UserAccounts, { email }: MailRequest): Promise<void> {
  const { prisma, attempts, codes, outbox, clock } = services;
  if (!(await services.settings()).emailConfirmation) return;
  const found = await prisma.user.findUnique({
    where: { email },
    select: { id: true, confirmed: true, blocked: true, blockedUntil: true },
  });
  if (!found || found.confirmed || isBlocked(found, clock()) || !(await attempts.mayMail(email))) return;
  await inTransaction(prisma, async (transaction) => {
    // What ends codes waits until this one is there, or was before it.
    const user = await lockUser(transaction, found.id);
    if (user?.email !== email || user.confirmed || isBlocked(user, clock())) return;
    const code = await codes.issue(transaction, user.id, 'confirmEmail');
    await outbox.enqueue(transaction, { purpose: 'confirmEmail', to: email, account: { userId: user.id }, code });
  });
}
