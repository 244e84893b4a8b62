import { bcryptForm } from '../../accounts/foreign-hashes/bcrypt.ts';
import { firebaseForm } from '../../accounts/foreign-hashes/firebase-scrypt.ts';
import { unpadded } from '../../accounts/foreign-hashes/foreign-hash.ts';
import { PBKDF2_DIGESTS, type Pbkdf2Digest, pbkdf2Form } from '../../accounts/foreign-hashes/pbkdf2.ts';
import { scryptForm } from '../../accounts/foreign-hashes/scrypt.ts';
import { isForeignForm } from '../../accounts/foreign-hashes.ts';

/** The hash of a password as another system writes it, and what belongs to it. */
export interface WrittenHash {
  readonly passwordHash: string;
  readonly salt?: string | undefined;
  readonly saltEncoding?: Encoding | undefined;
  readonly encoding?: Encoding | undefined;
  readonly saltSeparator?: string | undefined;
  readonly signerKey?: string | undefined;
  readonly memoryCost?: number | undefined;
  readonly rounds?: number | undefined;
  readonly digest?: Pbkdf2Digest | undefined;
  readonly iterations?: number | undefined;
}

export const ENCODINGS = ['base64', 'hex', 'utf8'] as const;
export type Encoding = (typeof ENCODINGS)[number];

export const DIGESTS = Object.keys(PBKDF2_DIGESTS) as readonly Pbkdf2Digest[]; // the keys of a literal

/** How each kind of hash becomes the form that a login compares. Undefined: not a hash of this kind. */
const FORMS = {
  bcrypt: ({ passwordHash }) => bcryptForm(passwordHash),
  argon2: ({ passwordHash }) => passwordHash,
  scrypt: ({ passwordHash }) => passwordHash,
  'scrypt-better-auth': ({ passwordHash }) => betterAuthForm(passwordHash),
  'scrypt-firebase': firebaseFormOf,
  pbkdf2: pbkdf2FormOf,
  'pbkdf2-django': ({ passwordHash }) => djangoForm(passwordHash),
  'pbkdf2-aspnet': ({ passwordHash }) => aspNetForm(passwordHash),
} as const satisfies Readonly<Record<string, (hash: WrittenHash) => string | undefined>>;

export type HashKind = keyof typeof FORMS;
export const HASH_KINDS = Object.keys(FORMS) as readonly HashKind[]; // the keys of a literal

/** The form of a hash that `users.passwordHash` keeps; undefined if no login can compare it, or it costs too much. */
export function formOfHash(kind: HashKind, hash: WrittenHash): string | undefined {
  const form = FORMS[kind](hash);
  return form !== undefined && isForeignForm(form) ? form : undefined;
}

/** better-auth hashes with the salt as the text that it shows. */
function betterAuthForm(text: string): string | undefined {
  const [, salt, result] = /^([\da-f]{16,128}):([\da-f]{128})$/.exec(text) ?? [];
  if (salt === undefined || result === undefined) return undefined;
  return scryptForm({ logN: 14, r: 16, p: 1 }, Buffer.from(salt), Buffer.from(result, 'hex'));
}

function firebaseFormOf(hash: WrittenHash): string | undefined {
  const { memoryCost, rounds } = hash;
  const [salt, saltSeparator] = [bytesOf(hash.salt, 'base64'), bytesOf(hash.saltSeparator ?? '', 'base64')];
  const [signerKey, result] = [bytesOf(hash.signerKey, 'base64'), bytesOf(hash.passwordHash, 'base64')];
  if (memoryCost === undefined || rounds === undefined || !salt || !saltSeparator || !signerKey || !result)
    return undefined;
  return firebaseForm({ memoryCost, rounds, salt, saltSeparator, signerKey }, result);
}

/** A PHC string, passlib's string, or a result with its parameters. */
function pbkdf2FormOf({ passwordHash, salt, saltEncoding, encoding, digest, iterations }: WrittenHash) {
  if (passwordHash.startsWith('$')) {
    const passlib = /^\$pbkdf2(-sha256|-sha512|)\$(\d{1,9})\$([A-Za-z\d./]+)\$([A-Za-z\d./]+)$/.exec(passwordHash);
    if (!passlib) return passwordHash;
    const [, name, count, ...bytes] = passlib;
    return `$pbkdf2${name || '-sha1'}$i=${count}$${bytes.map((text) => text.replaceAll('.', '+')).join('$')}`;
  }
  const [salted, result] = [bytesOf(salt, saltEncoding ?? 'base64'), bytesOf(passwordHash, encoding ?? 'base64')];
  if (digest === undefined || iterations === undefined || !salted || !result) return undefined;
  return pbkdf2Form(digest, iterations, salted, result);
}

/** `pbkdf2_sha256$600000$salt$base64`: the salt is text. */
function djangoForm(text: string): string | undefined {
  const [, digest, count, salt, result] = /^pbkdf2_(sha1|sha256)\$(\d{1,9})\$([^$]+)\$([^$]+)$/.exec(text) ?? [];
  const bytes = bytesOf(result, 'base64');
  if (salt === undefined || !bytes) return undefined;
  return pbkdf2Form(digest as Pbkdf2Digest, Number(count), Buffer.from(salt), bytes); // the pattern allows no other
}

const PRF: Readonly<Record<number, Pbkdf2Digest>> = { 0: 'sha1', 1: 'sha256', 2: 'sha512' };

/** Version 3 of ASP.NET Core Identity: a mark, the digest, iterations and length of the salt, salt and result. */
function aspNetForm(text: string): string | undefined {
  const bytes = bytesOf(text, 'base64');
  if (!bytes || bytes.length < 13 || bytes[0] !== 1) return undefined;
  const digest = PRF[bytes.readUInt32BE(1)];
  const end = 13 + bytes.readUInt32BE(9);
  if (digest === undefined || end >= bytes.length) return undefined;
  return pbkdf2Form(digest, bytes.readUInt32BE(5), bytes.subarray(13, end), bytes.subarray(end));
}

/** The bytes of a text; undefined if it is not one of this encoding. Base64 may have the digits for URLs, and no padding. */
function bytesOf(text: string | undefined, encoding: Encoding): Buffer | undefined {
  if (text === undefined) return undefined;
  if (encoding === 'utf8') return Buffer.from(text);
  const bytes = Buffer.from(text, encoding);
  if (encoding === 'hex') return bytes.toString('hex') === text.toLowerCase() ? bytes : undefined;
  const plain = text.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '');
  return unpadded(bytes) === plain ? bytes : undefined;
}
