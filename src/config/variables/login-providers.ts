import { z } from 'zod';
import { readRedirect } from '../../accounts/providers/redirects.ts';
import { url } from '../formats.ts';
import { variable } from '../variable.ts';

/** What all login providers have in common. */
export function loginVariables() {
  return {
    LOGIN_REDIRECTS: variable(redirects().optional(), {
      description:
        'The pages of front ends that a login with a provider, or at `/account/login`, may return to, separated by commas: an origin, or an origin and the beginning of a path. The first is used where a front end names none.',
      otherwise: 'only the page that is set for a provider, and `/account/login`',
      example: 'https://app.example.com/login',
    }),
  };
}

function redirects() {
  const expected = 'expected addresses such as https://app.example.com/login, separated by commas';
  return z.string().transform((list, context) => {
    const read = list.split(',').map((address) => readRedirect(address.trim()));
    if (read.every((address) => address !== undefined)) return read.map((address) => address.href);
    context.addIssue({ code: 'custom', message: expected, input: undefined });
    return z.NEVER;
  });
}

/** The variables of one login provider, by the end of their names: `OIDC_NAME_ISSUER` and so on, where NAME is the provider's. */
export function loginProviderVariables() {
  return {
    ISSUER: variable(url(['https:', 'http:']).optional(), {
      description:
        'The issuer of a provider of OpenID Connect, as its discovery document names it. `http:` only on this machine, and not in production.',
      otherwise: '`GOOGLE`, `MICROSOFT`, `GITHUB`, `GITLAB` and `DISCORD` are known; required for others',
      example: 'https://login.example.com',
    }),
    CLIENT_ID: variable(z.string().trim().min(1).max(1_000).optional(), {
      description: 'What the provider calls this application.',
      example: 'gatehouse',
    }),
    CLIENT_SECRET: variable(z.string().trim().min(1).max(1_000).optional(), {
      description: "The application's secret at the provider.",
    }),
    LABEL: variable(z.string().trim().min(1).max(100).optional(), {
      description: 'The name on buttons.',
      otherwise: 'made of the name in the variable',
      example: 'Our company',
    }),
    SCOPES: variable(
      z
        .string()
        .trim()
        .regex(/^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/, 'expected scopes with a space between')
        .optional(),
      {
        description: 'The scopes to ask for, with a space between.',
        otherwise: '`openid profile email`, or what a known provider needs',
      },
    ),
    LINK: variable(z.enum(['verified', 'never'], { error: 'expected verified or never' }).optional(), {
      description:
        '`verified`: who comes with an e-mail that the provider has verified is logged in to the account with that confirmed address. `never`: only to an account that was linked before.',
      otherwise: '`verified` for Google, GitLab.com and one tenant of Microsoft; `never` for others',
    }),
  } satisfies Record<string, z.ZodType>;
}

/** For the documentation, which has them once for all providers. */
export function aboutLoginProviderVariables(): Readonly<Record<string, z.ZodType>> {
  return Object.fromEntries(
    Object.entries(loginProviderVariables()).map(([end, schema]) => [`OIDC_NAME_${end}`, schema]),
  );
}
