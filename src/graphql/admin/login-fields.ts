import { completeLogin } from '../../accounts/complete-login.ts';
import { forgotPassword } from '../../accounts/forgot-password.ts';
import { logIn } from '../../accounts/log-in.ts';
import { logOut } from '../../accounts/log-out.ts';
import { refresh } from '../../accounts/refresh.ts';
import { resetPassword } from '../../accounts/reset-password.ts';
import { completePendingLogin } from '../../accounts/second-factors/complete-pending-login.ts';
import { createAdmin } from '../../administration/admins.ts';
import { badInput, forbidden } from '../../common/errors.ts';
import { COMPLETE_LOGIN, completeLoginInput } from '../account/complete-login.ts';
import type { DynamicBuilder } from '../content-type/content-schema.ts';
import { clearWhenRefused } from '../refused-cookie.ts';
import { given } from './given.ts';
import { COOKIE, type LoginPayloadType, loginPayload, withCookie } from './login-payload.ts';
import type { OkType } from './ok-payload.ts';
import { type AdminServices, byAdmin } from './services.ts';

/** How somebody comes to be an administrator, logs in, stays and leaves: what guests can do. */
export function addLoginFields(
  builder: DynamicBuilder,
  { payload, ok }: { readonly payload: LoginPayloadType; readonly ok: OkType },
  services: AdminServices,
): void {
  const { prisma, attempts, accounts } = services;

  builder.mutationField('login', (t) =>
    t.field({
      type: payload,
      nullable: true,
      description: 'Returns a token for the e-mail and password of an administrator.',
      authScopes: { action: 'auth.login' },
      args: {
        email: t.arg.string({ required: true }),
        password: t.arg.string({ required: true }),
        cookie: t.arg.boolean({ defaultValue: false, description: COOKIE }),
      },
      resolve: async (_root, { email, password, cookie }, context) => {
        const input = { identifier: email, password };
        return loginPayload(await logIn(withCookie(accounts, cookie), input, context), context.refreshCookie);
      },
    }),
  );

  const completion = completeLoginInput(builder);
  builder.mutationField('completeLogin', (t) =>
    t.field({
      type: payload,
      nullable: true,
      description: COMPLETE_LOGIN,
      authScopes: { action: 'auth.completeLogin' },
      args: {
        input: t.arg({ type: completion, required: true }),
        cookie: t.arg.boolean({ defaultValue: false, description: COOKIE }),
      },
      resolve: async (_root, { input, cookie }, context) => {
        const result = await completePendingLogin(withCookie(accounts, cookie), input, context);
        return loginPayload(result, context.refreshCookie);
      },
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
        cookie: t.arg.boolean({ defaultValue: false, description: COOKIE }),
      },
      resolve: async (_root, { input, code, cookie }, context) => {
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
        const settings = await accounts.settings();
        const result = await completeLogin(withCookie(accounts, cookie), admin, settings, context, 'register', ['pwd']);
        return loginPayload(result, context.refreshCookie);
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
        cookie: t.arg.boolean({ defaultValue: false, description: COOKIE }),
      },
      resolve: async (_root, { cookie, ...typed }, context) =>
        loginPayload(await resetPassword(withCookie(accounts, cookie), typed, context), context.refreshCookie),
    }),
  );

  builder.mutationField('refresh', (t) =>
    t.field({
      type: payload,
      nullable: true,
      description:
        'Returns a new token for the cookie of a login, and a new cookie. Null without a cookie. A cookie works once; for some seconds (`refreshTokenGrace`) a used one returns the same new one again. If it is sent later, its session ends. The cookie of a page of another origin is ignored.',
      authScopes: { action: 'auth.refresh' },
      resolve: (_root, _args, context) => {
        const { refreshCookie } = context;
        // A first visit is no error: a page asks before it knows whether there is a session.
        if (refreshCookie.token === undefined) return null;
        return clearWhenRefused(refreshCookie, async () => {
          const refreshed = await refresh(accounts, refreshCookie.token, context);
          return loginPayload({ kind: 'loggedIn', ...refreshed }, refreshCookie);
        });
      },
    }),
  );

  builder.mutationField('logout', (t) =>
    t.field({
      type: ok,
      nullable: true,
      description: 'Ends the session of the token, also if the token has expired, and the session of the cookie.',
      authScopes: { action: 'auth.logout' },
      resolve: async (_root, _args, context) => {
        const { refreshCookie } = context;
        await logOut(accounts, refreshCookie.token, context);
        if (refreshCookie.token !== undefined) refreshCookie.clear();
        return { ok: true };
      },
    }),
  );
}
