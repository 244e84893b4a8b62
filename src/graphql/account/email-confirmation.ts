import { readSettings } from '../../database/settings.ts';
import { badInput } from '../../errors.ts';
import type { Builder } from '../builder.ts';
import { LOGIN_USER, loginPayload } from './login-payload.ts';
import type { AccountServices } from './services.ts';
import type { AccountTypes } from './types.ts';

export function addEmailConfirmation(builder: Builder, types: AccountTypes, services: AccountServices): void {
  const { prisma, attempts, codes } = services;
  builder.mutationField('emailConfirmation', (t) =>
    t.field({
      type: types.loginPayload,
      nullable: true,
      description: 'Confirms the e-mail of who holds the mailed code.',
      authScopes: { action: 'auth.emailConfirmation' },
      args: { confirmation: t.arg.string({ required: true }) },
      resolve: async (_root, { confirmation }, context) => {
        await attempts.count('emailConfirmation', context.origin);
        const user = await prisma.$transaction(async (transaction) => {
          const id = await codes.use(transaction, confirmation, 'confirmEmail');
          if (id === undefined) throw badInput('Invalid token');
          return transaction.user.update({ where: { id }, data: { confirmed: true }, select: LOGIN_USER });
        });
        return loginPayload(services, user, await readSettings(prisma), context);
      },
    }),
  );
}
