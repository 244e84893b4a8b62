import { faultsOfEmail, normalEmail } from '../../authentication/emails.ts';
import { invalidInput } from '../../errors.ts';
import type { PreparedMail } from '../../mail/delivery.ts';
import type { Builder } from '../builder.ts';
import { codedMail } from './coded-mail.ts';
import type { AccountServices } from './services.ts';
import type { AccountTypes } from './types.ts';

export function addForgotPassword(builder: Builder, types: AccountTypes, services: AccountServices): void {
  builder.mutationField('forgotPassword', (t) =>
    t.field({
      type: types.passwordPayload,
      nullable: true,
      description: 'Mails a link to choose a new password, if there is such an account. The answer does not tell.',
      authScopes: { action: 'auth.forgotPassword' },
      args: { email: t.arg.string({ required: true }) },
      resolve: async (_root, args, { origin }) => {
        await services.attempts.count('forgotPassword', origin);
        const faults = faultsOfEmail(args.email);
        if (faults.length > 0) throw invalidInput(faults);
        // Looked up, written and mailed after the answer: whatever that takes, and however it ends, the answer is the same.
        services.delivery.later('forgotPassword', () => mailCode(services, normalEmail(args.email)));
        return { ok: true };
      },
    }),
  );
}

async function mailCode(services: AccountServices, email: string): Promise<PreparedMail | undefined> {
  const { prisma, attempts, codes, mails } = services;
  const user = await prisma.user.findUnique({
    where: { email },
    select: { id: true, email: true, blocked: true },
  });
  if (!user || user.blocked || !(await attempts.mayMail(email))) return undefined;
  const code = await codes.issue(prisma, user.id, 'resetPassword');
  return codedMail(services, await mails.resetPassword(user, code), code);
}
