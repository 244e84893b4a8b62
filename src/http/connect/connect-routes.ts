import type { UserAccounts } from '../../accounts/accounts.ts';
import { beginConnect, type Connected, endConnect } from '../../accounts/providers/connect.ts';
import { logInWithProvider } from '../../accounts/providers/log-in-with-provider.ts';
import { ProviderFailure } from '../../accounts/providers/provider-failure.ts';
import { ApiError, applicationError } from '../../common/errors.ts';
import { filled, type Spoken } from '../pages/words/words.ts';
import { loginAnswer } from '../rest/login-answer.ts';
import type { RestAnswer, RestRequest, RestRoute } from '../rest/rest-route.ts';
import type { MessagePage } from './message-page.ts';

const ACTION = 'auth.connect';

/** The way to a login provider and back: `/connect/google`, `/connect/google/callback`. */
export const CONNECT_ROUTES: Readonly<Record<`GET ${string}`, RestRoute>> = {
  'GET /connect/*': {
    action: ACTION,
    paths: /^\/connect\/[^/]+(\/callback)?$/,
    answer: (accounts, request) => connect(accounts, request, '/connect'),
  },
};

/** The same at Strapi's paths, and Strapi's exchange of what the callback brought. */
export const STRAPI_CONNECT_ROUTES: Readonly<Record<`GET ${string}`, RestRoute>> = {
  'GET /api/connect/*': {
    action: ACTION,
    paths: /^\/api\/connect\/[^/]+(\/callback)?$/,
    answer: (accounts, request) => connect(accounts, request, '/api/connect'),
  },
  'GET /api/auth/*': {
    action: ACTION,
    paths: /^\/api\/auth\/[^/]+\/callback$/,
    isEntry: true,
    answer: async (accounts, request) => {
      // A link of somebody else would leave their refresh token in the browser that opens it.
      if ((await accounts.settings()).refreshTokenInCookie)
        throw applicationError('The setting refreshTokenInCookie is on: send the code with loginWithProvider');
      const code = request.query.get('code') ?? '';
      const verifier = request.query.get('code_verifier');
      return loginAnswer(accounts, await logInWithProvider(accounts, { code, verifier }, request), request);
    },
  },
};

async function connect(accounts: UserAccounts, request: RestRequest, front: string): Promise<RestAnswer> {
  const [provider = '', step] = request.path.slice(front.length + 1).split('/');
  return step === undefined ? begin(accounts, provider, front, request) : end(accounts, provider, request);
}

async function begin(
  accounts: UserAccounts,
  provider: string,
  front: string,
  request: RestRequest,
): Promise<RestAnswer> {
  const { query } = request;
  const method = query.get('code_challenge_method');
  if (method !== null && method !== 'S256')
    throw new ApiError('BAD_USER_INPUT', 'code_challenge_method: expected S256');
  const asked = {
    provider,
    redirect: query.get('redirect') ?? query.get('callback'),
    challenge: query.get('code_challenge'),
    ticket: query.get('ticket'),
    callback: `${accounts.providers.publicUrl}${front}/${provider}/callback`,
  };
  try {
    const { location, flow } = await beginConnect(accounts, asked);
    request.flowCookie.set(flow);
    return { location };
  } catch (error) {
    if (!(error instanceof ProviderFailure)) throw error;
    accounts.log.warn(
      { provider, requestId: request.requestId, reason: error.detail },
      'a login with a provider failed',
    );
    throw new ApiError('BAD_GATEWAY', error.message);
  }
}

async function end(accounts: UserAccounts, provider: string, request: RestRequest): Promise<RestAnswer> {
  const { flowCookie, query } = request;
  const { value } = flowCookie;
  // One flow serves one callback.
  if (value !== undefined) flowCookie.clear();
  const returned = { provider, query: query.size === 0 ? '' : `?${query}` };
  const connected = await endConnect(accounts, value, returned, request);
  return connected.kind === 'redirect' ? { location: connected.location } : { page: pageOf(connected) };
}

function pageOf({ provider, outcome }: Extract<Connected, { kind: 'tried' }>) {
  return ({ words }: Spoken): MessagePage => {
    if (outcome instanceof ProviderFailure) {
      return {
        title: filled(words.tryFailedTitle, { provider: provider.label }),
        message: outcome.message,
        facts: outcome.detail === undefined ? [] : [[words.whatHappened, outcome.detail]],
      };
    }
    const { subject, email, emailVerified, username } = outcome;
    const links = provider.linking === 'verified' && emailVerified;
    return {
      title: filled(words.tryWorksTitle, { provider: provider.label }),
      message: words.tryWorks,
      facts: [
        [words.subject, subject],
        [words.email, email ?? words.emailMissing],
        [words.emailVerified, emailVerified ? words.yes : words.emailUnverified],
        [words.providerName, username ?? words.none],
        [words.linked, links ? words.yes : words.no],
      ],
    };
  };
}
