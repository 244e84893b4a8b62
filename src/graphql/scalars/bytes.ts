import { GraphQLError } from 'graphql';

/** Bytes of one value. */
const MAX_BYTES = 512 * 1024;
const BASE64 = /^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/;

/** Base64 with its padding, in the one form that stands for its bytes; undefined for anything else. */
export function bytesOf(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > (MAX_BYTES * 4) / 3 + 4 || !BASE64.test(value)) return undefined;
  return Buffer.from(value, 'base64').toString('base64'); // the last letter can have bits that stand for nothing
}

/** @throws GraphQLError for anything but base64 of at most 512 KB. */
export function parseBytes(value: unknown): string {
  const bytes = bytesOf(value);
  if (bytes === undefined) throw new GraphQLError('Bytes expects base64 with its padding, of at most 512 KB');
  return bytes;
}
