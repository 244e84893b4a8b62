import type { Key, KeyPart, KeyType } from './key.ts';

/*
 * The documentId of a row whose key is one column is the text of that column. Of several columns, each is written in base64url,
 * and they are joined by dots. Whatever is not written so is the documentId of no row: each row has exactly one.
 */

/** The values of a key as texts, by column. */
export type KeyTexts = readonly string[];

/** The documentId of the row with these values. */
export function documentIdOf(texts: KeyTexts): string {
  return texts.length === 1 ? (texts[0] ?? '') : texts.map(encoded).join('.');
}

/** The values that a documentId is made of; undefined for a text that is the documentId of no row. */
export function textsOf({ parts }: Key, documentId: string): KeyTexts | undefined {
  const texts = parts.length === 1 ? [documentId] : decodedAll(documentId, parts.length);
  return texts?.every((text, index) => isValue(text, parts[index])) ? texts : undefined;
}

/** The same as values of JavaScript, by the names of the columns, as Prisma takes them. */
export function valuesOf(key: Key, documentId: string): Readonly<Record<string, unknown>> | undefined {
  const texts = textsOf(key, documentId);
  return (
    texts && Object.fromEntries(key.parts.map(({ name, type }, index) => [name, prismaValue(type, texts[index] ?? '')]))
  );
}

/** The documentId of a row that Prisma read, with the columns of its key. */
export function documentIdIn({ parts }: Key, row: Readonly<Record<string, unknown>>): string {
  return documentIdOf(
    parts.map(({ name, type }) => {
      const text = String(row[name]);
      return type === 'bpchar' ? withoutBlanks(text) : text;
    }),
  );
}

function encoded(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64url');
}

function decodedAll(documentId: string, count: number): KeyTexts | undefined {
  const written = documentId.split('.', count + 1);
  if (written.length !== count) return undefined;
  const texts = written.map((one) => Buffer.from(one, 'base64url').toString('utf8'));
  return texts.every((text, index) => encoded(text) === written[index]) ? texts : undefined;
}

/** Whether PostgreSQL writes a value of the column in this way, and in no other. */
function isValue(text: string, part: KeyPart | undefined): boolean {
  switch (part?.type) {
    case 'int2':
    case 'int4':
    case 'int8':
      return /^(?:0|-?[1-9]\d{0,18})$/.test(text) && isWithin(BigInt(text), BITS[part.type]);
    case 'uuid':
      return /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/.test(text);
    case 'bpchar':
      return isStorable(text) && withoutBlanks(text) === text;
    default:
      return isStorable(text);
  }
}

const BITS = { int2: 16, int4: 32, int8: 64 };

function isWithin(value: bigint, bits: number): boolean {
  return BigInt.asIntN(bits, value) === value;
}

function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

/** The blanks at the end of a `char(n)` are no part of its value. */
function withoutBlanks(text: string): string {
  let length = text.length;
  while (text[length - 1] === ' ') length--;
  return text.slice(0, length);
}

function prismaValue(type: KeyType, text: string): unknown {
  if (type === 'int8') return BigInt(text);
  return type === 'int2' || type === 'int4' ? Number(text) : text;
}
