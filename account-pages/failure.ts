import { config, words } from './config.ts';

/** One fault of the input: the field, and why. */
export interface Fault {
  readonly field: string;
  readonly message: string;
}

/** An error of the API. */
export interface ApiFailure {
  readonly message: string;
  readonly extensions?: {
    readonly code?: string;
    readonly reason?: string;
    readonly challenge?: string;
    readonly methods?: readonly string[];
    readonly error?: {
      readonly details?: {
        readonly errors?: readonly { readonly path: readonly (string | number)[]; readonly message: string }[];
      };
    };
  };
}

/** Why something was not done, in the language of the page. */
export class Failure extends Error {
  readonly code: string;
  readonly faults: readonly Fault[];
  /** What a login or an act that needs one more step is completed with. */
  readonly challenge: string;
  readonly methods: readonly string[];

  constructor(message: string, code = '', { extensions }: Partial<ApiFailure> = {}) {
    super(message);
    this.code = code;
    this.challenge = extensions?.challenge ?? '';
    this.methods = extensions?.methods ?? [];
    this.faults = (extensions?.error?.details?.errors ?? []).map(({ path, message: why }) => ({
      field: String(path.at(-1) ?? ''),
      message: inLanguage(why),
    }));
  }
}

export function failureOf(error: ApiFailure): Failure {
  return new Failure(inLanguage(error.message), error.extensions?.code, error);
}

/** What the page says of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Failure ? error.message : words.unexpected;
}

function inLanguage(message: string): string {
  return new Map(Object.entries(config.messages)).get(message) ?? message;
}
