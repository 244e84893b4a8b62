import { isIP } from 'node:net';

/** This server as authenticators know it (WebAuthn's relying party). */
export interface RelyingParty {
  /** The host that passkeys belong to. Browsers use them on it and below, and on the related origins. */
  readonly id: string;
  /** What browsers show. */
  readonly name: string;
  /** The origin of this server. */
  readonly own: string;
  /** The origins whose pages may use passkeys of users: this server's, and those of front ends. */
  readonly origins: readonly string[];
  /** Those of other sites. Browsers have to find them in a document at the host. */
  readonly related: readonly string[];
}

export interface RelyingPartyConfig {
  readonly publicUrl: string;
  /** The host of the public URL where undefined. */
  readonly rpId: string | undefined;
  /** Of front ends that are elsewhere. */
  readonly origins: readonly string[];
}

/** Undefined for a server without a name: browsers have no passkeys for an address. On this machine the name is `localhost`. */
export function relyingPartyOf({ publicUrl, rpId, origins }: RelyingPartyConfig): RelyingParty | undefined {
  const url = new URL(publicUrl);
  if (isLoopback(url.hostname)) url.hostname = 'localhost';
  const id = rpId ?? url.hostname;
  if (isAddress(id)) return undefined;
  const all = [...new Set([url.origin, ...origins])];
  return {
    ...{ id, name: url.host, own: url.origin },
    origins: all,
    related: all.filter((origin) => !isAtOrBelow(new URL(origin).hostname, id)),
  };
}

/** Whether a host is another one, or below it. */
export function isAtOrBelow(host: string, other: string): boolean {
  return host === other || host.endsWith(`.${other}`);
}

function isLoopback(hostname: string): boolean {
  return hostname === '[::1]' || (isIP(hostname) === 4 && hostname.startsWith('127.'));
}

function isAddress(hostname: string): boolean {
  return hostname.startsWith('[') || isIP(hostname) !== 0;
}
