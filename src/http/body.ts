import type { IncomingMessage } from 'node:http';
import { ApiError } from '../errors.ts';

/** The most bytes that a request may bring. */
export const MAX_BODY = 1024 * 1024;

/**
 * The body of a request, whole, as UTF-8. `onBytes` is told of each piece of it.
 *
 * @throws ApiError PAYLOAD_TOO_LARGE as soon as it is known to be longer than the bound.
 */
export async function readBody(request: IncomingMessage, onBytes = (_length: number): void => {}): Promise<string> {
  checkLength(request);
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BODY) throw tooLarge();
    chunks.push(chunk);
    onBytes(chunk.length);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** @throws ApiError PAYLOAD_TOO_LARGE for a body that says itself that it is longer than the bound. */
export function checkLength(request: IncomingMessage): void {
  if (Number(request.headers['content-length']) > MAX_BODY) throw tooLarge();
}

function tooLarge(): ApiError {
  return new ApiError('PAYLOAD_TOO_LARGE', `The body of a request may have ${MAX_BODY} bytes at most`);
}
