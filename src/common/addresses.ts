import { isIP, isIPv4 } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * An address of IPv4 or IPv6 in the one form that it is kept and compared in: IPv6 as short as it can be (RFC 5952) and
 * without a zone, which means something on the machine that wrote it only; IPv4 that came over IPv6 as IPv4. Undefined for
 * a text that is no address.
 */
export function readAddress(text: string): string | undefined {
  if (isIPv4(text)) return text;
  if (isIP(text) === 0) return undefined; // the library also reads `127.1`, `0x7f.1` and a port behind a zone
  const [address = ''] = text.split('%', 1);
  return ipaddr.process(address).toString();
}

/**
 * Whose address it is: that of a whole network where one client is given one. Who has an address of IPv6 has 2^64 of them.
 * Anything that is no address is itself.
 */
export function networkOf(address: string): string {
  const known = readAddress(address);
  if (known === undefined || isIPv4(known)) return known ?? address;
  const parsed = ipaddr.IPv6.parse(known);
  // One network for all of IPv4 (RFC 6052): there each address is somebody else.
  return parsed.range() === 'rfc6052' ? known : new ipaddr.IPv6([...parsed.parts.slice(0, 4), 0, 0, 0, 0]).toString();
}
