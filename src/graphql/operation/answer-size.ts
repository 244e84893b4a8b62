/**
 * How many bytes a value has as JSON, in UTF-8. Ends as soon as they are more than the most that is allowed: a long text that
 * an answer has under many names is one in memory, and many in what is sent.
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

/** Not worth a look-up. */
const SHORT = 200;

/** What stands in JSON as it is, but for its quotes. */
const PLAIN = /^[^"\\\p{Cc}\p{Cs}]*$/u;

function sizeOfTextAsJson(text: string): number {
  return PLAIN.test(text) ? Buffer.byteLength(text) + 2 : Buffer.byteLength(JSON.stringify(text));
}
