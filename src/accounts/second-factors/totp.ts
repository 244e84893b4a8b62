import { Secret, TOTP } from 'otpauth';

/** Seconds of a step. Apps know no other, and no other algorithm or number of digits either (RFC 6238). */
const PERIOD = 30;
const DIGITS = 6;
const ALGORITHM = 'SHA1';
/** Steps before and after now whose codes work, for clocks that differ. */
const WINDOW = 1;

/** A new secret of 160 random bits, in Base32. */
export function newTotpSecret(): string {
  return new Secret({ size: 20 }).base32;
}

/**
 * The address that an app reads from the QR code.
 *
 * @param issuer the server, as the app shows it.
 * @param label the account, as the app shows it.
 */
export function totpUri(
  secret: string,
  { issuer, label }: { readonly issuer: string; readonly label: string },
): string {
  const options = { issuer, label, secret: Secret.fromBase32(secret), algorithm: ALGORITHM, digits: DIGITS };
  return new TOTP({ ...options, period: PERIOD }).toString();
}

/** The step whose code this is, at most one away from now; undefined if there is none. Blanks in the code are ignored. */
export function stepOfTotp(secret: string, typed: string, now: Date): number | undefined {
  const token = typed.replaceAll(/\s/g, '');
  if (!CODE.test(token)) return undefined;
  const given = { secret: Secret.fromBase32(secret), algorithm: ALGORITHM, digits: DIGITS, period: PERIOD };
  const timestamp = now.getTime();
  const delta = TOTP.validate({ ...given, token, timestamp, window: WINDOW });
  return delta === null ? undefined : TOTP.counter({ period: PERIOD, timestamp }) + delta;
}

const CODE = /^[0-9]{6}$/;
