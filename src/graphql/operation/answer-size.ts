/**
 * The size of a value as JSON in UTF-8, in bytes. Stops as soon as it exceeds `atMost`: a string that an answer contains under many
 * aliases is stored once, but sent many times.
 */
export function answerSize(value: unknown, atMost: number): number {
  const known = new Map<string, number>();
  let size = 0;
  count(value);
  return size;

  function count(value: unknown): void {
    if (size > atMost) return;
    if (typeof value === 'string') size += sizeOfText(value);
    else if (typeof value !== 'object' || value === null) size += String(value).length;
    else if (Array.isArray(value)) {
      size += 2 + Math.max(0, value.length - 1);
      for (const one of value) count(one);
    } else countEntries(value);
  }

  function countEntries(value: object): void {
    const entries = Object.entries(value).filter(([, one]) => one !== undefined);
    size += 2 + Math.max(0, entries.length - 1);
    for (const [key, one] of entries) {
      size += sizeOfText(key) + 1;
      count(one);
    }
  }

  function sizeOfText(text: string): number {
    if (text.length < SHORT) return sizeOfTextAsJson(text);
    const before = known.get(text);
    if (before !== undefined) return before;
    const size = sizeOfTextAsJson(text);
    known.set(text, size);
    return size;
  }
}

/** Shorter strings are measured again rather than looked up. */
const SHORT = 200;

/** Text that JSON does not escape. */
const PLAIN = /^[^"\\\p{Cc}\p{Cs}]*$/u;

function sizeOfTextAsJson(text: string): number {
  return PLAIN.test(text) ? Buffer.byteLength(text) + 2 : Buffer.byteLength(JSON.stringify(text));
}
