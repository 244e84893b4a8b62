import { changePassword } from '../../accounts/change-password.ts';
import { listSessions, revokeSession } from '../../accounts/own-sessions.ts';
import { stepUp } from '../../accounts/step-up.ts';
import { askedByAdministrator } from '../../authentication/asked-by.ts';
import type { Builder } from '../builder.ts';
import { dynamic } from '../content-type/content-schema.ts';
import type { SessionType } from './administered-types.ts';
import { addLoginFields } from './login-fields.ts';
import { addLoginPayload, loginPayload, withCookie } from './login-payload.ts';
import type { OkType } from './ok-payload.ts';
import type { AdminServices } from './services.ts';

/** What an administrator does with their own account, and how somebody comes to be one. */
export function addOwnAccount(typed: Builder, ok: OkType, session: SessionType, services: AdminServices): void {
  const builder = dynamic(typed);
  const { accounts } = services;
  const payload = addLoginPayload(builder);
  addLoginFields(builder, { payload, ok }, services);

  builder.mutationField('changePassword', (t) =>
    t.field({
      type: payload,
      nullable: true,
      description:
        'Changes the password of the administrator of the token. All older tokens and cookies are revoked; the response has a new token, and a new cookie if the session has one.',
      authScopes: { action: 'self.changePassword' },
      args: {
        currentPassword: t.arg.string({ required: true }),
        password: t.arg.string({ required: true }),
        passwordConfirmation: t.arg.string({ required: true }),
      },
      resolve: async (_root, args, context) => {
        const asked = askedByAdministrator(context);
        const result = await changePassword(withCookie(accounts, asked.viewer.hasCookie), args, asked);
        return loginPayload(result, context.refreshCookie);
      },
    }),
  );

  const proof = builder.objectRef<{ readonly until: Date }>('StepUp').implement({
    description: 'A proof of who the administrator is.',
    fields: (t) => ({
      until: t.expose('until', { type: 'DateTime', nullable: false, description: 'Until when it counts.' }),
    }),
  });
  const stepUpInput = builder.inputType('StepUpInput', {
    description: 'What proves it.',
    fields: (t) => ({
      password: t.string({ required: true, description: 'The password of the administrator of the token.' }),
    }),
  });
  builder.mutationField('stepUp', (t) =>
    t.field({
      type: proof,
      nullable: true,
      description:
        'Proves again who the administrator of the token is. Sensitive acts need a proof that is ten minutes old at most, of the same session, and are refused with `STEP_UP_REQUIRED` otherwise. A login is one, a refresh is none.',
      authScopes: { action: 'self.stepUp' },
      args: { input: t.arg({ type: stepUpInput, required: true }) },
      resolve: (_root, { input }, context) => stepUp(accounts, input, askedByAdministrator(context)),
    }),
  );

  builder.queryField('me', (t) =>
    t.field({
      type: 'Admin',
      nullable: true,
      description: 'The administrator of the token.',
      authScopes: { action: 'self.me' },
      grantScopes: ['Admin'],
      resolve: (_root, _args, context) => ({ id: askedByAdministrator(context).viewer.admin.id }),
    }),
  );
  typed.queryField('sessions', (t) =>
    t.field({
      type: [session],
      nullable: { list: true, items: false },
      description: 'The sessions of the administrator of the token, last used first.',
      authScopes: { action: 'self.sessions' },
      resolve: (_root, _args, context) => listSessions(accounts, askedByAdministrator(context).viewer),
    }),
  );
  builder.mutationField('revokeSession', (t) =>
    t.field({
      type: ok,
      nullable: true,
      description: 'Ends one session of the administrator of the token.',
      authScopes: { action: 'self.revokeSession' },
      args: { documentId: t.arg.id({ required: true }) },
      resolve: async (_root, { documentId }, context) => {
        await revokeSession(accounts, documentId, askedByAdministrator(context));
        return { ok: true };
      },
    }),
  );
}
