import type { ExecutionResult, GraphQLError } from 'graphql';

/** What goes over HTTP. */
export interface OperationAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What an error asks of the answer that it is part of. It says so in its extensions, under `http`: no client is told. */
export interface AnswerStatus {
  readonly status: number;
  /** Whether who asked for plain `application/json` gets 200 all the same (GraphQL over HTTP, 6.4.1). */
  readonly spec: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * A finished result in a media type. Of the statuses that its errors ask for, the answer has the greatest: by the rules of
 * Yoga, which answers the same results when they come to it.
 */
export function answerOf(result: ExecutionResult, mediaType: string): OperationAnswer {
  const { errors } = result;
  const headers: Record<string, string> = { 'Content-Type': `${mediaType}; charset=utf-8` };
  if (!errors?.length) return { status: 200, headers, body: JSON.stringify(result) };
  let status = 200;
  for (const { extensions } of errors) {
    const { http } = extensions as { readonly http?: AnswerStatus };
    if (!http) continue;
    Object.assign(headers, http.headers);
    if (!(http.spec && mediaType === 'application/json')) status = Math.max(status, http.status);
  }
  return { status, headers, body: JSON.stringify({ ...result, errors: errors.map(told) }) };
}

/** As `toJSON` writes it, without what is for us. A copy would search the document for its place again. */
function told({ message, locations, path, extensions: { http: _http, ...extensions } }: GraphQLError) {
  return { message, ...(locations && { locations }), ...(path && { path }), extensions };
}
