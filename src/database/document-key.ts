import { randomBytes } from 'node:crypto';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const CHARACTERS = `${LETTERS}0123456789`;

/** A new documentId, for a row that is written by a statement of our own: 24 characters as Prisma's are, 123 random bits. */
export function newDocumentId(): string {
  const random = randomBytes(32).toString('hex');
  let rest = BigInt(`0x${random}`);
  let id = '';
  for (const characters of [LETTERS, ...Array.from({ length: 23 }, () => CHARACTERS)]) {
    id += characters[Number(rest % BigInt(characters.length))];
    rest /= BigInt(characters.length);
  }
  return id;
}

/** What one document is found by. */
export type DocumentKey =
  | { readonly key: 'id'; readonly value: number }
  | { readonly key: 'documentId'; readonly value: string };

/** A numeric id, where the text is one; a documentId never consists of digits alone. */
export function documentKey(text: string): DocumentKey {
  const id = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  return id < 2 ** 31 ? { key: 'id', value: id } : { key: 'documentId', value: text };
}

/** The same for a query's `where`. */
export function whereOf(key: DocumentKey): { readonly id: number } | { readonly documentId: string } {
  return key.key === 'id' ? { id: key.value } : { documentId: key.value };
}
