import { cutOff } from './decompress.ts';

/** Takes bytes from a stream of chunks, as many as are needed. */
export class ByteReader {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(chunks: AsyncIterator<Buffer>) {
    this.#chunks = chunks;
  }

  /** The next bytes, at least one and at most so many; undefined at the end. */
  async some(maximum: number): Promise<Buffer | undefined> {
    while (this.#rest.length === 0) {
      const next = await this.#chunks.next();
      if (next.done) return;
      this.#rest = next.value;
    }
    const taken = this.#rest.subarray(0, maximum);
    this.#rest = this.#rest.subarray(taken.length);
    return taken;
  }

  /** Exactly so many bytes; undefined where the stream ends before the first of them. */
  async exactly(length: number): Promise<Buffer | undefined> {
    const first = await this.some(length);
    if (!first || first.length === length) return first;
    const parts = [first];
    for (let missing = length - first.length; missing > 0; ) {
      const part = await this.some(missing);
      if (!part) throw cutOff();
      parts.push(part);
      missing -= part.length;
    }
    return Buffer.concat(parts);
  }

  async skip(length: number): Promise<void> {
    for (let missing = length; missing > 0; ) {
      const part = await this.some(missing);
      if (!part) throw cutOff();
      missing -= part.length;
    }
  }
}
