import type { ExecutionResult, GraphQLError } from 'graphql';

/** An answer for HTTP. */
export interface GraphqlAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Serializes a result for a media type. The status is the highest of those in the errors' `extensions.http` (GraphQL over HTTP,
 * 6.4).
 */
export function answerOf(result: ExecutionResult, mediaType: string): GraphqlAnswer {
  const { errors } = result;
  const headers: Record<string, string> = { 'Content-Type': `${mediaType}; charset=utf-8` };
  if (!errors?.length) return { status: 200, headers, body: JSON.stringify(result) };
  let status = 200;
  for (const { extensions } of errors) {
    const { http } = extensions;
    if (!http) continue;
    Object.assign(headers, http.headers);
    if (!(http.spec && mediaType === 'application/json')) status = Math.max(status, http.status ?? 200);
  }
  return { status, headers, body: JSON.stringify({ ...result, errors: errors.map(withoutHttp) }) };
}

/** Like `toJSON`, without `extensions.http`. Copying the error would compute its locations again. */
function withoutHttp({ message, locations, path, extensions: { http: _http, ...extensions } }: GraphQLError) {
  return { message, ...(locations && { locations }), ...(path && { path }), extensions };
}
