import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseCookie, stringifySetCookie } from 'cookie';
import type { RefreshCookie } from '../graphql/context.ts';
import { type AllowedOrigins, isNamed } from './cors.ts';

export interface RefreshCookieOptions {
  /** The URL at which clients reach this server. */
  readonly publicUrl: string;
  readonly allowedOrigins: AllowedOrigins;
}

/**
 * The refresh token as a cookie that no script can read and that browsers send from pages of the same site only. It is ignored
 * from a page whose origin is not allowed.
 */
export function refreshCookieOf(
  request: IncomingMessage,
  response: ServerResponse,
  { publicUrl, allowedOrigins }: RefreshCookieOptions,
): RefreshCookie {
  const { origin: own, protocol } = new URL(publicUrl);
  const secure = protocol === 'https:';
  // With this prefix, browsers accept the cookie from this host only, over TLS, and send it to no other host (RFC 6265bis).
  const name = secure ? '__Host-gatehouse-refresh' : 'gatehouse-refresh';
  const { origin } = request.headers;
  const trusted =
    origin === undefined
      ? request.headers['sec-fetch-site'] !== 'cross-site'
      : origin === own || isNamed(origin, allowedOrigins);
  let value = trusted ? parseCookie(request.headers.cookie ?? '')[name] : undefined;

  function send(token: string, maxAge: number): void {
    const attributes = { path: '/', httpOnly: true, sameSite: 'strict', secure } as const;
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
