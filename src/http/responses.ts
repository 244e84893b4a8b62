import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { ApiError, timedOut, unavailable } from '../common/errors.ts';
import { databaseFailureOf } from '../database/failures.ts';
import { JSON_TYPE, preferredType } from './media-type.ts';

/** Sends a value as JSON. */
export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'Content-Type': `${JSON_TYPE}; charset=utf-8` }).end(JSON.stringify(value));
}

/** Refuses a request in the shape of a GraphQL result, which every GraphQL client reads. */
export function sendError(request: IncomingMessage, response: ServerResponse, error: ApiError): void {
  const { message, extensions } = error;
  const mediaType = preferredType(request.headers.accept) ?? JSON_TYPE;
  sendRefusal(request, response, error, mediaType, { errors: [{ message, extensions }] });
}

/** Sends the body of a refusal with the status of its error. If an answer has begun, closes the connection instead. */
export function sendRefusal(
  request: IncomingMessage,
  response: ServerResponse,
  { status, extensions: { retryAfter } }: ApiError,
  mediaType: string,
  body: object,
): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response
    .writeHead(status, {
      'Content-Type': `${mediaType}; charset=utf-8`,
      ...(typeof retryAfter === 'number' && { 'Retry-After': String(retryAfter) }),
      // The unread rest of the body would be taken for the next request.
      ...(!request.complete && { Connection: 'close' }),
    })
    .end(JSON.stringify(body));
}

/** The error itself if it is an `ApiError`; otherwise a masked error, and logs the original. */
export function asApiError(error: unknown, requestId: string, log: Logger): ApiError {
  if (error instanceof ApiError) return error;
  const failure = databaseFailureOf(error);
  if (failure) {
    log.warn({ err: error, requestId }, `the database: ${failure}`);
    return failure === 'timeout' ? timedOut() : unavailable();
  }
  log.error({ err: error, requestId }, 'unexpected error');
  return new ApiError('INTERNAL_SERVER_ERROR', 'Internal Server Error', {}, { requestId });
}

/** Refuses malformed HTTP and requests that take too long, in the same shape as other errors, and closes the connection. */
export function refuseMalformed(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const { message, extensions } = new ApiError('BAD_REQUEST', 'The request is not well-formed HTTP');
  const body = JSON.stringify({ errors: [{ message, extensions }] });
  const [status, reason] =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? [431, 'Request Header Fields Too Large']
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? [408, 'Request Timeout']
        : [400, 'Bad Request'];
  const length = Buffer.byteLength(body);
  // Destroyed, not only ended: a client that keeps its side open would keep ours, and its next bytes would be parsed again.
  socket.end(
    `HTTP/1.1 ${status} ${reason}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n${body}`,
    () => socket.destroy(),
  );
  closeSoon(socket);
}

/** Closes a connection after its last answer, even if the client does not read it. */
export function closeSoon(socket: Duplex): void {
  const timer = setTimeout(() => socket.destroy(), 1_000).unref();
  socket.once('close', () => clearTimeout(timer));
}
