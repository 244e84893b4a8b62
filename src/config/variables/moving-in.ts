import { z } from 'zod';
import { variable } from '../variable.ts';

/** What Strapi had issued before a project moved in, and for how long it is accepted. */
export function movingInVariables() {
  return {
    STRAPI_API_TOKEN_SALT: variable(z.string().trim().optional(), {
      description:
        "Strapi's `API_TOKEN_SALT`. Imported API tokens are accepted with the secrets that Strapi made of them.",
      otherwise: 'imported API tokens need a new secret',
    }),
    STRAPI_JWT_SECRET: variable(
      z
        .string()
        .trim()
        .refine((secret) => Buffer.byteLength(secret) >= LEAST_BYTES, `expected at least ${LEAST_BYTES} bytes`)
        .optional(),
      {
        description:
          "Strapi's `JWT_SECRET`. `exchangeStrapiToken` logs in by a token that Strapi issued before the import. Needs `STRAPI_JWT_UNTIL`.",
        otherwise: 'no token of Strapi is exchanged',
      },
    ),
    STRAPI_JWT_UNTIL: variable(date().optional(), {
      description: 'The last day on which tokens of Strapi are exchanged, in UTC. Needs `STRAPI_JWT_SECRET`.',
      example: '2026-12-31',
    }),
  };
}

/** Of a shorter secret, a token shows by trial and error which it is. */
const LEAST_BYTES = 16;

const DAY = 86_400_000;

/** The end of a day. */
function date() {
  const expected = 'expected a day, such as 2026-12-31';
  return z
    .string()
    .trim()
    .regex(/^\d{4}-\d{2}-\d{2}$/, expected)
    .transform((day, context) => {
      const begin = new Date(`${day}T00:00:00Z`);
      // JavaScript reads 31 February as a day of March.
      if (!Number.isNaN(begin.getTime()) && begin.toISOString().startsWith(day)) return new Date(begin.getTime() + DAY);
      context.addIssue({ code: 'custom', message: expected, input: undefined });
      return z.NEVER;
    });
}
