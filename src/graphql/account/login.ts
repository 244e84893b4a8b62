import { faultsOfEmpty } from '../../accounts/blank.ts';
import { identifierKey } from '../../accounts/identifiers.ts';
import { faultsOfGivenPassword } from '../../accounts/passwords.ts';
import { rewrittenPassword } from '../../accounts/public-password.ts';
import { isBlocked } from '../../authentication/viewer.ts';
import { ApiError, applicationError, badInput, invalidInput } from '../../common/errors.ts';
import type { Builder } from '../builder.ts';
import { LOGIN_USER, loginPayload } from './login-payload.ts';
import type { AccountServices } from './services.ts';
import type { AccountTypes } from './types.ts';

export function addLogin(builder: Builder, types: AccountTypes, services: AccountServices): void {
  const input = builder.inputType('UsersPermissionsLoginInput', {
    fields: (t) => ({
      identifier: t.string({ required: true, description: 'E-mail or username, in any case.' }),
      password: t.string({ required: true }),
      provider: t.string({ required: true, defaultValue: 'local' }),
    }),
  });

  builder.mutationField('login', (t) =>
    t.field({
      type: types.loginPayload,
      nullable: true,
      description: 'A token for who knows the password.',
      authScopes: { action: 'auth.login' },
      args: { input: t.arg({ type: input, required: true }) },
      resolve: async (_root, { input: { identifier, password, provider } }, context) => {
        await services.attempts.count('login', { address: context.origin.address, account: identifier });
        if (provider !== 'local') throw applicationError('This provider is disabled');
        const faults = [...faultsOfEmpty({ identifier }), ...faultsOfGivenPassword(password, ['password'])];
        if (faults.length > 0) throw invalidInput(faults);

        const user = await find(services, identifier);
        const { same, outdated } = await services.passwords.compare(password, user?.passwordHash);
        services.onLogin(user && same ? 'accepted' : 'refused');
        if (!user || !same) throw badInput('Invalid identifier or password');

        // Only who knows the password comes this far, and may learn what is the matter with the account.
        if (isBlocked(user, services.clock())) {
          throw new ApiError('UNAUTHENTICATED', 'Your account has been blocked by an administrator');
        }
        const settings = await services.settings();
        if (!user.confirmed && settings.emailConfirmation) {
          throw applicationError('Your account email is not confirmed');
        }
        if (outdated) await renewHash(services, user, password);
        return loginPayload(services, user, settings, context);
      },
    }),
  );
}

/** Only now the password is there to be hashed as one is hashed today. */
async function renewHash(
  { prisma, passwords }: AccountServices,
  { id, passwordHash }: { readonly id: number; readonly passwordHash: string },
  password: string,
): Promise<void> {
  const renewed = await rewrittenPassword(passwords, password);
  // Only over the hash that was compared: the password may have been changed in the meantime.
  await prisma.user.updateMany({ where: { id, passwordHash }, data: renewed });
}

async function find({ prisma }: AccountServices, identifier: string) {
  const found = await prisma.identifier.findUnique({
    where: { key: identifierKey(identifier) },
    select: { user: { select: { ...LOGIN_USER, passwordHash: true } } },
  });
  return found?.user;
}
