import type { AdminAccounts, UserAccounts } from '../../accounts/accounts.ts';
import { sendStepUpCode } from '../../accounts/send-step-up-code.ts';
import { type StepUpInput, stepUp } from '../../accounts/step-up.ts';
import { askedByAdministrator, askedByUser } from '../../authentication/asked-by.ts';
import type { DynamicBuilder } from '../content-type/content-schema.ts';
import type { Context } from '../context.ts';
import type { AccountTypes } from './types.ts';

/** What a proof is good for, at the end of the description of each field that asks for one. */
const MEANING =
  'Sensitive acts need a proof that is ten minutes old at most, of the same session, and are refused with `STEP_UP_REQUIRED` otherwise. A login is one, a refresh is none.';

/** Adds `stepUp` and `sendStepUpCode` for users. */
export function addStepUp(builder: DynamicBuilder, { passwordPayload }: AccountTypes, accounts: UserAccounts): void {
  addTo(builder, 'auth.stepUp', (input, context) => stepUp(accounts, input, askedByUser(context, 'auth.stepUp')), {
    ofUsers: true,
  });
  builder.mutationField('sendStepUpCode', (t) =>
    t.field({
      type: passwordPayload,
      nullable: true,
      description:
        'Mails a code for `stepUp` to the address of the account of the token, if it has neither a password nor a second factor.',
      authScopes: { action: 'auth.stepUp' },
      resolve: async (_root, _args, context) => {
        await sendStepUpCode(accounts, askedByUser(context, 'auth.stepUp'));
        return { ok: true };
      },
    }),
  );
}

/** Adds `stepUp` for administrators. */
export function addAdminStepUp(builder: DynamicBuilder, accounts: AdminAccounts): void {
  addTo(builder, 'self.stepUp', (input, context) => stepUp(accounts, input, askedByAdministrator(context)));
}

type Proven = (input: StepUpInput, context: Context) => Promise<{ readonly until: Date }>;

function addTo(
  builder: DynamicBuilder,
  action: `${string}.${string}`,
  proven: Proven,
  { ofUsers = false }: { readonly ofUsers?: boolean } = {},
): void {
  const proof = builder.objectRef<{ readonly until: Date }>('StepUp').implement({
    description: 'A proof of who the viewer is.',
    fields: (t) => ({
      until: t.expose('until', { type: 'DateTime', nullable: false, description: 'Until when it counts.' }),
    }),
  });
  const input = builder.inputType('StepUpInput', {
    description: 'What proves it: exactly one of these, which `STEP_UP_REQUIRED` lists in `methods`.',
    fields: (t) => ({
      password: t.string({ description: 'The password of the account of the token.' }),
      totp: t.string({ description: 'A code of the app of the account of the token. It works once.' }),
      passkey: t.field({
        type: 'JSON',
        description: 'What the browser returned for the `passkeyOptions` of the purpose `STEP_UP`.',
      }),
      ...(ofUsers && { code: t.string({ description: 'The code that `sendStepUpCode` mailed. It works once.' }) }),
    }),
  });
  builder.mutationField('stepUp', (t) =>
    t.field({
      type: proof,
      nullable: true,
      description: `Proves again who the owner of the account of the token is. ${MEANING}`,
      authScopes: { action },
      args: { input: t.arg({ type: input, required: true }) },
      resolve: (_root, { input }, context) => proven(input, context),
    }),
  );
}
