import type { IncomingMessage } from 'node:http';
import { readAddress } from '../common/addresses.ts';

/**
 * The client's address: the peer of the connection, or, behind this number of trusted proxies, what the outermost of them wrote
 * into `X-Forwarded-For`. Entries further left come from the client and are not trusted. When a proxy wrote an invalid
 * address, the last valid one before it is used. Empty when the client has disconnected.
 */
export function clientAddress(
  { headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>,
  proxies: number,
): string {
  const forwarded = proxies > 0 ? [headers['x-forwarded-for'] ?? []].flat().join(',').split(',') : [];
  // Nearest first: each hop reported the address of the next.
  const hops = [socket.remoteAddress ?? '', ...forwarded.reverse().map(withoutPort)];
  let nearest = '';
  for (const hop of hops.slice(0, proxies + 1)) {
    const address = readAddress(hop);
    if (address === undefined) break;
    nearest = address;
  }
  return nearest;
}

/** Some proxies write `192.0.2.1:1234` and `[2001:db8::1]:1234`. */
function withoutPort(text: string): string {
  const address = text.trim();
  return /^\[(.*)\](?::\d+)?$/.exec(address)?.[1] ?? /^([\d.]+):\d+$/.exec(address)?.[1] ?? address;
}
