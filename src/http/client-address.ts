import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/**
 * The address that a request came from: that of the connection, or, behind so many proxies of ours, what the outermost of
 * them wrote into `X-Forwarded-For`. What stands further left there was sent by the client, and may be anything.
 */
export function clientAddress(
  { headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>,
  proxies: number,
): string {
  const forwarded = proxies > 0 ? [headers['x-forwarded-for'] ?? []].flat().join(',').split(',') : [];
  // From the nearest on: each address was written by the one before it.
  const hops = [socket.remoteAddress ?? '', ...forwarded.reverse().map(withoutPort)];
  const trusted = hops.slice(0, proxies + 1);
  const end = trusted.findIndex((address) => isIP(address) === 0);
  return plain(trusted.at(end === -1 ? -1 : Math.max(end - 1, 0)) ?? '');
}

/** `192.0.2.1:1234` and `[2001:db8::1]:1234`, as some proxies write them. */
function withoutPort(text: string): string {
  const address = text.trim();
  return /^\[(.*)\](?::\d+)?$/.exec(address)?.[1] ?? /^([\d.]+):\d+$/.exec(address)?.[1] ?? address;
}

/** An IPv4 address is the same one when it comes over a socket of IPv6. */
function plain(address: string): string {
  return /^::ffff:([\d.]+)$/i.exec(address)?.[1] ?? address;
}
