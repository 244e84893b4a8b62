/** A hash that another system made. It comes from a file, which chose what it costs: the forms have bounds. */
export interface ForeignHash {
  /** Bytes that a comparison takes for its time. */
  readonly memory: number;
  /** Compares in the calling thread. Takes up to one second of a processor. */
  matches(password: string): boolean;
}

/** The most memory of one comparison, in bytes. */
export const MEMORY_LIMIT = 128 * 2 ** 20;

/** Bytes of a salt and of a result. Of a shorter result, many passwords match. */
export const SALT = { least: 1, most: 256 };
export const RESULT = { least: 16, most: 512 };

/** A whole number without a sign, of this range. */
export function numberIn(text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined || !/^\d{1,9}$/.test(text)) return undefined;
  const number = Number(text);
  return number >= least && number <= most ? number : undefined;
}

/** Base64 without padding, as the PHC string format has it. */
export function unpadded(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replaceAll('=', '');
}

/** The bytes of unpadded base64; undefined for other text, and for a length outside of the bounds. */
export function bytesOf(
  text: string | undefined,
  { least, most }: { readonly least: number; readonly most: number },
): Buffer | undefined {
  if (text === undefined || text.length > Math.ceil((most * 4) / 3)) return undefined;
  const bytes = Buffer.from(text, 'base64');
  return bytes.length >= least && bytes.length <= most && unpadded(bytes) === text ? bytes : undefined;
}
