import type { Authenticate } from '../authentication/authenticate.ts';
import { type AccountPageOptions, VISITORS_ACTIONS } from '../http/pages/account-pages.ts';
import type { Caches } from './caches.ts';
import type { GatehouseOptions } from './options.ts';
import type { Services } from './services.ts';

/** What the account pages know of the server; undefined where they are off. */
export function createAccountPages(
  { config }: GatehouseOptions,
  { relyingParty }: Services,
  { settings }: Caches,
  authenticate: Authenticate,
): AccountPageOptions | undefined {
  if (!config.accountPages) return undefined;
  return {
    publicUrl: config.publicUrl,
    redirects: config.loginRedirects,
    onlyTrusted: config.persistedQueries.mode === 'only',
    passkeysOf: relyingParty?.id,
    async facts() {
      const { signUps, emailLoginCodes, sessionMode, refreshTokenInCookie } = await settings();
      const { permissions } = await authenticate(undefined, { address: '', userAgent: undefined });
      const allows = (act: keyof typeof VISITORS_ACTIONS) => permissions.allows(VISITORS_ACTIONS[act]);
      return {
        can: {
          register: signUps && allows('register'),
          forgotPassword: allows('forgotPassword'),
          loginWithCode: emailLoginCodes && allows('loginWithCode'),
          loginWithPasskey: allows('loginWithPasskey'),
          connect: allows('connect'),
        },
        cookie: sessionMode === 'refresh' && refreshTokenInCookie,
      };
    },
  };
}
