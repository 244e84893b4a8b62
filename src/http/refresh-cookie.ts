import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseCookie, stringifySetCookie } from 'cookie';
import type { RefreshCookie } from '../graphql/context.ts';
import { type AllowedOrigins, isNamed } from './cors.ts';

export interface RefreshCookieOptions {
  /** The URL at which clients reach this server. */
  readonly publicUrl: string;
  readonly allowedOrigins: AllowedOrigins;
}

/** Whose refresh token: each realm has its own cookie. */
export type CookieOf = 'users' | 'administrators';

interface Cookie {
  readonly name: string;
  readonly path: string;
  readonly secure: boolean;
  /** Whether the page that sends a request may use the cookie. */
  readonly isTrusted: (request: IncomingMessage) => boolean;
}

/**
 * The refresh token as a cookie that no script can read and that browsers send from pages of the same site only. It is ignored
 * from a page whose origin is not allowed.
 */
export function refreshCookieOf(
  request: IncomingMessage,
  response: ServerResponse,
  options: RefreshCookieOptions,
  of: CookieOf,
): RefreshCookie {
  const { name, path, secure, isTrusted } = COOKIES[of](options);
  let value = isTrusted(request) ? parseCookie(request.headers.cookie ?? '')[name] : undefined;

  function send(token: string, maxAge: number): void {
    const attributes = { path, httpOnly: true, sameSite: 'strict', secure } as const;
    response.setHeader('Set-Cookie', stringifySetCookie({ name, value: token, maxAge, ...attributes }));
  }

  return {
    get token() {
      return value;
    },
    set(token, expiresAt) {
      value = token;
      send(token, Math.max(0, Math.floor((expiresAt.getTime() - Date.now()) / 1_000)));
    },
    clear() {
      value = undefined;
      send('', 0);
    },
  };
}

const COOKIES: Readonly<Record<CookieOf, (options: RefreshCookieOptions) => Cookie>> = {
  /** Of front ends, which may have another origin. */
  users({ publicUrl, allowedOrigins }) {
    const { origin: own, protocol } = new URL(publicUrl);
    const secure = protocol === 'https:';
    return {
      // With this prefix, browsers accept the cookie from this host only, over TLS, and send it to no other host (RFC 6265bis).
      name: secure ? '__Host-gatehouse-refresh' : 'gatehouse-refresh',
      path: '/',
      secure,
      isTrusted({ headers: { origin, ...headers } }) {
        if (origin === undefined) return headers['sec-fetch-site'] !== 'cross-site';
        return origin === own || isNamed(origin, allowedOrigins);
      },
    };
  },
  /** Of the administration, whose pages have the origin of this server. No other origin is trusted, whatever CORS allows. */
  administrators({ publicUrl }) {
    const { origin: own, protocol, pathname } = new URL(publicUrl);
    const secure = protocol === 'https:';
    return {
      // The prefix __Host- needs the path /, and every other path of this host would get the cookie then.
      name: secure ? '__Secure-gatehouse_admin' : 'gatehouse_admin',
      path: `${pathname.replace(/\/+$/, '')}/admin/graphql`,
      secure,
      isTrusted({ headers }) {
        const { origin, host } = headers;
        const site = headers['sec-fetch-site'];
        // Browsers set it where they trust the connection, and scripts cannot. A proxy may have changed the host, and a page
        // may have another name of this server than PUBLIC_URL.
        if (site !== undefined) return site === 'same-origin';
        if (origin === undefined) return true; // no browser: they name the origin of every POST
        return origin === own || (host !== undefined && URL.parse(origin)?.host === host);
      },
    };
  },
};
