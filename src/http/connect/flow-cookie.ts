import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseCookie, stringifySetCookie } from 'cookie';
import { FLOW_LIFE } from '../../accounts/providers/flow.ts';

/** What a browser keeps while its user is at a login provider. */
export interface FlowCookie {
  readonly value: string | undefined;
  set(flow: string): void;
  clear(): void;
}

/**
 * The flow as a cookie that no script can read. The provider's page leads back here, so browsers have to send it with links of
 * other sites; what they post from there does not count.
 */
export function flowCookieOf(
  request: IncomingMessage,
  response: ServerResponse,
  { publicUrl }: { readonly publicUrl: string },
): FlowCookie {
  const secure = new URL(publicUrl).protocol === 'https:';
  // With this prefix, browsers accept the cookie from this host only, over TLS, and send it to no other host (RFC 6265bis).
  const name = secure ? '__Host-gatehouse-flow' : 'gatehouse-flow';
  const send = (value: string, maxAge: number) =>
    response.setHeader(
      'Set-Cookie',
      stringifySetCookie({ name, value, maxAge, path: '/', httpOnly: true, sameSite: 'lax', secure }),
    );
  return {
    value: parseCookie(request.headers.cookie ?? '')[name],
    set: (flow) => void send(flow, FLOW_LIFE / 1_000),
    clear: () => void send('', 0),
  };
}
