import { isIP, isIPv4 } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * Reads an IP address into its canonical form: IPv6 shortened (RFC 5952) and without a zone, which has a meaning only on
 * the machine that wrote it; IPv4-mapped IPv6 as IPv4. Undefined for a text that is not an address.
 */
export function readAddress(text: string): string | undefined {
  if (isIPv4(text)) return text;
  if (isIP(text) === 0) return undefined; // the library also accepts `127.1`, `0x7f.1` and a port after a zone
  const [address = ''] = text.split('%', 1);
  return ipaddr.process(address).toString();
}

/**
 * The network that stands for one client: the address itself for IPv4, the /64 network for IPv6, of which one client has all
 * 2^64 addresses. A text that is not an address is returned unchanged.
 */
export function networkOf(address: string): string {
  const known = readAddress(address);
  if (known === undefined || isIPv4(known)) return known ?? address;
  const parsed = ipaddr.IPv6.parse(known);
  // This network holds all of IPv4 (RFC 6052): each address in it is another client.
  return parsed.range() === 'rfc6052' ? known : new ipaddr.IPv6([...parsed.parts.slice(0, 4), 0, 0, 0, 0]).toString();
}
