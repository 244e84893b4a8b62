import { randomBytes, randomUUID } from 'node:crypto';
import { newDocumentId } from './document-key.ts';
import type { GeneratedDefault } from './models.ts';

/**
 * The value of a default that the server computes, in the forms of Prisma's client: a row that is written with SQL looks like
 * one that Prisma wrote. `now` is the time of the write.
 */
export function generatedValue({ by, number }: GeneratedDefault, now: Date): string {
  switch (by) {
    case 'now':
      return now.toISOString();
    case 'cuid':
      return number === 2 ? newDocumentId() : firstCuid(now);
    case 'uuid':
      return number === 7 ? timeOrderedUuid(now) : randomUUID();
    case 'ulid':
      return ulid(now);
    case 'nanoid':
      return letters(NANOID, number ?? 21);
  }
}

const NANOID = 'useandom-26T198340PX75pxJACKVERYMINDBUSHWOLF_GQZbfghjklqvwyzrict';
const BASE32 = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const BASE36 = '0123456789abcdefghijklmnopqrstuvwxyz';

/** `c`, the time, and random characters in the place of counter and fingerprint. */
function firstCuid(now: Date): string {
  return `c${inBase(BASE36, now.getTime(), 8)}${letters(BASE36, 16)}`;
}

/** Version 7 of RFC 9562: 48 bits of time, then random ones. */
function timeOrderedUuid(now: Date): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(now.getTime(), 0, 6);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** 48 bits of time and 80 random ones, in Crockford's Base32. */
function ulid(now: Date): string {
  return inBase(BASE32, now.getTime(), 10) + letters(BASE32, 16);
}

function inBase(alphabet: string, value: number, length: number): string {
  let rest = value;
  let text = '';
  for (let position = 0; position < length; position++) {
    text = `${alphabet[rest % alphabet.length]}${text}`;
    rest = Math.floor(rest / alphabet.length);
  }
  return text;
}

/** Random characters, each with the same probability. */
function letters(alphabet: string, length: number): string {
  // Bytes from this number on would make the first characters more likely.
  const fair = 256 - (256 % alphabet.length);
  let text = '';
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < fair && text.length < length) text += alphabet[byte % alphabet.length];
    }
  }
  return text;
}
