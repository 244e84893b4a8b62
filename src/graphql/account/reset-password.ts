import type { UserAccounts } from '../../accounts/accounts.ts';
import { faultsOfEmpty } from '../../accounts/blank.ts';
import { letIn } from '../../accounts/let-in.ts';
import { lockUser } from '../../accounts/lock-account.ts';
import { faultsOfTypedTwice } from '../../accounts/new-password.ts';
import { writtenPassword } from '../../accounts/public-password.ts';
import { USER } from '../../accounts/realms/users.ts';
import { endCredentialsOfUser } from '../../accounts/revoke-credentials.ts';
import { byUser } from '../../audit/actor.ts';
import { userTarget } from '../../audit/audit.ts';
import { badInput, invalidInput } from '../../common/errors.ts';
import { inTransaction } from '../../database/retry.ts';
import type { Builder } from '../builder.ts';
import { loginPayload } from './login-payload.ts';
import type { AccountTypes } from './types.ts';

export function addResetPassword(builder: Builder, types: AccountTypes, services: UserAccounts): void {
  const { prisma, attempts, codes, passwords, outbox, audit } = services;
  builder.mutationField('resetPassword', (t) =>
    t.field({
      type: types.loginPayload,
      nullable: true,
      description: 'A new password for who holds the mailed code. Every older token of that user dies.',
      authScopes: { action: 'auth.resetPassword' },
      args: {
        code: t.arg.string({ required: true }),
        password: t.arg.string({ required: true }),
        passwordConfirmation: t.arg.string({ required: true }),
      },
      resolve: async (_root, { code, password, passwordConfirmation }, context) => {
        await attempts.count('resetPassword', { address: context.origin.address, account: code });
        const settings = await services.settings();
        const { passwordMinLength: minLength } = settings;
        const faults = [
          ...faultsOfEmpty({ code }),
          ...faultsOfTypedTwice({ password, passwordConfirmation }, { minLength, names: [] }),
        ];
        if (faults.length > 0) throw invalidInput(faults);
        // Looked at before the costly hash, so that guessing costs us little; used up after it, so that it works once.
        const found = await codes.find(prisma, code, ...PURPOSES);
        const owner =
          found &&
          (await prisma.user.findUnique({ where: { id: found.userId }, select: { username: true, email: true } }));
        if (!owner) throw incorrectCode();
        // Only who holds the code learns whose it is.
        const names = [owner.username, owner.email];
        const own = faultsOfTypedTwice({ password, passwordConfirmation }, { minLength, names });
        if (own.length > 0) throw invalidInput(own);
        const written = await writtenPassword(passwords, password);

        const user = await inTransaction(prisma, async (transaction) => {
          // The user first, as for everybody who ends codes: two that wait for each other would be ended by the database.
          const id = (await lockUser(transaction, found.userId))?.id;
          if (id === undefined || !(await codes.use(transaction, code, ...PURPOSES))) throw incorrectCode();
          // Who asked for another address before may be whom the password is changed against.
          await endCredentialsOfUser(transaction, id, 'newPassword');
          const user = await transaction.user.update({ where: { id }, data: written, select: USER });
          await outbox.enqueue(transaction, { purpose: 'passwordChanged', to: user.email, account: { userId: id } });
          await audit.record(transaction, byUser(user, context), { event: 'password.reset', target: userTarget(user) });
          return user;
        });
        return loginPayload(await letIn(services, user, settings, context), context.refreshCookie);
      },
    }),
  );
}

/** Codes that a password is chosen with. */
const PURPOSES = ['resetPassword', 'invitation'] as const;

function incorrectCode() {
  return badInput('Incorrect code provided');
}
