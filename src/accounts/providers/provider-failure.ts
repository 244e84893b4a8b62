/** Why a login with a provider failed, as its front end gets it in `error`. */
export type FailureCode =
  /** Refused or cancelled at the provider, by its user. */
  | 'access_denied'
  /** The provider could not be asked. */
  | 'provider_unreachable'
  /** The provider refused the client id or the secret. */
  | 'provider_refused_client'
  /** The provider refused the code: another callback address, or a code that was used. */
  | 'provider_refused_code'
  /** The provider's answer is not what it has to be. */
  | 'provider_answer'
  | 'email_missing'
  | 'email_taken'
  | 'not_linked'
  | 'sign_ups_disabled'
  | 'refused'
  | 'blocked'
  | 'unconfirmed';

/** What a person reads. Nothing of it comes from the provider. */
const WORDS: Readonly<Record<FailureCode, string>> = {
  access_denied: 'The login was cancelled at the provider',
  provider_unreachable: 'The provider does not answer. Please try again later',
  provider_refused_client: 'The provider does not know this application',
  provider_refused_code: 'The provider did not accept the login. Please try again',
  provider_answer: 'The answer of the provider was not valid',
  email_missing: 'The provider gave no valid e-mail address',
  email_taken: 'Email is already taken.',
  not_linked: 'There is an account with this e-mail. Log in to it, and link the provider there',
  sign_ups_disabled: 'Register action is currently disabled',
  refused: 'The login was refused',
  blocked: 'Your account has been blocked by an administrator',
  unconfirmed: 'Your account email is not confirmed',
};

/** A login with a provider failed. */
export class ProviderFailure extends Error {
  override readonly name = 'ProviderFailure';
  readonly code: FailureCode;
  /** For administrators: what exactly, and what to do. Without secrets. */
  readonly detail: string | undefined;

  constructor(
    code: FailureCode,
    { detail, words = WORDS[code], cause }: { detail?: string; words?: string; cause?: unknown } = {},
  ) {
    super(words, { cause });
    this.code = code;
    this.detail = detail;
  }
}
