import type { IncomingMessage } from 'node:http';
import { ApiError } from '../common/errors.ts';

/** The most bytes that a request may bring. */
export const MAX_BODY = 1024 * 1024;

/**
 * The body of a request, whole, as UTF-8. `onBytes` is told of each piece of it.
 *
 * @throws ApiError PAYLOAD_TOO_LARGE as soon as it is known to be longer than the bound; BAD_REQUEST when it is not UTF-8.
 */
export async function readBody(request: IncomingMessage, onBytes = (_length: number): void => {}): Promise<string> {
  checkLength(request);
  const chunks: Buffer[] = [];
  let length = 0;
  // No encoding was set: its chunks are bytes.
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BODY) throw tooLarge();
    chunks.push(chunk);
    onBytes(chunk.length);
  }
  return asText(Buffer.concat(chunks));
}

/** Each byte that is no UTF-8 would become the same character, so that two different passwords were one. */
function asText(bytes: Buffer): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    throw new ApiError('BAD_REQUEST', 'The body of a request has to be UTF-8');
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** @throws ApiError PAYLOAD_TOO_LARGE for a body that says itself that it is longer than the bound. */
export function checkLength(request: IncomingMessage): void {
  if (Number(request.headers['content-length']) > MAX_BODY) throw tooLarge();
}

function tooLarge(): ApiError {
  return new ApiError('PAYLOAD_TOO_LARGE', `The body of a request may have ${MAX_BODY} bytes at most`);
}
