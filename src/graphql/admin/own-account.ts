import { changePassword } from '../../accounts/change-password.ts';
import { listSessions, revokeSession } from '../../accounts/own-sessions.ts';
import { askedByAdministrator } from '../../authentication/asked-by.ts';
import { addAdminSecondFactors } from '../account/second-factors.ts';
import { addAdminStepUp } from '../account/step-up.ts';
import type { Builder } from '../builder.ts';
import { dynamic } from '../content-type/content-schema.ts';
import type { SessionType } from './administered-types.ts';
import { addLoginFields } from './login-fields.ts';
import { addLoginPayload, loginPayload, withCookie } from './login-payload.ts';
import type { OkType } from './ok-payload.ts';
import { addAdminPasskeys } from './passkey-fields.ts';
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

  addAdminStepUp(builder, accounts);
  addAdminSecondFactors(builder, accounts);
  addAdminPasskeys(typed, payload, accounts);

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
