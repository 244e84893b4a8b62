import { changePassword } from '../../accounts/change-password.ts';
import { confirmEmail } from '../../accounts/confirm-email.ts';
import { normalEmail } from '../../accounts/emails.ts';
import { forgotPassword } from '../../accounts/forgot-password.ts';
import { logIn } from '../../accounts/log-in.ts';
import { logOut } from '../../accounts/log-out.ts';
import { refresh } from '../../accounts/refresh.ts';
import { register } from '../../accounts/register.ts';
import { resetPassword } from '../../accounts/reset-password.ts';
import { sendEmailConfirmation } from '../../accounts/send-email-confirmation.ts';
import { updateOwnAccount } from '../../accounts/update-own-account.ts';
import { askedByUser } from '../../authentication/asked-by.ts';
import { clearWhenRefused } from '../../graphql/refused-cookie.ts';
import { loginAnswer } from './login-answer.ts';
import { populates } from './populate.ts';
import { givenTextsIn, refuseOthers, textsIn } from './request-body.ts';
import type { RestRoute } from './rest-route.ts';
import { userJson } from './user-json.ts';

/** The routes of the REST API at Strapi's paths: accounts only. */
export const REST_ROUTES: Readonly<Record<`${'GET' | 'POST' | 'PUT'} /api/${string}`, RestRoute>> = {
  'POST /api/auth/local': {
    action: 'auth.login',
    isEntry: true,
    answer: async (accounts, request) => {
      const input = textsIn(request.body, 'identifier', 'password');
      return loginAnswer(accounts, await logIn(accounts, input, request), request);
    },
  },
  'POST /api/auth/local/register': {
    action: 'auth.register',
    answer: async (accounts, request) => {
      const names = ['username', 'email', 'password'] as const;
      refuseOthers(request.body, ...names, ...accounts.userFields.writtenBy('register'));
      const fields = accounts.userFields.fromJson('register', request.body);
      const input = { ...textsIn(request.body, ...names), fields };
      return loginAnswer(accounts, await register(accounts, input, request), request, { isNew: true });
    },
  },
  'POST /api/auth/refresh': {
    action: 'auth.refresh',
    isEntry: true,
    answer: async (accounts, request) => {
      const { refreshToken } = givenTextsIn(request.body, 'refreshToken');
      const { refreshCookie } = request;
      const refreshed = await clearWhenRefused(refreshCookie, () =>
        refresh(accounts, refreshToken ?? refreshCookie.token, request),
      );
      return loginAnswer(accounts, { kind: 'loggedIn', ...refreshed }, request);
    },
  },
  'POST /api/auth/logout': {
    action: 'auth.logout',
    isEntry: true,
    answer: async (accounts, request) => {
      const { refreshCookie } = request;
      await logOut(accounts, refreshCookie.token, request);
      if (refreshCookie.token !== undefined) refreshCookie.clear();
      return { body: { ok: true } };
    },
  },
  'POST /api/auth/forgot-password': {
    action: 'auth.forgotPassword',
    answer: async (accounts, request) => {
      await forgotPassword(accounts, textsIn(request.body, 'email').email, request);
      return { body: { ok: true } };
    },
  },
  'POST /api/auth/reset-password': {
    action: 'auth.resetPassword',
    answer: async (accounts, request) => {
      const input = textsIn(request.body, 'code', 'password', 'passwordConfirmation');
      return loginAnswer(accounts, await resetPassword(accounts, input, request), request);
    },
  },
  'POST /api/auth/send-email-confirmation': {
    action: 'auth.sendEmailConfirmation',
    answer: async (accounts, request) => {
      const { email } = textsIn(request.body, 'email');
      await sendEmailConfirmation(accounts, email, request);
      // Unlike Strapi, the answer does not reveal whether the account exists.
      return { body: { email: normalEmail(email), sent: true } };
    },
  },
  'GET /api/auth/email-confirmation': {
    action: 'auth.emailConfirmation',
    answer: async (accounts, request) => {
      const confirmation = request.query.get('confirmation') ?? '';
      // A link that logs in would let an attacker log a victim in to the attacker's account.
      const { account } = await confirmEmail(accounts, { confirmation, logsIn: false }, request);
      const { confirmEmailUrl } = await accounts.settings();
      if (confirmEmailUrl !== null && !leadsHere(confirmEmailUrl)) return { location: confirmEmailUrl };
      return { body: { user: await userJson(accounts, account.id, { withoutOwnFields: true }) } };
    },
  },
  'POST /api/auth/change-password': {
    action: 'auth.changePassword',
    answer: async (accounts, request) => {
      const asked = askedByUser(request, 'auth.changePassword');
      const input = textsIn(request.body, 'currentPassword', 'password', 'passwordConfirmation');
      return loginAnswer(accounts, await changePassword(accounts, input, asked), request);
    },
  },
  'PUT /api/users/me': {
    action: 'user.updateMe',
    answer: async (accounts, request) => {
      const names = ['username', 'email', 'currentPassword'] as const;
      const asked = askedByUser(request, 'user.updateMe');
      refuseOthers(request.body, ...names, ...accounts.userFields.writtenBy('me'));
      const fields = accounts.userFields.fromJson('me', request.body);
      const { id } = await updateOwnAccount(accounts, { ...givenTextsIn(request.body, ...names), fields }, asked);
      return { body: await userJson(accounts, id) };
    },
  },
  'GET /api/users/me': {
    action: 'user.me',
    reads: true,
    answer: async (accounts, request) => {
      const { account } = askedByUser(request, 'user.me').viewer;
      const withRole = populates(request.query, 'role');
      return { body: await userJson(accounts, account.id, { withRole }) };
    },
  },
};

/** Whether the configured page is this path itself: then there is no page to redirect to. */
function leadsHere(page: string): boolean {
  return new URL(page).pathname.endsWith('/api/auth/email-confirmation');
}
