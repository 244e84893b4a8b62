/** Longer addresses do not fit into the cookie of a flow. */
const LONGEST = 1_000;

/**
 * Reads the address of a front end's page; undefined if it is none that a login can return to. Everything by which browsers and
 * servers could read an address differently is refused.
 */
export function readRedirect(text: string): URL | undefined {
  if (text.length > LONGEST || /[\\#\s\p{Cc}\p{Cf}]/u.test(text) || !/^https?:\/\/[^/?]/i.test(text)) return undefined;
  const [beforeQuery = ''] = text.split('?', 1);
  const [, path = ''] = /^[^:]+:\/\/[^/]+(.*)$/.exec(beforeQuery) ?? [];
  const isPlain = path.split('/').every((segment) => segment !== '.' && segment !== '..');
  if (!isPlain || /%(2e|2f|5c|00)/i.test(path) || path.includes('//')) return undefined;
  const url = URL.parse(text);
  if (!url || url.username !== '' || url.password !== '' || beforeQuery.includes('@')) return undefined;
  return url;
}

/**
 * Finds the page that a login returns to: the one that was asked for, if the list has its origin and the beginning of its path,
 * segment by segment; the first of the list, if none was asked for. Undefined if it is refused, or the list is empty.
 */
export function allowedRedirect(asked: string | null, allowed: readonly string[]): URL | undefined {
  const known = allowed.flatMap((address) => readRedirect(address) ?? []);
  if (asked === null) return known[0];
  const url = readRedirect(asked);
  return url && known.some((one) => covers(one, url)) ? url : undefined;
}

function covers(allowed: URL, url: URL): boolean {
  if (allowed.origin !== url.origin) return false;
  const prefix = allowed.pathname.replace(/\/$/, '');
  return url.pathname === prefix || url.pathname.startsWith(`${prefix}/`);
}

/** The address with parameters. Those of the same names that it had are replaced. */
export function withParameters(address: string, parameters: Readonly<Record<string, string>>): string {
  const url = new URL(address);
  // A front end's own `code` or `error` must not be taken for ours.
  for (const name of ['code', 'error', 'error_description']) url.searchParams.delete(name);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}
