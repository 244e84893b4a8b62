import { faultsOfEmail, normalEmail } from '../../authentication/emails.ts';
import { isBlocked } from '../../authentication/viewer.ts';
import { invalidInput } from '../../errors.ts';
import type { PreparedMail } from '../../mail/delivery.ts';
import type { Builder } from '../builder.ts';
import { codedMail } from './coded-mail.ts';
import type { AccountServices } from './services.ts';
import type { AccountTypes } from './types.ts';

export function addSendEmailConfirmation(builder: Builder, types: AccountTypes, services: AccountServices): void {
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

async function mailCode(services: AccountServices, email: string): Promise<PreparedMail | undefined> {
  const { prisma, attempts, codes, mails, clock } = services;
  if (!(await services.settings()).emailConfirmation) return undefined;
  const user = await prisma.user.findUnique({
    where: { email },
    select: { id: true, email: true, confirmed: true, blocked: true, blockedUntil: true },
  });
  if (!user || user.confirmed || isBlocked(user, clock()) || !(await attempts.mayMail(email))) return undefined;
  const code = await codes.issue(prisma, user.id, 'confirmEmail');
  return codedMail(services, await mails.confirmEmail(user, code), code);
}
