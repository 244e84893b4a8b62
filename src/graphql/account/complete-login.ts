import type { UserAccounts } from '../../accounts/accounts.ts';
import {
  type CompletePendingLoginInput,
  completePendingLogin,
} from '../../accounts/second-factors/complete-pending-login.ts';
import type { DynamicBuilder } from '../content-type/content-schema.ts';
import { loginPayload } from './login-payload.ts';
import type { AccountTypes } from './types.ts';

export const COMPLETE_LOGIN =
  'Completes a login that was refused with `SECOND_FACTOR_REQUIRED`. A challenge completes one login, within five minutes and five tries.';

/** Adds the input of `completeLogin`, which is the same on both endpoints. */
export function completeLoginInput(builder: DynamicBuilder) {
  return builder.inputRef<CompletePendingLoginInput>('CompleteLoginInput').implement({
    description: 'The challenge, and exactly one second factor of those that the error lists in `methods`.',
    fields: (t) => ({
      challenge: t.string({ required: true, description: 'The challenge of the error.' }),
      totp: t.string({ description: 'A code of the app: six digits. It works once.' }),
      backupCode: t.string({ description: 'A backup code, in any case. It works once.' }),
      passkey: t.field({
        type: 'JSON',
        description: 'What the browser returned for the `passkeyOptions` of the purpose `LOGIN`.',
      }),
    }),
  });
}

/** Adds `completeLogin` for users. */
export function addCompleteLogin(builder: DynamicBuilder, types: AccountTypes, accounts: UserAccounts): void {
  const input = completeLoginInput(builder);
  builder.mutationField('completeLogin', (t) =>
    t.field({
      type: types.loginPayload,
      nullable: true,
      description: COMPLETE_LOGIN,
      authScopes: { action: 'auth.completeLogin' },
      args: { input: t.arg({ type: input, required: true }) },
      resolve: async (_root, { input }, context) =>
        loginPayload(await completePendingLogin(accounts, input, context), context.refreshCookie),
    }),
  );
}
