import { ImportRefused } from '../source.ts';
import type { ArchiveBounds } from './bounds.ts';
import { ByteReader } from './byte-reader.ts';
import { cutOff } from './decompress.ts';
import { entryName } from './entry-name.ts';
import { type PaxValues, readPax } from './pax.ts';
import { BLOCK, isZero, readTarHeader, type TarHeader } from './tar-header.ts';

/** A regular file in an archive. Its content has to be read before the next entry is asked for, or is skipped. */
export interface TarEntry {
  readonly name: string;
  readonly size: number;
  /** Which one it is in the archive, from 1. */
  readonly number: number;
  content(): AsyncGenerator<Buffer>;
}

/**
 * The regular files of a tar archive, one after the other and never more of them in memory than a piece.
 *
 * @throws ImportRefused for what is damaged, special or beyond a bound, and for an archive without its end.
 */
export async function* tarEntries(chunks: AsyncGenerator<Buffer>, bounds: ArchiveBounds): AsyncGenerator<TarEntry> {
  try {
    yield* entriesIn(chunks, bounds);
  } finally {
    await chunks.return(undefined);
  }
}

async function* entriesIn(chunks: AsyncGenerator<Buffer>, bounds: ArchiveBounds): AsyncGenerator<TarEntry> {
  const reader = new ByteReader(chunks);
  let replaced: PaxValues = {};
  for (let number = 1; ; number++) {
    const block = await reader.exactly(BLOCK);
    if (!block) throw cutOff();
    if (isZero(block)) return atTheEnd(reader, bounds);
    if (number > bounds.entries) throw new ImportRefused(`The archive has more than ${bounds.entries} entries.`);
    const header = readTarHeader(block, number);
    if (isAboutTheNext(header)) {
      replaced = { ...replaced, ...(await readReplaced(header, reader, bounds, number)) };
      continue;
    }
    const size = replaced.size ?? header.size;
    const name = entryName(replaced.path ?? header.name, bounds, number);
    if (header.kind === 'directory' && size > 0)
      throw new ImportRefused(`Entry ${number} of the archive is a directory with content. Export it again.`);
    replaced = {};

    let left = size;
    async function* content(): AsyncGenerator<Buffer> {
      while (left > 0) {
        const piece = await reader.some(left);
        if (!piece) throw cutOff();
        left -= piece.length;
        yield piece;
      }
    }
    if (header.kind === 'file') yield { name, size, number, content };
    await reader.skip(left + padding(size));
  }
}

const isAboutTheNext = ({ kind }: TarHeader): boolean => kind === 'pax' || kind === 'globalPax' || kind === 'longName';

async function readReplaced(
  header: TarHeader,
  reader: ByteReader,
  bounds: ArchiveBounds,
  number: number,
): Promise<PaxValues> {
  const maximum = header.kind === 'longName' ? bounds.nameBytes + 1 : bounds.paxBytes;
  if (header.size > maximum)
    throw new ImportRefused(
      `Entry ${number} of the archive has a name or an extended header of more than ${maximum} bytes.`,
    );
  const content = header.size > 0 ? await reader.exactly(header.size) : Buffer.alloc(0);
  if (!content) throw cutOff();
  await reader.skip(padding(header.size));
  if (header.kind === 'longName') {
    const end = content.indexOf(0);
    return { path: end < 0 ? content : content.subarray(0, end) };
  }
  const values = readPax(content, number);
  if (header.kind === 'pax') return values;
  if (values.path || values.size !== undefined)
    throw new ImportRefused(
      `Entry ${number} of the archive names all the others. Strapi writes none: use its own archive.`,
    );
  return {};
}

const padding = (size: number): number => (BLOCK - (size % BLOCK)) % BLOCK;

/** The end is two blocks of zeros, and zeros are all that can follow. */
async function atTheEnd(reader: ByteReader, bounds: ArchiveBounds): Promise<void> {
  const second = await reader.exactly(BLOCK);
  if (!second) throw cutOff();
  if (!isZero(second)) throw afterTheEnd();
  for (let size = 0; ; ) {
    const piece = await reader.some(BLOCK * 128);
    if (!piece) return;
    size += piece.length;
    if (size > bounds.paddingBytes || !isZero(piece)) throw afterTheEnd();
  }
}

const afterTheEnd = () => new ImportRefused('The archive has further bytes after its end. Export it again.');
