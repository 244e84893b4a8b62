import type { UserAccounts } from '../../accounts/accounts.ts';
import { faultsOfEmail, normalEmail } from '../../accounts/emails.ts';
import { lockUser } from '../../accounts/lock-account.ts';
import { isBlocked } from '../../authentication/viewer.ts';
import { invalidInput } from '../../common/errors.ts';
import { inTransaction } from '../../database/retry.ts';
import type { PreparedMail } from '../../mail/delivery.ts';
import type { Builder } from '../builder.ts';
import { codedMail } from './coded-mail.ts';
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
      resolve: async (_root, args, { origin }) => {
        await services.attempts.count('sendEmailConfirmation', origin);
        const faults = faultsOfEmail(args.email);
        if (faults.length > 0) throw invalidInput(faults);
        services.delivery.later('sendEmailConfirmation', () => mailCode(services, normalEmail(args.email)));
        return { ok: true };
      },
    }),
  );
}

async function mailCode(services: UserAccounts, email: string): Promise<PreparedMail | undefined> {
  const { prisma, attempts, codes, mails, clock } = services;
  if (!(await services.settings()).emailConfirmation) return undefined;
  const found = await prisma.user.findUnique({
    where: { email },
    select: { id: true, confirmed: true, blocked: true, blockedUntil: true },
  });
  if (!found || found.confirmed || isBlocked(found, clock()) || !(await attempts.mayMail(email))) return undefined;
  const code = await inTransaction(prisma, async (transaction) => {
    // What ends codes waits until this one is there, or was before it.
    const user = await lockUser(transaction, found.id);
    if (user?.email !== email || user.confirmed || isBlocked(user, clock())) return undefined;
    return codes.issue(transaction, user.id, 'confirmEmail');
  });
  if (code === undefined) return undefined;
  return codedMail(services, await mails.confirmEmail({ email }, code), code);
}
