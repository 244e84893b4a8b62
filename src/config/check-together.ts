import { normalEmail } from '../accounts/emails.ts';
import { isAtOrBelow } from '../accounts/passkeys/relying-party.ts';
import { isOwnName } from '../accounts/passwords.ts';
import { readConnectionUrl } from '../database/connection-url.ts';
import { nearMisses } from './unknown-variables.ts';

/** Mistakes that would start a production server in development mode, or on a database that is lost with its container. */
export function leftOpen(
  environment: Readonly<Record<string, string | undefined>>,
  production: boolean,
): [string, string][] {
  const problems: [string, string][] = nearMisses(environment)
    .filter(({ meant }) => meant === 'NODE_ENV')
    .map(({ name }) => [name, 'expected NODE_ENV, which this is nearly']);
  // As a settings file writes it that fills in a missing variable.
  if (environment['NODE_ENV'] === '') {
    problems.push(['NODE_ENV', 'set to nothing; expected production, development or test, or no such variable']);
  }
  if (production && environment['DATABASE_URL'] === '') {
    problems.push(['DATABASE_URL', 'set to nothing; expected a URL, or no such variable for the embedded database']);
  }
  return problems;
}

/** Problems of variables that do not fit together. */
export function problemsBetween(
  given: Readonly<Record<string, string | undefined>>,
): [name: string, message: string][] {
  const problems: [string, string][] = [];
  const secretsIn = (list: string | undefined) => (list ?? '').split(',').map((secret) => secret.trim());
  // A secret with two uses lets what was made for one be taken for the other.
  const secrets = ['JWT_SECRET', 'ADMIN_JWT_SECRET', 'ENCRYPTION_KEY', 'STRAPI_JWT_SECRET'];
  for (const [index, name] of secrets.entries()) {
    for (const other of secrets.slice(0, index)) {
      const shared = secretsIn(given[name]).some((secret) => secret !== '' && secretsIn(given[other]).includes(secret));
      if (shared) problems.push([name, `expected another secret than ${other}`]);
    }
  }
  if (given['STRAPI_JWT_SECRET'] !== undefined && given['STRAPI_JWT_UNTIL'] === undefined) {
    problems.push(['STRAPI_JWT_UNTIL', 'expected a day, since STRAPI_JWT_SECRET is set']);
  }
  if (given['STRAPI_JWT_UNTIL'] !== undefined && given['STRAPI_JWT_SECRET'] === undefined) {
    problems.push(['STRAPI_JWT_SECRET', 'expected a secret, since STRAPI_JWT_UNTIL is set']);
  }
  if (given['ADMIN_EMAIL'] !== undefined && given['ADMIN_PASSWORD'] === undefined) {
    problems.push(['ADMIN_PASSWORD', 'expected a password, since ADMIN_EMAIL is set']);
  }
  if (given['ADMIN_PASSWORD'] !== undefined && given['ADMIN_EMAIL'] === undefined) {
    problems.push(['ADMIN_EMAIL', 'expected an e-mail address, since ADMIN_PASSWORD is set']);
  }
  // In development there is a key, and the URL is that of this machine.
  if (given['NODE_ENV'] === 'production' && ['ES256', 'EdDSA'].includes(given['TOKEN_ALGORITHM'] ?? '')) {
    const since = `since TOKEN_ALGORITHM is ${given['TOKEN_ALGORITHM']}`;
    if (given['ENCRYPTION_KEY'] === undefined) problems.push(['ENCRYPTION_KEY', `expected a secret, ${since}`]);
    if (given['PUBLIC_URL'] === undefined) {
      problems.push(['PUBLIC_URL', `expected the issuer of tokens, such as https://api.example.com, ${since}`]);
    }
  }
  const onlyTrusted = given['PERSISTED_QUERIES'] === 'only';
  if (onlyTrusted && given['PERSISTED_QUERIES_FILE'] === undefined) {
    problems.push(['PERSISTED_QUERIES_FILE', 'expected a file of trusted documents, since PERSISTED_QUERIES is only']);
  }
  if (!onlyTrusted && given['PERSISTED_QUERIES_FILE'] !== undefined) {
    problems.push(['PERSISTED_QUERIES', 'expected only, since PERSISTED_QUERIES_FILE is set']);
  }
  if (isOwnName(given['ADMIN_PASSWORD'] ?? '', [normalEmail(given['ADMIN_EMAIL'] ?? '')])) {
    problems.push(['ADMIN_PASSWORD', 'expected another password than the e-mail of ADMIN_EMAIL']);
  }
  problems.push(...problemsOfPasskeys(given['PUBLIC_URL'], given['WEBAUTHN_RP_ID']));
  problems.push(...problemsBetweenUrls(given['DATABASE_URL'], given['DATABASE_LISTEN_URL']));
  return problems;
}

/** A browser refuses a domain that the page's own is not, and not below. */
function problemsOfPasskeys(publicUrl: string | undefined, domain: string | undefined): [string, string][] {
  if (domain === undefined) return [];
  const id = domain.trim().toLowerCase();
  if (publicUrl === undefined) {
    return id === 'localhost' ? [] : [['PUBLIC_URL', 'expected a URL, since WEBAUTHN_RP_ID is set']];
  }
  if (!URL.canParse(publicUrl) || isAtOrBelow(new URL(publicUrl).hostname, id)) return [];
  return [['WEBAUTHN_RP_ID', 'expected the host of PUBLIC_URL, or a domain above it']];
}

function problemsBetweenUrls(
  url: string | undefined,
  listenUrl: string | undefined,
): [name: string, message: string][] {
  if (listenUrl === undefined) return [];
  if (url === undefined) return [['DATABASE_URL', 'expected a URL, since DATABASE_LISTEN_URL is set']];
  const [one, other] = [readConnectionUrl(url.trim()), readConnectionUrl(listenUrl.trim(), { pool: false })];
  if (!('target' in one && 'target' in other) || one.target.schema === other.target.schema) return [];
  return [['DATABASE_LISTEN_URL', 'expected the schema of DATABASE_URL']];
}
