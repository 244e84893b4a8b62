import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ImportRefused } from '../source.ts';
import type { ArchiveFile } from './archive-file.ts';
import type { ArchiveBounds } from './bounds.ts';

/** The tar archive in the file, decompressed where it is compressed, and never more of it than the bounds allow. */
export async function* decompressed(file: ArchiveFile, bounds: ArchiveBounds): AsyncGenerator<Buffer> {
  let size = 0;
  for await (const chunk of isGzip(file.start) ? gunzipped(file, bounds) : file.bytes()) {
    size += chunk.length;
    if (size > bounds.contentBytes)
      throw new ImportRefused(
        `The archive holds more than ${bounds.contentBytes} bytes. Export without the uploads: strapi export --exclude files`,
      );
    yield chunk;
  }
}

export const isGzip = (start: Buffer): boolean => start[0] === 0x1f && start[1] === 0x8b;

async function* gunzipped(file: ArchiveFile, bounds: ArchiveBounds): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: 2 ** 16 });
  // An error of either side ends the other one, and comes out of the loop below.
  pipeline(Readable.from(file.bytes(), { objectMode: false, highWaterMark: 1 }), gunzip, () => {});
  let size = 0;
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > bounds.compressionFrom && size > gunzip.bytesWritten * bounds.compression)
        throw new ImportRefused(
          `The archive is compressed more than ${bounds.compression} times, which no export is. If it is one, export it with --no-compress.`,
        );
      yield chunk;
    }
  } catch (error) {
    throw error instanceof ImportRefused ? error : damaged(error);
  } finally {
    gunzip.destroy();
  }
  if (gunzip.bytesWritten !== file.size)
    throw new ImportRefused('The archive has further bytes after its end. Export it again.');
}

function damaged(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'Z_BUF_ERROR') return cutOff();
  if (typeof code === 'string' && code.startsWith('Z_'))
    return new ImportRefused('The archive is damaged: its compressed data is not valid. Copy or export it again.');
  return error;
}

export const cutOff = (): ImportRefused =>
  new ImportRefused('The archive ends in the middle. Copy or export it again.');
