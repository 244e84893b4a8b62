import { isIP } from 'node:net';

/** Whether a name is one of this machine only, whatever a server of names says about it (RFC 6761, 6.3). */
export function isLocalhost(hostname: string): boolean {
  return hostname === '127.0.0.1' || hostname === '[::1]' || /^(?:[a-z0-9_-]+\.)*localhost$/.test(hostname);
}

/** The `Host` of a request, with or without a port. */
export type AnswersTo = (host: string | undefined) => boolean;

/**
 * Which hosts a server of development answers to: names of this machine, the address it listens on, and its public one. A
 * page of another site can have its own name lead to this machine (DNS rebinding), and would be let in for a page of the
 * server itself, to an administrator whose password everybody knows. An address is no such name: where the server listens on
 * all addresses of the machine, it answers to any.
 */
export function answersTo({ host, publicUrl }: { readonly host: string; readonly publicUrl: string }): AnswersTo {
  const listens = bare(host.includes(':') ? `[${host}]` : host);
  const everywhere = ['0.0.0.0', '[::]'].includes(listens);
  const named = [listens, bare(new URL(publicUrl).host)];
  return (given) => {
    const name = given === undefined ? '' : bare(given);
    if (isLocalhost(name) || named.includes(name)) return name !== '';
    return everywhere && isIP(name.replace(/^\[(.*)\]$/, '$1')) !== 0;
  };
}

/** Without the port, in the one form that a name has; empty for what is no host. */
function bare(host: string): string {
  const name = /^(\[[\d.:a-f]+\]|[^\s/?#@\\:[\]]+)(?::\d*)?$/i.exec(host)?.[1] ?? '';
  return name.toLowerCase().replace(/\.$/, '');
}
