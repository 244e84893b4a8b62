import { AnswerTooLong } from './bounded-fetch.ts';
import { ProviderFailure } from './provider-failure.ts';

/** The parts of an error of openid-client and oauth4webapi that tell something. None of them holds a secret. */
interface LibraryError {
  readonly code?: string;
  /** As a provider names it: RFC 6749, 4.1.2.1 and 5.2. */
  readonly error?: string;
  readonly message?: string;
  readonly cause?: unknown;
}

/** Says what went wrong in a conversation with a provider, in words of its own: those of the provider may be anything. */
export function explained(error: unknown): ProviderFailure {
  if (error instanceof ProviderFailure) return error;
  const chain = causesOf(error);
  const failure = (code: ConstructorParameters<typeof ProviderFailure>[0], detail: string) =>
    new ProviderFailure(code, { detail, cause: error });
  if (chain.some((one) => one instanceof AnswerTooLong))
    return failure('provider_answer', 'An answer of the provider is longer than 256 KiB.');
  const named = chain.find(({ error: name }) => typeof name === 'string')?.error;
  switch (named) {
    case undefined:
      break;
    case 'access_denied':
      return failure('access_denied', 'The provider says: access_denied.');
    case 'invalid_client':
    case 'unauthorized_client':
    case 'incorrect_client_credentials':
      return failure('provider_refused_client', 'The provider refuses the client id or the client secret.');
    case 'invalid_grant':
    case 'bad_verification_code':
    case 'redirect_uri_mismatch':
      return failure(
        'provider_refused_code',
        'The provider refuses the code: the callback address is not exactly the one that is registered there, or the code was used before.',
      );
    case 'server_error':
    case 'temporarily_unavailable':
      return failure('provider_unreachable', 'The provider says that it has a problem.');
    default:
      return failure('provider_answer', `The provider answers with the error ${shown(named)}.`);
  }
  const codes = chain.map(({ code }) => code);
  if (codes.includes('OAUTH_JWT_TIMESTAMP_CHECK_FAILED'))
    return failure(
      'provider_answer',
      'The ID token is expired or not valid yet. Compare the clock of this server with the clock of the provider.',
    );
  if (codes.some((code) => code?.startsWith('OAUTH_')) && !codes.includes('OAUTH_TIMEOUT'))
    return failure('provider_answer', `The answer is not valid: ${wordsOf(chain)}.`);
  return failure('provider_unreachable', `The provider could not be asked: ${wordsOf(chain)}.`);
}

function causesOf(error: unknown): LibraryError[] {
  const chain: LibraryError[] = [];
  for (let one = error; one instanceof Error && chain.length < 5; one = one.cause) chain.push(one as LibraryError);
  return chain;
}

/** The messages of the libraries: constants, and codes of the operating system. */
function wordsOf(chain: readonly LibraryError[]): string {
  return [...new Set(chain.flatMap(({ code, message }) => [message, code]))]
    .filter((text) => typeof text === 'string' && text !== '')
    .map((text) => shown(String(text)))
    .join('; ');
}

/** Of a text that may have anything in it, what can stand in a log and on a page. */
function shown(text: string): string {
  return text.slice(0, 200).replaceAll(/[^\w .:,;"'()/-]/g, '?');
}
