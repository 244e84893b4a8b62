import { isUtf8 } from 'node:buffer';
import { ImportRefused } from '../source.ts';

const NEWLINE = 0x0a;

/** A file has one at its beginning. A line costs the same whether it is empty or not, and is shorter. */
const MAXIMUM_EMPTY = 1_000;

export interface Line {
  readonly text: string;
  /** From 1. */
  readonly number: number;
}

/** The lines of a file that are not empty. Two files of one archive can meet in a newline. */
export async function* linesOf(
  chunks: AsyncIterable<Buffer>,
  maximumBytes: number,
  file: string,
): AsyncGenerator<Line> {
  let number = 1;
  let empty = 0;
  let parts: Buffer[] = [];
  let length = 0;

  function keep(part: Buffer): void {
    length += part.length;
    if (length > maximumBytes)
      throw new ImportRefused(`${file}, line ${number}: the line has more than ${maximumBytes} bytes.`);
    parts.push(part);
  }

  function line(): Line | undefined {
    const bytes = parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
    parts = [];
    length = 0;
    if (!isUtf8(bytes)) throw new ImportRefused(`${file}, line ${number}: the line is not UTF-8. Export it again.`);
    const text = bytes.toString('utf8');
    const found = { text, number };
    number++;
    if (text.trim() !== '') return found;
    if (++empty > MAXIMUM_EMPTY)
      throw new ImportRefused(`${file}, line ${found.number}: the file has too many empty lines.`);
    return undefined;
  }

  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      keep(chunk.subarray(start, end));
      start = end + 1;
      const found = line();
      if (found) yield found;
    }
    if (start < chunk.length) keep(chunk.subarray(start));
  }
  const last = line();
  if (last) yield last;
}
