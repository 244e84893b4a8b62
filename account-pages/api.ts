import { DOCUMENTS, type DocumentName } from '../src/http/pages/documents.ts';
import { config, words } from './config.ts';
import { type ApiFailure, Failure, failureOf } from './failure.ts';

/** The tokens of the session, in the memory of this page only. With the cookie, the refresh token is not even there. */
let session: { readonly jwt: string; readonly refreshToken: string | null } | undefined;
let renewal: Promise<boolean> | undefined;

export const isLoggedIn = () => session !== undefined;

interface Tokens {
  readonly jwt: string | null;
  readonly refreshToken: string | null;
}

/** Keeps the tokens of a login; false if there are none yet, because the e-mail has to be confirmed. */
export function keep(tokens: Tokens | null | undefined): boolean {
  if (!tokens?.jwt) return false;
  session = { jwt: tokens.jwt, refreshToken: tokens.refreshToken };
  return true;
}

/**
 * Sends an operation, with the session if there is one. An expired token is renewed once.
 *
 * @throws Failure when it is refused, or the server cannot be reached.
 */
export async function ask<Data>(name: DocumentName, variables: object = {}): Promise<Data> {
  try {
    return await send<Data>(name, variables, session?.jwt);
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'UNAUTHENTICATED' || !session) throw error;
    if (await renew()) return send<Data>(name, variables, session.jwt);
    session = undefined;
    throw new Failure(words.sessionEnded, 'SESSION_ENDED');
  }
}

/** Logs in with a document of its own, without the token of a session that may have ended. */
export async function enter(name: DocumentName, variables: object): Promise<boolean> {
  const data = await send<Record<string, Tokens | null>>(name, variables, undefined);
  return keep(data[name]);
}

/** Goes on with the session of the cookie, or of the refresh token in memory; false without one. */
export function renew(): Promise<boolean> {
  if (!config.cookie && !session?.refreshToken) return Promise.resolve(false);
  renewal ??= enter('refresh', session?.refreshToken ? { refreshToken: session.refreshToken } : {})
    .catch((error: unknown) => {
      if (error instanceof Failure && error.code !== 'UNREACHABLE') return false;
      throw error;
    })
    .finally(() => {
      renewal = undefined;
    });
  return renewal;
}

/** Ends the session here and on the server. */
export async function logOut(): Promise<void> {
  try {
    await send('logout', {}, session?.jwt);
  } finally {
    session = undefined;
  }
}

async function send<Data>(name: DocumentName, variables: object, jwt: string | undefined): Promise<Data> {
  const hash = config.hashes?.[name];
  let answer: { readonly data?: Data | null; readonly errors?: readonly ApiFailure[] };
  try {
    const response = await fetch(`${config.front}/graphql`, {
      method: 'POST',
      credentials: 'same-origin',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        ...(jwt !== undefined && { authorization: `Bearer ${jwt}` }),
      },
      body: JSON.stringify({
        query: DOCUMENTS[name],
        variables,
        ...(hash !== undefined && { extensions: { persistedQuery: { version: 1, sha256Hash: hash } } }),
      }),
    });
    answer = await response.json();
  } catch {
    throw new Failure(words.unreachable, 'UNREACHABLE');
  }
  const [error] = answer.errors ?? [];
  if (error) throw failureOf(error);
  if (!answer.data) throw new Failure(words.unexpected);
  return answer.data;
}
