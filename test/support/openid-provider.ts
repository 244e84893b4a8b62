import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';

/** Somebody at the provider: the claims, with the subject. */
export interface PersonThere extends Readonly<Record<string, unknown>> {
  readonly sub: string;
}

/** A provider of OpenID Connect: a certified one, in this process. */
export interface OpenidProvider extends AsyncDisposable {
  readonly issuer: string;
  /** Who logs in next. Undefined: somebody who cancels. */
  person: PersonThere | undefined;
}

export const CLIENT = { id: 'gatehouse', secret: 'the secret of the client, which is long enough' } as const;

/** Starts a provider that sends browsers back to these addresses only. It asks nobody for a password. */
export async function startOpenidProvider(
  callbacks: readonly string[],
  { authMethod = 'client_secret_post' }: { authMethod?: 'client_secret_post' | 'client_secret_basic' } = {},
): Promise<OpenidProvider> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const known = new Map<string, PersonThere>();
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        redirect_uris: [...callbacks],
        token_endpoint_auth_method: authMethod,
      },
    ],
    clientAuthMethods: [authMethod],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['preferred_username'] },
    findAccount: (_context, sub) => {
      const person = known.get(sub);
      return person && { accountId: sub, claims: async () => person };
    },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    features: { devInteractions: { enabled: false } },
    cookies: { keys: ['keys of cookies'] },
    pkce: { required: () => true },
  });
  const answer = provider.callback();
  const result: OpenidProvider = {
    issuer,
    person: undefined,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  server.on('request', async (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return answer(request, response);
    const { person } = result;
    if (!person) {
      await provider.interactionFinished(request, response, { error: 'access_denied', error_description: 'no' });
      return;
    }
    known.set(person.sub, person);
    const { params } = await provider.interactionDetails(request, response);
    const grant = new provider.Grant({ accountId: person.sub, clientId: String(params['client_id']) });
    grant.addOIDCScope(String(params['scope']));
    const grantId = await grant.save();
    await provider.interactionFinished(request, response, {
      login: { accountId: person.sub, remember: false },
      consent: { grantId },
    });
  });
  return result;
}
