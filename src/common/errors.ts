import { GraphQLError } from 'graphql';

/** Every error that a client can get: its code, Strapi's name for it, and the HTTP status of a request refused with it. */
const ERRORS = {
  BAD_USER_INPUT: { name: 'ValidationError', status: 400 },
  APPLICATION_ERROR: { name: 'ApplicationError', status: 400 },
  UNAUTHENTICATED: { name: 'UnauthorizedError', status: 401 },
  SECOND_FACTOR_REQUIRED: { name: 'UnauthorizedError', status: 401 },
  STEP_UP_REQUIRED: { name: 'ForbiddenError', status: 403 },
  FORBIDDEN: { name: 'ForbiddenError', status: 403 },
  NOT_FOUND: { name: 'NotFoundError', status: 404 },
  RATE_LIMITED: { name: 'RateLimitError', status: 429 },
  INTERNAL_SERVER_ERROR: { name: 'InternalServerError', status: 500 },
  // Errors of the HTTP request, before there is an operation:
  BAD_REQUEST: { name: 'BadRequestError', status: 400 },
  CSRF: { name: 'ForbiddenError', status: 400 },
  METHOD_NOT_ALLOWED: { name: 'MethodNotAllowedError', status: 405 },
  NOT_ACCEPTABLE: { name: 'NotAcceptableError', status: 406 },
  PAYLOAD_TOO_LARGE: { name: 'PayloadTooLargeError', status: 413 },
  MISDIRECTED_REQUEST: { name: 'MisdirectedRequestError', status: 421 },
  EXPECTATION_FAILED: { name: 'ExpectationFailedError', status: 417 },
  UNSUPPORTED_MEDIA_TYPE: { name: 'UnsupportedMediaTypeError', status: 415 },
  TOKEN_LIMIT_EXCEEDED: { name: 'ValidationError', status: 400 },
  DEPTH_LIMIT_EXCEEDED: { name: 'ValidationError', status: 400 },
  FIELD_LIMIT_EXCEEDED: { name: 'ValidationError', status: 400 },
  ALIAS_LIMIT_EXCEEDED: { name: 'ValidationError', status: 400 },
  ROOT_FIELD_LIMIT_EXCEEDED: { name: 'ValidationError', status: 400 },
  DIRECTIVE_LIMIT_EXCEEDED: { name: 'ValidationError', status: 400 },
  REPETITION_LIMIT_EXCEEDED: { name: 'ValidationError', status: 400 },
  INPUT_LIMIT_EXCEEDED: { name: 'ValidationError', status: 400 },
  INPUT_DEPTH_LIMIT_EXCEEDED: { name: 'ValidationError', status: 400 },
  COST_LIMIT_EXCEEDED: { name: 'ValidationError', status: 400 },
  ANSWER_LIMIT_EXCEEDED: { name: 'ValidationError', status: 400 },
  PERSISTED_QUERY_NOT_FOUND: { name: 'NotFoundError', status: 400 },
  PERSISTED_QUERY_NOT_SUPPORTED: { name: 'BadRequestError', status: 400 },
  PERSISTED_QUERY_ONLY: { name: 'ForbiddenError', status: 400 },
  GRAPHQL_PARSE_FAILED: { name: 'ValidationError', status: 400 },
  GRAPHQL_VALIDATION_FAILED: { name: 'ValidationError', status: 400 },
  BAD_GATEWAY: { name: 'BadGatewayError', status: 502 },
  SERVICE_UNAVAILABLE: { name: 'ServiceUnavailableError', status: 503 },
  TIMEOUT: { name: 'TimeoutError', status: 503 },
} as const;

/** The closed list of `extensions.code`. */
export type ErrorCode = keyof typeof ERRORS;

/** One validation error: the path in the input and a message. Never the value. */
export interface Fault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** An error for the client. Anything else that is thrown is a bug and is masked. */
export class ApiError extends GraphQLError {
  override readonly name = 'ApiError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, details: object = {}, extensions: object = {}) {
    super(message, {
      extensions: { code, error: { name: ERRORS[code].name, message, details }, ...extensions },
    });
    this.code = code;
  }

  /** The HTTP status when the whole request is refused with this error. */
  get status(): number {
    return ERRORS[this.code].status;
  }
}

