import { z } from 'zod';
import { flag, host, url, wholeNumber } from '../formats.ts';
import { variable } from '../variable.ts';

/** Where the server listens, and who may reach it. */
export function serverVariables() {
  return {
    NODE_ENV: variable(
      z.enum(['development', 'test', 'production'], { error: 'expected production, development or test' }).optional(),
      {
        description: '`production` closes what development opens. `test` is the same as `development`.',
        default: 'development',
      },
    ),
    HOST: variable(host().default('127.0.0.1'), {
      description:
        'The address to listen on; `0.0.0.0` for every address of the machine. In development the server answers to `localhost`, `HOST` and the host of `PUBLIC_URL` only.',
      default: '127.0.0.1',
    }),
    PORT: variable(wholeNumber(0, 65_535).default(4000), { description: 'The port to listen on.', default: '4000' }),
    PUBLIC_URL: variable(publicUrl().optional(), {
      description:
        'This server as its clients see it; links in mails begin with it. It can have a path (`https://example.com/auth`), which a proxy can pass on or remove.',
      otherwise: '`http://HOST:PORT`',
      example: 'https://api.example.com',
    }),
    CORS_ORIGINS: variable(origins().optional(), {
      description:
        'Origins of the web pages that can use this server, separated by commas; `*` for all. An origin has no path and no `/` at its end.',
      otherwise: 'development: any page of localhost; production: its own pages only',
      example: 'https://www.example.com',
    }),
    TRUST_PROXY: variable(wholeNumber(0, 10).default(0), {
      description:
        'Number of proxies in front of the server. The server trusts that many entries of `X-Forwarded-For`.',
      default: '0',
    }),
    REST: variable(flag('on', 'off').default(true), {
      description: 'The REST paths of Strapi for accounts (`/api/auth/…`, `/api/users/me`): `on` or `off`.',
      default: 'on',
    }),
    ADMIN_PANEL: variable(flag('on', 'off').default(true), {
      description: 'The panel of the administration at `/admin`: `on` or `off`. `/admin/graphql` is there either way.',
      default: 'on',
    }),
    ACCOUNT_PAGES: variable(flag('on', 'off').default(true), {
      description:
        'The pages to log in, to register and to keep an account at `/account`: `on` or `off`. The pages that mails lead to are there either way.',
      default: 'on',
    }),
    SEED_DEMO: variable(flag('true', 'false').optional(), {
      description: 'The example data and the demo users, when the database is empty: `true` or `false`.',
      otherwise: 'development: `true`; production: `false`',
    }),
    WORKERS: variable(wholeNumber(1, 256).optional(), {
      description: 'Processes that `npm run start:cluster` starts.',
      otherwise: 'one for each processor',
      example: '2',
    }),
  };
}

/** An origin, with or without a path, and without a `/` at its end. */
function publicUrl() {
  return url(['http:', 'https:'])
    .transform((value) => new URL(value))
    .refine(
      ({ username, password, search, hash }) => username + password + search + hash === '',
      'expected a URL without a query, a # or a password',
    )
    .refine(
      // `/admin/graphql` would be the administration's, and `/graphql` behind this.
      ({ pathname }) => pathname.replace(/\/+$/, '') !== '/admin',
      'expected another path than /admin, where the administration is',
    )
    .transform(({ origin, pathname }) => `${origin}${pathname.replace(/\/+$/, '')}`);
}

function origins() {
  const isOrigin = (value: string) => value === '*' || (URL.canParse(value) && new URL(value).origin === value);
  return z
    .string()
    .transform((list) => list.split(',').map((origin) => origin.trim()))
    .refine((list) => list.every(isOrigin), 'expected origins separated by commas, such as https://www.example.com');
}
