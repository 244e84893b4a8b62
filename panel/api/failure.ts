import type { CombinedError } from 'urql';

/** One fault of the input, at its path: `['data', 'email']`. */
export interface Fault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Why an operation did not do what it was asked for. */
export class Failure extends Error {
  override readonly name = 'Failure';
  /** `extensions.code` of the server, or `UNREACHABLE`. */
  readonly code: string;
  readonly faults: readonly Fault[];
  /** For RATE_LIMITED: seconds until the next attempt. */
  readonly retryAfter: number | undefined;
  /** For SECOND_FACTOR_REQUIRED: what the code is sent with. */
  readonly challenge: string | undefined;
  /** For STEP_UP_REQUIRED and SECOND_FACTOR_REQUIRED: what can be sent. */
  readonly methods: readonly string[];

  constructor(message: string, code: string, { faults = [], retryAfter, challenge, methods = [] }: Details = {}) {
    super(message);
    this.code = code;
    this.faults = faults;
    this.retryAfter = retryAfter;
    this.challenge = challenge;
    this.methods = methods;
  }

  /** The message for one field of the input, by the end of its path. */
  at(...path: readonly (string | number)[]): string | undefined {
    const end = path.join('.');
    const found = this.faults.filter((fault) => {
      const whole = fault.path.join('.');
      return whole === end || whole.endsWith(`.${end}`);
    });
    return found.length === 0 ? undefined : found.map(({ message }) => message).join('. ');
  }
}

interface Details {
  readonly faults?: readonly Fault[];
  readonly retryAfter?: number | undefined;
  readonly challenge?: string | undefined;
  readonly methods?: readonly string[] | undefined;
}

interface Extensions {
  readonly code?: string;
  readonly retryAfter?: number;
  readonly challenge?: string;
  readonly methods?: readonly string[];
  readonly error?: { readonly details?: { readonly errors?: readonly Fault[] } };
}

/** An error of an answer. */
export interface GivenError {
  readonly message: string;
  readonly path?: readonly (string | number)[] | undefined;
  readonly extensions?: Extensions | undefined;
}

/** Why there is no answer, or the first error of one. */
export function failureOf({ graphQLErrors, networkError }: CombinedError): Failure {
  if (graphQLErrors.length === 0) return new Failure(networkError?.message ?? '', 'UNREACHABLE');
  return failureOfErrors(graphQLErrors);
}

/** The first error of an answer, with the faults of all. */
export function failureOfErrors(errors: readonly GivenError[]): Failure {
  const [first] = errors;
  return new Failure(first?.message ?? '', first?.extensions?.code ?? 'INTERNAL_SERVER_ERROR', {
    faults: errors.flatMap(({ extensions }) => extensions?.error?.details?.errors ?? []),
    retryAfter: first?.extensions?.retryAfter,
    challenge: first?.extensions?.challenge,
    methods: first?.extensions?.methods,
  });
}