/** The HTTP status of a code when the whole request is refused with it. */
export function statusOf(code: ErrorCode): number {
  return ERRORS[code].status;
}

/** Invalid input: all validation errors together, each at its path. */
export function invalidInput(faults: readonly Fault[]): ApiError {
  const [only] = faults;
  const message = faults.length === 1 && only ? only.message : `${faults.length} errors occurred`;
  return new ApiError('BAD_USER_INPUT', message, {
    errors: faults.map(({ path, message }) => ({ path, message, name: 'ValidationError' })),
  });
}

/** @throws ApiError BAD_USER_INPUT when there are any. */
export function refuse(faults: readonly Fault[]): void {
  if (faults.length > 0) throw invalidInput(faults);
}

/** The messages of an error: one for each validation error, not only their number. */
export function reasonsOf(error: ApiError): readonly string[] {
  // As the constructor above made it.
  const { details } = error.extensions['error'] as {
    readonly details: { readonly errors?: readonly { readonly message: string }[] };
  };
  return details.errors?.map(({ message }) => message) ?? [error.message];
}

/** What is wrong with an input, from the error that says it. */
export function faultsIn(error: ApiError): readonly Fault[] {
  // As `invalidInput` made it.
  const { details } = error.extensions['error'] as { readonly details: { readonly errors?: readonly Fault[] } };
  return details.errors?.map(({ path, message }) => ({ path, message })) ?? [{ path: [], message: error.message }];
}

/** Invalid input that no single field is to blame for. */
export function badInput(message: string): ApiError {
  return new ApiError('BAD_USER_INPUT', message);
}

/** A rule of the application forbids it. */
export function applicationError(message: string): ApiError {
  return new ApiError('APPLICATION_ERROR', message);
}

/** The credential is not valid. The message is the same for every reason. */
export function invalidCredential(reason: string): ApiError {
  return new ApiError('UNAUTHENTICATED', 'Missing or invalid credentials', {}, { reason });
}

/** The login is right, and one more step is needed: its answer is sent with the challenge. */
export function secondFactorRequired(step: {
  readonly challenge: string;
  readonly methods: readonly string[];
}): ApiError {
  const { challenge, methods } = step;
  return new ApiError('SECOND_FACTOR_REQUIRED', 'One more step is needed to log in', {}, { challenge, methods });
}

/** The act is sensitive, and the viewer has to prove again who they are first, in one of these ways. */
export function stepUpRequired(methods: readonly string[]): ApiError {
  return new ApiError('STEP_UP_REQUIRED', 'Confirm that it is you first, then try again', {}, { methods });
}

/** The viewer lacks an action. The error names it, so that an administrator knows what to add to the role. */
export function forbidden(action?: string, extensions: object = {}): ApiError {
  return new ApiError('FORBIDDEN', 'Forbidden access', action === undefined ? {} : { action }, extensions);
}

/** Too many attempts. `retryAfter`: seconds until the next one is allowed. */
export function rateLimited(retryAfter: number): ApiError {
  return new ApiError('RATE_LIMITED', 'Too many requests, please try again later.', {}, { retryAfter });
}

/** Something that the operation needs is unavailable. `retryAfter`: seconds until a retry makes sense. */
export function unavailable(message = 'The database does not answer'): ApiError {
  return new ApiError('SERVICE_UNAVAILABLE', message, {}, { retryAfter: 5 });
}

/** The operation took too long and was ended. */
export function timedOut(): ApiError {
  return new ApiError('TIMEOUT', 'The operation took too long: ask for less at once');
}

/** The answer would exceed its size limit. A query is refused whole; what a mutation wrote stays written. */
export function answerTooLarge(most: number, ran: 'query' | 'mutation' = 'query'): ApiError {
  const message =
    ran === 'query'
      ? `The answer would have more than ${most} bytes: ask for less at once`
      : `The mutation was run, and what it wrote is written. Its answer would have more than ${most} bytes: ask for less of it`;
  return new ApiError('ANSWER_LIMIT_EXCEEDED', message);
}

/** Update or delete of a document that does not exist. */
export function notFound(message: string): ApiError {
  return new ApiError('NOT_FOUND', message);
}
