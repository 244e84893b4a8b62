import { randomBytes } from 'node:crypto';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const CHARACTERS = `${LETTERS}0123456789`;

/** A new documentId for a row that is not written through Prisma: 24 characters like Prisma's, 123 random bits. */
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

/** The key to find one document by. */
export type DocumentKey =
  | { readonly key: 'id'; readonly value: number }
  | { readonly key: 'documentId'; readonly value: string };

/** Reads a key: a numeric id where the text has only digits, which a documentId never has. */
export function documentKey(text: string): DocumentKey {
  const id = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  return id < 2 ** 31 ? { key: 'id', value: id } : { key: 'documentId', value: text };
}

/** The same for a query's `where`. */
export function whereOf(key: DocumentKey): { readonly id: number } | { readonly documentId: string } {
  return key.key === 'id' ? { id: key.value } : { documentId: key.value };
}
