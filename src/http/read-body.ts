import type { IncomingMessage } from 'node:http';
import { ApiError } from '../common/errors.ts';

/** The maximum size of a request body, in bytes. */
export const MAX_BODY = 1024 * 1024;

/**
 * Reads the whole body of a request as UTF-8. `onBytes` is called with the length of each chunk.
 *
 * @throws ApiError PAYLOAD_TOO_LARGE as soon as the body exceeds the limit; BAD_REQUEST when it is not UTF-8.
 */
export async function readBody(request: IncomingMessage, onBytes = (_length: number): void => {}): Promise<string> {
  checkLength(request);
  const chunks: Buffer[] = [];
  let length = 0;
  // No encoding is set, so chunks are bytes.
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BODY) throw tooLarge();
    chunks.push(chunk);
    onBytes(chunk.length);
  }
  return asText(Buffer.concat(chunks));
}

/** Refuses invalid UTF-8: replacement characters would make different passwords equal. */
function asText(bytes: Buffer): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    throw new ApiError('BAD_REQUEST', 'The body of a request has to be UTF-8');
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** @throws ApiError PAYLOAD_TOO_LARGE when `Content-Length` exceeds the limit. */
export function checkLength(request: IncomingMessage): void {
  if (Number(request.headers['content-length']) > MAX_BODY) throw tooLarge();
}

function tooLarge(): ApiError {
  return new ApiError('PAYLOAD_TOO_LARGE', `The body of a request may have ${MAX_BODY} bytes at most`);
}
