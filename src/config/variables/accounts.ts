import { z } from 'zod';
import { faultsOfEmail } from '../../accounts/emails.ts';
import { faultsOfNewPassword } from '../../accounts/passwords.ts';
import { isPublicPassword, PUBLIC_PASSWORD } from '../../accounts/public-password.ts';
import { TOKEN_ALGORITHMS } from '../../authentication/signing-keys/algorithms.ts';
import { duration, wholeNumber } from '../formats.ts';
import { variable } from '../variable.ts';

/** Tokens, passwords and attempts, of users and of administrators. */
export function accountVariables(production: boolean) {
  const secret = secrets();
  return {
    JWT_SECRET: variable(production ? secret : secret.optional(), {
      description:
        'Signs the tokens of users: at least 32 random bytes (`openssl rand -base64 48`). To change it without logging anybody out, put the new secret before the old one, separated by a comma.',
      otherwise: 'development: made once and kept in `DATA_DIR`; production: required',
    }),
    ADMIN_JWT_SECRET: variable(production ? secret : secret.optional(), {
      description: 'Signs the tokens of administrators: a different secret.',
      otherwise: 'development: made once and kept in `DATA_DIR`; production: required',
    }),
    ENCRYPTION_KEY: variable(secret.optional(), {
      description:
        'Encrypts the secrets that the server itself has to read again, such as client secrets of login providers. To change it, put the new key before the old one, separated by a comma.',
      otherwise: 'development: made once and kept in `DATA_DIR`; production: such secrets are not stored',
    }),
    JWT_EXPIRES_IN: variable(duration('30d'), {
      description: "Life of a user's token: a number and `s`, `m`, `h`, `d` or `w`.",
      default: '30d',
    }),
    TOKEN_ALGORITHM: variable(z.enum(TOKEN_ALGORITHMS, { error: 'expected HS256, ES256 or EdDSA' }).default('HS256'), {
      description:
        'How tokens of users are signed. `HS256`: with `JWT_SECRET`; `ES256` or `EdDSA`: with a key pair in the database, so that other services can verify them. Those two need `ENCRYPTION_KEY` and, in production, `PUBLIC_URL`.',
      default: 'HS256',
    }),
    TOKEN_KEY_ROTATION: variable(
      duration('90d').refine((seconds) => seconds >= 3_600, 'expected an hour or more, such as 90d'),
      { description: 'The time after which a key pair is replaced by the next one.', default: '90d' },
    ),
    ADMIN_JWT_EXPIRES_IN: variable(duration('12h'), {
      description: "Life of an administrator's token.",
      default: '12h',
    }),
    ADMIN_EMAIL: variable(
      z
        .string()
        .refine((value) => faultsOfEmail(value).length === 0, 'expected an e-mail address')
        .optional(),
      {
        description: 'The first administrator, created at start when there is none.',
        otherwise:
          'development: a demo administrator; production: `registerFirstAdmin` with the code that the server prints',
      },
    ),
    ADMIN_PASSWORD: variable(adminPassword(production).optional(), {
      description: "The first administrator's password.",
    }),
    BCRYPT_COST: variable(wholeNumber(10, 16).default(10), {
      description: "The cost of a password's hash, from 10 to 16. Each step doubles the work of a login.",
      default: '10',
    }),
    PASSWORD_THREADS: variable(wholeNumber(1, 64).optional(), {
      description: 'Threads that hash passwords.',
      otherwise: 'one for each processor',
      example: '2',
    }),
    // Developers log in all day, and so do their tests.
    AUTH_RATE_LIMIT: variable(attempts().default(production ? 10 : 600), {
      description:
        'Attempts a minute to log in and the like, from one address on one account; ten times that on all accounts together. `off`: attempts are not counted.',
      otherwise: 'production: `10`; development: `600`',
      example: '10',
    }),
  };
}

/** One secret, or several with commas between. */
function secrets() {
  const each = (test: (secret: string) => boolean) => (list: readonly string[]) => list.every(test);
  return z
    .string({ error: 'required in production, at least 32 bytes (openssl rand -base64 48)' })
    .transform((value) => value.split(',').map((secret) => secret.trim()) as [string, ...string[]]) // split makes one at least
    .refine(
      each((secret) => Buffer.byteLength(secret) >= 32),
      'expected at least 32 bytes, of each where there are several (openssl rand -base64 48)',
    )
    .refine(
      each((secret) => new Set(secret).size >= 8),
      'expected random characters (openssl rand -base64 48)',
    )
    .refine((list) => new Set(list).size === list.length, 'expected secrets that differ from each other');
}

function adminPassword(production: boolean) {
  return z.string().superRefine((password, context) => {
    const [fault] = faultsOfNewPassword(password, { path: [], minLength: 8, names: [] });
    const message = fault?.message ?? (production && isPublicPassword(password) ? PUBLIC_PASSWORD : undefined);
    // The faults of a password never repeat it.
    if (message) context.addIssue({ code: 'custom', message: `expected another one: ${message}`, input: undefined });
  });
}

function attempts() {
  const expected = 'expected off, or a whole number of attempts a minute from 1 to 10000';
  return z
    .string()
    .regex(/^(off|\d{1,5})$/, expected)
    .transform((value) => (value === 'off' ? value : Number(value)))
    .refine((value) => value === 'off' || (value >= 1 && value <= 10_000), expected);
}
