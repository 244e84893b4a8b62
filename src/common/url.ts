/** A problem of a URL, in words without a part of the URL that may be secret. */
export type UrlProblem = string;

/** The parts of a URL with a user and a password, percent-decoded. */
export interface UrlParts {
  readonly protocol: string;
  readonly user: string;
  readonly password: string;
  readonly host: string;
  readonly port: string;
  /** Without the leading slash. */
  readonly path: string;
  readonly parameters: readonly (readonly [name: string, value: string])[];
}

/**
 * Splits a URL into its parts, and refuses one with an unescaped character in its password: a part of the password would be
 * read, and shown, as a port, a path or a parameter.
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
    // A list of hosts is the only other common text that is not a URL.
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
