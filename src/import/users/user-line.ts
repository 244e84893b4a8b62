import { z } from 'zod';
import { NO_PASSWORD } from '../../accounts/public-password.ts';
import type { ImportedIdentity } from '../accounts.ts';
import { DIGESTS, ENCODINGS, formOfHash, HASH_KINDS } from './hash-forms.ts';

/** A user of the file, by the number of the line. */
export interface FileUser {
  readonly line: number;
  readonly email: string;
  /** Undefined: made from the e-mail. */
  readonly username: string | undefined;
  readonly passwordHash: string;
  readonly confirmed: boolean;
  readonly blocked: boolean;
  readonly roles: readonly string[];
  readonly identities: readonly ImportedIdentity[];
  readonly createdAt: Date | undefined;
}

const text = (most: number) => z.string().max(most);
const count = () =>
  z
    .int()
    .min(1)
    .max(2 ** 31);

const IDENTITY = z.strictObject({
  provider: z.string().regex(/^[\w-]{1,64}$/),
  subject: z.string().trim().min(1).max(255),
  email: text(320).nullish(),
  emailVerified: z.boolean().nullish(),
});

const USER = z.strictObject({
  email: text(1_000),
  username: text(1_000).nullish(),
  passwordHash: text(2_000).nullish(),
  hash: z.enum(HASH_KINDS).nullish(),
  salt: text(1_000).optional(),
  saltEncoding: z.enum(ENCODINGS).optional(),
  encoding: z.enum(ENCODINGS).optional(),
  saltSeparator: text(1_000).optional(),
  signerKey: text(1_000).optional(),
  memoryCost: count().optional(),
  rounds: count().optional(),
  digest: z.enum(DIGESTS).optional(),
  iterations: count().optional(),
  confirmed: z.boolean().nullish(),
  blocked: z.boolean().nullish(),
  roles: z.array(text(255)).max(20).nullish(),
  identities: z.array(IDENTITY).max(20).nullish(),
  createdAt: z.iso.datetime({ offset: true }).nullish(),
});

/** Reads a line. A fault says which key is wrong, and repeats nothing of the line. */
export function readUser(line: number, content: string, now: Date): FileUser | { readonly fault: string } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(content);
  } catch {
    return { fault: 'not JSON' }; // the error of JSON.parse quotes the line
  }
  const { data, error } = USER.safeParse(parsed);
  if (error) return { fault: faultIn(error) };
  const { hash, passwordHash, createdAt } = data;
  if (/[\0\p{Surrogate}]/u.test(content) || /\\u0000|\\ud[89ab]/i.test(content)) {
    const texts = JSON.stringify(parsed);
    if (!texts.isWellFormed() || /\\u0000|\\ud[89a-f]/i.test(texts)) return { fault: 'a text that cannot be stored' };
  }
  if ((hash ?? undefined) === undefined && passwordHash != null)
    return { fault: 'hash is missing: the kind of passwordHash' };
  if (hash != null && passwordHash == null) return { fault: 'passwordHash is missing' };
  const form = hash == null || passwordHash == null ? NO_PASSWORD : formOfHash(hash, { ...data, passwordHash });
  if (form === undefined)
    return { fault: `passwordHash is none of the kind ${hash}, or would cost too much to compare` };
  const created = createdAt == null ? undefined : new Date(createdAt);
  if (created && (created > now || created.getTime() < 0)) return { fault: 'createdAt is not in the past' };
  return {
    line,
    email: data.email.trim(),
    username: data.username?.trim() || undefined,
    passwordHash: form,
    confirmed: data.confirmed ?? false,
    blocked: data.blocked ?? false,
    roles: [...new Set(data.roles ?? [])],
    identities: (data.identities ?? []).map(({ provider, subject, email, emailVerified }) => ({
      provider,
      subject,
      email: email ?? null,
      emailVerified: emailVerified ?? false,
    })),
    createdAt: created,
  };
}

const KEYS = Object.keys(USER.shape).join(', ');

function faultIn({ issues: [issue] }: z.ZodError): string {
  if (issue?.code === 'unrecognized_keys') return `a key that is not known. Known are ${KEYS}`;
  const path = issue?.path.join('.') ?? '';
  return path === '' ? 'not an object' : `${path} is missing or not valid`;
}
