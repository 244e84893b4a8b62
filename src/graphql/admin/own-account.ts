import type { AdminRow } from '../../accounts/account-rows.ts';
import { changePassword } from '../../accounts/change-password.ts';
import { completeLogin, type LoginResult } from '../../accounts/complete-login.ts';
import { forgotPassword } from '../../accounts/forgot-password.ts';
import { invalidLogin } from '../../accounts/invalid-login.ts';
import { logIn } from '../../accounts/log-in.ts';
import { logOutAdministrator } from '../../accounts/log-out.ts';
import { listSessions, revokeSession } from '../../accounts/own-sessions.ts';
import { resetPassword } from '../../accounts/reset-password.ts';
import { createAdmin } from '../../administration/admins.ts';
import { askedByAdministrator } from '../../authentication/asked-by.ts';
import { badInput, forbidden, secondFactorRequired } from '../../common/errors.ts';
import type { Builder } from '../builder.ts';
import { dynamic } from '../content-type/content-schema.ts';
import type { SessionType } from './administered-types.ts';
import { given } from './given.ts';
import { type AdminServices, byAdmin } from './services.ts';

interface Payload {
  readonly jwt: string;
  readonly admin: { readonly id: number };
}

/** What an administrator does with their own account, and how somebody comes to be one. */
export function addOwnAccount(typed: Builder, session: SessionType, services: AdminServices): void {
  const builder = dynamic(typed);
  const { prisma, attempts, accounts } = services;

  const payload = builder.objectRef<Payload>('AdminLoginPayload').implement({
    fields: (t) => ({
      jwt: t.exposeString('jwt', { nullable: false, description: 'For this endpoint only.' }),
      admin: t.field({ type: 'Admin', nullable: false, grantScopes: ['Admin'], resolve: ({ admin }) => admin }),
    }),
  });
  const ok = builder.objectRef<{ readonly ok: boolean }>('AdminOkPayload').implement({
    fields: (t) => ({ ok: t.exposeBoolean('ok', { nullable: false }) }),
  });

  builder.mutationField('login', (t) =>
    t.field({
      type: payload,
      nullable: true,
      description: 'Returns a token for the e-mail and password of an administrator.',
      authScopes: { action: 'auth.login' },
      args: { email: t.arg.string({ required: true }), password: t.arg.string({ required: true }) },
      resolve: async (_root, { email, password }, context) =>
        loginPayload(await logIn(accounts, { identifier: email, password }, context)),
    }),
  );

  const firstInput = builder.inputType('RegisterFirstAdminInput', {
    fields: (t) => ({
      email: t.string({ required: true }),
      name: t.string(),
      password: t.string({ required: true }),
    }),
  });
  builder.mutationField('registerFirstAdmin', (t) =>
    t.field({
      type: payload,
      nullable: true,
      description: 'Creates the first administrator, with full access, while there is none.',
      authScopes: { action: 'auth.registerFirstAdmin' },
      args: {
        input: t.arg({ type: firstInput, required: true }),
        code: t.arg.string({ description: 'The code that the server printed at start. Required in production.' }),
      },
      resolve: async (_root, { input, code }, context) => {
        await attempts.count('admin.registerFirst', context.origin);
        // As if there were no such field: whoever asks learns nothing but that.
        if ((await prisma.admin.count()) > 0) throw forbidden('auth.registerFirstAdmin');
        if (services.firstNeedsCode && code == null) throw badInput('Incorrect code provided');
        const { email, password } = input;
        const admin = await createAdmin(
          services,
          byAdmin(context),
          { email, password, name: given(input.name), role: 'ADMINISTRATOR' },
          { code: given(code) },
        );
        return loginPayload(await completeLogin(accounts, admin, await accounts.settings(), context));
      },
    }),
  );

  builder.mutationField('forgotPassword', (t) =>
    t.field({
      type: ok,
      nullable: true,
      description:
        'Sends a mail with a link to choose a new password if there is such an administrator. The response is the same if there is none.',
      authScopes: { action: 'auth.forgotPassword' },
      args: { email: t.arg.string({ required: true }) },
      resolve: async (_root, { email }, context) => {
        await forgotPassword(accounts, email, context);
        return { ok: true };
      },
    }),
  );

  builder.mutationField('resetPassword', (t) =>
    t.field({
      type: payload,
      nullable: true,
      description: 'Sets a new password with a mailed code. All older tokens of the administrator are revoked.',
      authScopes: { action: 'auth.resetPassword' },
      args: {
        code: t.arg.string({ required: true }),
        password: t.arg.string({ required: true }),
        passwordConfirmation: t.arg.string({ required: true }),
      },
      resolve: async (_root, args, context) => loginPayload(await resetPassword(accounts, args, context)),
    }),
  );

  builder.mutationField('changePassword', (t) =>
    t.field({
      type: payload,
      nullable: true,
      description:
        'Changes the password of the administrator of the token. All older tokens are revoked; the response has a new one.',
      authScopes: { action: 'self.changePassword' },
      args: {
        currentPassword: t.arg.string({ required: true }),
        password: t.arg.string({ required: true }),
        passwordConfirmation: t.arg.string({ required: true }),
      },
      resolve: async (_root, args, context) =>
        loginPayload(await changePassword(accounts, args, askedByAdministrator(context))),
    }),
  );

  builder.mutationField('logout', (t) =>
    t.field({
      type: ok,
      nullable: true,
      description: 'Ends the session of the token.',
      authScopes: { action: 'self.logout' },
      resolve: async (_root, _args, context) => {
        await logOutAdministrator(accounts, askedByAdministrator(context));
        return { ok: true };
      },
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

function loginPayload(result: LoginResult<AdminRow>): Payload {
  if (result.kind === 'pending') throw secondFactorRequired(result);
  if (result.kind === 'closed') throw invalidLogin(); // as no administrator's account is
  return { jwt: result.tokens.jwt, admin: result.account };
}
