import { createHash } from 'node:crypto';

/** What a document is known by (SHA-256, in hexadecimal digits). */
export function documentHash(document: string): string {
  return createHash('sha256').update(document).digest('hex');
}
