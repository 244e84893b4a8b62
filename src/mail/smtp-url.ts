import { readUrl, type UrlProblem } from '../common/url.ts';

/** A mail server, as nodemailer's options. */
export interface SmtpServer {
  readonly host: string;
  readonly port?: number;
  /** TLS from the first byte (`smtps://`). */
  readonly secure: boolean;
  readonly auth?: { readonly user: string; readonly pass: string };
  readonly [option: string]: unknown;
}

/** Parses an SMTP URL with nodemailer's parameters. Unsupported ones are problems. No problem repeats a value. */
export function readSmtpUrl(
  text: string,
): { readonly server: SmtpServer } | { readonly problems: readonly UrlProblem[] } {
  const url = readUrl(text, ['smtp:', 'smtps:']);
  if ('problems' in url) return url;
  const secure = url.protocol === 'smtps:';
  const problems: UrlProblem[] = [];
  if (url.host === '') problems.push('expected a host');
  if (url.path !== '') problems.push('expected nothing after the port but parameters');
  const options: Record<string, unknown> = {};
  const tls: Record<string, unknown> = {};
  const seen = new Set<string>();
  for (const [name, value] of url.parameters) {
    const option = OPTIONS[name];
    const read = option?.(value);
    const shown = /^[a-z][a-z.]{0,40}$/i.test(name) ? name : 'a parameter';
    if (!option) problems.push(`${shown} is not supported${INSTEAD[name] ? `: ${INSTEAD[name]}` : ''}`);
    else if (seen.has(name)) problems.push(`${shown} is there twice`);
    else if (read === undefined) problems.push(`${shown} ${EXPECTED[name] ?? 'expected true or false'}`);
    else if (name.startsWith('tls.')) tls[name.slice(4)] = read;
    else options[name] = read;
    seen.add(name);
  }
  if (options['ignoreTLS'] === true && (secure || options['requireTLS'] === true)) {
    problems.push('ignoreTLS contradicts smtps:// and requireTLS');
  }
  if (options['pool'] !== true && (seen.has('maxConnections') || seen.has('maxMessages'))) {
    problems.push('maxConnections and maxMessages need pool=true');
  }
  if (problems.length > 0) return { problems };
  return {
    server: {
      host: url.host,
      ...(url.port !== '' && { port: Number(url.port) }),
      secure,
      ...((url.user !== '' || url.password !== '') && { auth: { user: url.user, pass: url.password } }),
      ...options,
      ...(Object.keys(tls).length > 0 && { tls }),
    },
  };
}

const flag = (value: string) => (value === 'true' ? true : value === 'false' ? false : undefined);
const number = (value: string) => (/^[1-9]\d{0,5}$/.test(value) ? Number(value) : undefined);
const hostName = (value: string) => (/^[\w.:[\]-]{1,253}$/.test(value) ? value : undefined);
const oneOf = (values: readonly string[]) => (value: string) => values.find((one) => one === value);

const METHODS = ['PLAIN', 'LOGIN', 'CRAM-MD5'];
const VERSIONS = ['TLSv1.2', 'TLSv1.3'];

/** The supported parameters. */
const OPTIONS: Readonly<Record<string, (value: string) => string | number | boolean | undefined>> = {
  name: hostName,
  pool: flag,
  maxConnections: number,
  maxMessages: number,
  requireTLS: flag,
  ignoreTLS: flag,
  authMethod: oneOf(METHODS),
  'tls.rejectUnauthorized': flag,
  'tls.servername': hostName,
  'tls.minVersion': oneOf(VERSIONS),
};

const EXPECTED: Readonly<Record<string, string>> = {
  name: 'expected the name of this host',
  'tls.servername': 'expected a host',
  maxConnections: 'expected a whole number from 1',
  maxMessages: 'expected a whole number from 1',
  authMethod: `expected one of ${METHODS.join(', ')}`,
  'tls.minVersion': `expected one of ${VERSIONS.join(', ')}`,
};

const INSTEAD: Readonly<Record<string, string>> = {
  secure: 'write smtps:// for TLS from the first byte, smtp:// otherwise',
  logger: 'it would log the password',
  debug: 'it would log the password',
  from: 'set MAIL_FROM',
};
