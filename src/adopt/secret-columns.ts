import { wordsOf } from './names.ts';

/** Words in the names of columns that no client should read unless somebody has thought about it. */
const SECRET = new Set([
  'password',
  'passwd',
  'pwd',
  'pass',
  'passphrase',
  'passcode',
  'secret',
  'token',
  'salt',
  'hash',
  'digest',
  'otp',
  'totp',
  'pin',
  'cvv',
  'cvc',
  'ssn',
  'credential',
  'credentials',
  'signature',
  'encrypted',
  'apikey',
]);
const SECRET_PAIRS = new Set(['api key', 'private key', 'access key', 'signing key', 'card number', 'recovery codes']);

/** Whether the name of a column says that its values are secret. */
export function looksSecret(column: string): boolean {
  const words = wordsOf(column);
  return (
    words.some((word) => SECRET.has(word)) ||
    words.some((word, index) => SECRET_PAIRS.has(`${word} ${words[index + 1] ?? ''}`))
  );
}
