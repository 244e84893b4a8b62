/** What is wrong with a URL, without a part of it that may be secret. */
export type UrlProblem = string;

/** A URL with a user and a password, as its parts, none of them percent-encoded any more. */
export interface UrlParts {
  readonly protocol: string;
  readonly user: string;
  readonly password: string;
  readonly host: string;
  readonly port: string;
  /** Without its first slash. */
  readonly path: string;
  readonly parameters: readonly (readonly [name: string, value: string])[];
}

/**
 * Takes a URL apart, and refuses one that comes apart elsewhere than its writer meant: a password with a character that
 * ends it would be taken for a port, a path or a parameter, and be shown as one.
 */
export function readUrl(
  text: string,
  protocols: readonly string[],
): UrlParts | { readonly problems: readonly UrlProblem[] } {
  const problem = (words: string) => ({ problems: [words] });
  const start = protocols.map((protocol) => `${protocol}//`).find((one) => text.toLowerCase().startsWith(one));
  if (!start) return problem(`expected a URL that begins with ${protocols.map((one) => `${one}//`).join(' or ')}`);
  const authority = /^[^/?#]*/.exec(text.slice(start.length))?.[0] ?? '';
  const rest = text.slice(start.length + authority.length);
  if (rest.includes('@') || rest.includes('#')) return problem(ENCODE);
  if (/%(?![0-9a-f]{2})/i.test(text)) return problem(ENCODE);
  if (!URL.canParse(text)) {
    const hosts = authority.split('@').at(-1) ?? '';
    // Several hosts are the one thing beside a password that is often there and is no URL.
    return problem(
      /^[\w.-]+(:\d+)?(,[\w.-]+(:\d+)?)+$/.test(hosts)
        ? 'expected one host: put what finds the primary in front of several'
        : `expected a URL such as ${start}user:password@host:5432/name; ${ENCODE}`,
    );
  }
  try {
    const url = new URL(text);
    return {
      protocol: url.protocol,
      user: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
      host: decodeURIComponent(url.hostname).replace(/^\[(.*)\]$/, '$1'),
      port: url.port,
      path: decodeURIComponent(url.pathname.replace(/^\//, '')),
      parameters: [...url.searchParams],
    };
  } catch {
    return problem(ENCODE); // percent-encoded, and not UTF-8
  }
}

const ENCODE =
  'in a user or a password, write % as %25, @ as %40, : as %3A, / as %2F, ? as %3F and # as %23 (encodeURIComponent does)';
