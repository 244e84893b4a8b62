import type { IncomingMessage } from 'node:http';
import { readAddress } from '../common/addresses.ts';

/**
 * The address that a request came from: that of the connection, or, behind so many proxies of ours, what the outermost of
 * them wrote into `X-Forwarded-For`. What stands further left there was sent by the client, and may be anything. Where one
 * of them wrote what is no address, it is the address of the nearest proxy that is known; empty where the client has hung
 * up meanwhile.
 */
export function clientAddress(
  { headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>,
  proxies: number,
): string {
  const forwarded = proxies > 0 ? [headers['x-forwarded-for'] ?? []].flat().join(',').split(',') : [];
  // From the nearest on: each address was written by the one before it.
  const hops = [socket.remoteAddress ?? '', ...forwarded.reverse().map(withoutPort)];
  let nearest = '';
  for (const hop of hops.slice(0, proxies + 1)) {
    const address = readAddress(hop);
    if (address === undefined) break;
    nearest = address;
  }
  return nearest;
}

/** `192.0.2.1:1234` and `[2001:db8::1]:1234`, as some proxies write them. */
function withoutPort(text: string): string {
  const address = text.trim();
  return /^\[(.*)\](?::\d+)?$/.exec(address)?.[1] ?? /^([\d.]+):\d+$/.exec(address)?.[1] ?? address;
}
