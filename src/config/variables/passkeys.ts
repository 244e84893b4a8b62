import { z } from 'zod';
import { variable } from '../variable.ts';

/** What passkeys belong to, and where they are used. */
export function passkeyVariables() {
  return {
    WEBAUTHN_RP_ID: variable(domain().optional(), {
      description:
        'The domain that passkeys belong to: the host of `PUBLIC_URL`, or one above it, such as `example.com` for `https://api.example.com`. Browsers use them on its pages and on those below. With another one, every passkey has to be made again.',
      otherwise: 'the host of `PUBLIC_URL`',
      example: 'example.com',
    }),
    WEBAUTHN_ORIGINS: variable(origins().optional(), {
      description:
        'Origins of front ends whose pages use passkeys, besides that of `PUBLIC_URL`, separated by commas. Those of other domains are listed at `/.well-known/webauthn`, where browsers look for them.',
      otherwise: 'only that of `PUBLIC_URL`',
      example: 'https://app.example.com',
    }),
  };
}

function domain() {
  return z
    .string()
    .trim()
    .toLowerCase()
    .regex(
      /^(localhost|([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]*[a-z][a-z0-9-]*)$/,
      'expected a domain such as example.com, without https:// and without a port',
    );
}

function origins() {
  return z
    .string()
    .transform((list) => list.split(',').map((origin) => origin.trim()))
    .refine(
      (list) => list.every(isOrigin),
      'expected origins separated by commas, such as https://www.example.com; http: only for localhost',
    );
}

/** Browsers have passkeys on pages that came encrypted, and on those of this machine. */
function isOrigin(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { origin, protocol, hostname } = new URL(value);
  // A wildcard would be compared letter for letter, and match nothing.
  if (origin !== value || hostname.includes('*')) return false;
  return protocol === 'https:' || (protocol === 'http:' && /^(.+\.)?localhost$/.test(hostname));
}
