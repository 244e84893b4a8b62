import { createReadStream } from 'node:fs';
import { ImportRefused } from '../strapi/source.ts';

/** A line of a file: its text, or what is wrong with its bytes. */
export interface Line {
  readonly number: number;
  readonly content: { readonly text: string } | { readonly fault: string };
}

/** Bytes of a line. */
const LONGEST = 64 * 1024;
const NEWLINE = 10;

/**
 * The lines of a file that are not empty, in UTF-8 and with a limited length. Reads one piece at a time.
 *
 * @throws ImportRefused when the file cannot be read.
 */
export async function* readLines(file: string): AsyncGenerator<Line> {
  let number = 1;
  let pieces: Buffer[] = [];
  let length = 0;

  function take(): Line | undefined {
    const bytes = Buffer.concat(pieces);
    const line = { number, content: length > LONGEST ? { fault: TOO_LONG } : decode(bytes) };
    [pieces, length] = [[], 0];
    number++;
    return 'text' in line.content && line.content.text.trim() === '' ? undefined : line;
  }

  function add(piece: Buffer): void {
    length += piece.length;
    if (length <= LONGEST) pieces.push(piece);
  }

  for await (const chunk of chunksOf(file)) {
    let rest = chunk;
    for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE)) {
      add(rest.subarray(0, end));
      rest = rest.subarray(end + 1);
      const line = take();
      if (line) yield line;
    }
    add(rest);
  }
  const last = take();
  if (last) yield last;
}

const TOO_LONG = `longer than ${LONGEST / 1024} KB`;

async function* chunksOf(file: string): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(file) as AsyncIterable<Buffer>; // without an encoding it reads bytes
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${error.code})` : '';
    throw new ImportRefused(`The file cannot be read${code}.`);
  }
}

function decode(bytes: Buffer): Line['content'] {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { fault: 'not UTF-8' };
  }
}
