import { lockPerson } from '../../accounts/lock-account.ts';
import { faultsOfGivenPassword, normalPassword } from '../../accounts/passwords.ts';
import { writtenPassword } from '../../accounts/public-password.ts';
import { endCredentialsOfUser } from '../../accounts/revoke-credentials.ts';
import { userTarget } from '../../audit/audit.ts';
import { actorOf } from '../../authentication/actor-of.ts';
import { badInput, invalidInput } from '../../common/errors.ts';
import { inTransaction } from '../../database/retry.ts';
import type { Builder } from '../builder.ts';
import { LOGIN_USER, loginPayload } from './login-payload.ts';
import { userOf } from './me.ts';
import { faultsOfTypedTwice } from './new-password.ts';
import type { AccountServices } from './services.ts';
import type { AccountTypes } from './types.ts';

export function addChangePassword(builder: Builder, types: AccountTypes, services: AccountServices): void {
  const { prisma, attempts, passwords, mails, delivery, audit, clock } = services;
  builder.mutationField('changePassword', (t) =>
    t.field({
      type: types.loginPayload,
      nullable: true,
      description: 'A new password for the user of the token. Every older token of that user dies.',
      authScopes: { action: 'auth.changePassword' },
      args: {
        currentPassword: t.arg.string({ required: true }),
        password: t.arg.string({ required: true }),
        passwordConfirmation: t.arg.string({ required: true }),
      },
      resolve: async (_root, { currentPassword, password, passwordConfirmation }, context) => {
        const viewer = userOf(context.viewer, 'auth.changePassword');
        const { id, username, email } = viewer.account;
        await attempts.count('changePassword', { address: context.origin.address, account: String(id) });
        const settings = await services.settings();
        const faults = [
          ...faultsOfGivenPassword(currentPassword, ['currentPassword']),
          ...faultsOfTypedTwice({ password, passwordConfirmation }, settings, [username, email]),
        ];
        if (faults.length > 0) throw invalidInput(faults);

        const checked = await prisma.user.findUnique({ where: { id }, select: { passwordHash: true } });
        if (!(await passwords.matches(currentPassword, checked?.passwordHash))) {
          throw badInput('The provided current password is invalid');
        }
        if (normalPassword(password) === normalPassword(currentPassword)) {
          throw badInput('Your new password must be different than your current password');
        }

        const written = await writtenPassword(passwords, password);
        const user = await inTransaction(prisma, async (transaction) => {
          // Only over the password that was checked: of two changes at the same moment, the first ends the other's session.
          await lockPerson(transaction, viewer, clock());
          await endCredentialsOfUser(transaction, id, 'newPassword');
          const user = await transaction.user.update({ where: { id }, data: written, select: LOGIN_USER });
          await audit.record(transaction, actorOf(context), { event: 'password.change', target: userTarget(user) });
          return user;
        });
        delivery.later('passwordChanged', async () => ({ mail: await mails.passwordChanged(user) }));
        return loginPayload(services, user, settings, context);
      },
    }),
  );
}
