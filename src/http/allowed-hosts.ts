import { isIP } from 'node:net';

/** Whether a name always means this machine, whatever DNS says about it (RFC 6761, 6.3). */
export function isLocalhost(hostname: string): boolean {
  return hostname === '127.0.0.1' || hostname === '[::1]' || /^(?:[a-z0-9_-]+\.)*localhost$/.test(hostname);
}

/** Whether a server answers requests for this host: a `Host` header, with or without a port. */
export type IsAllowedHost = (host: string | undefined) => boolean;

/**
 * The hosts that a development server answers: names of this machine, the address it listens on, and its public host.
 *
 * Otherwise another site could point its own name at this machine (DNS rebinding) and use the server as the same origin, with
 * the well-known password of the demo administrator. IP addresses cannot be rebound: a server that listens on all addresses
 * answers any of them.
 */
export function allowedHosts({
  host,
  publicUrl,
}: {
  readonly host: string;
  readonly publicUrl: string;
}): IsAllowedHost {
  const listens = bare(host.includes(':') ? `[${host}]` : host);
  const everywhere = ['0.0.0.0', '[::]'].includes(listens);
  const named = [listens, bare(new URL(publicUrl).host)];
  return (given) => {
    const name = given === undefined ? '' : bare(given);
    if (isLocalhost(name) || named.includes(name)) return name !== '';
    return everywhere && isIP(name.replace(/^\[(.*)\]$/, '$1')) !== 0;
  };
}

/** The normalized name without the port; empty for an invalid host. */
function bare(host: string): string {
  const name = /^(\[[\d.:a-f]+\]|[^\s/?#@\\:[\]]+)(?::\d*)?$/i.exec(host)?.[1] ?? '';
  return name.toLowerCase().replace(/\.$/, '');
}
