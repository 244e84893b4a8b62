import { Secret, TOTP } from 'otpauth';

/** An app that shows codes, written with the library and not with our code. */
export function authenticator(secret: string): (at?: number) => string {
  return (timestamp = Date.now()) => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp });
}
