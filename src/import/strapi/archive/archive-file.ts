import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { ImportRefused } from '../source.ts';

/** A file that is read as often as needed, and is the same each time. */
export interface ArchiveFile {
  readonly size: number;
  readonly start: Buffer;
  /**
   * Reads the file from its beginning.
   *
   * @throws ImportRefused where it is not what it was when it was opened, or at the end of the first reading.
   */
  bytes(): AsyncGenerator<Buffer>;
  close(): Promise<void>;
}

/** Larger reads are not quicker. */
const CHUNK_BYTES = 256 * 2 ** 10;

/** Opens a regular file. It stays open, so a file that is put in its place later is not read. */
export async function openArchiveFile(path: string, maximumBytes: number): Promise<ArchiveFile> {
  const handle = await openForReading(path);
  try {
    const before = await stampOf(handle);
    if (before.kind === 'directory')
      throw new ImportRefused('This is a directory. Name the archive itself, a .tar.gz file.');
    if (before.kind === 'other')
      throw new ImportRefused('This is not a regular file. Name an archive, a .tar.gz file.');
    if (before.size === 0) throw new ImportRefused('The archive is empty. Export it again.');
    if (before.size > maximumBytes)
      throw new ImportRefused(
        `The archive has more than ${maximumBytes} bytes. Export without the uploads: strapi export --exclude files`,
      );
    const start = Buffer.alloc(512);
    const { bytesRead } = await handle.read(start, 0, start.length, 0);
    return readable(handle, before, start.subarray(0, bytesRead));
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Without waiting for the other end of a pipe. */
async function openForReading(path: string): Promise<FileHandle> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') throw new ImportRefused('There is no such file.');
    if (code === 'EACCES' || code === 'EPERM')
      throw new ImportRefused('The archive cannot be read: this user has no permission.');
    throw new ImportRefused('The archive cannot be opened.');
  }
}

interface Stamp {
  readonly kind: 'file' | 'directory' | 'other';
  readonly size: number;
  /** Changes with the content, and with everything else about the file but its times of reading. */
  readonly changed: bigint;
}

async function stampOf(handle: FileHandle): Promise<Stamp> {
  const stats = await handle.stat({ bigint: true });
  const kind = stats.isFile() ? 'file' : stats.isDirectory() ? 'directory' : 'other';
  return { kind, size: Number(stats.size), changed: stats.mtimeNs };
}

function readable(handle: FileHandle, opened: Stamp, start: Buffer): ArchiveFile {
  let digest: string | undefined;

  async function checkUnchanged(): Promise<void> {
    const { size, changed } = await stampOf(handle);
    if (size !== opened.size || changed !== opened.changed) throw changedMeanwhile();
  }

  async function* bytes(): AsyncGenerator<Buffer> {
    await checkUnchanged();
    const hash = createHash('sha256');
    for (let position = 0; position < opened.size; ) {
      const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, opened.size - position));
      const { bytesRead } = await handle.read(chunk, 0, chunk.length, position);
      if (bytesRead === 0) throw changedMeanwhile();
      const read = chunk.subarray(0, bytesRead);
      hash.update(read);
      position += bytesRead;
      if (position === opened.size) {
        // A time of change can be set, and a digest cannot. Asked before the last bytes are used.
        await checkUnchanged();
        const found = hash.digest('hex');
        digest ??= found;
        if (found !== digest) throw changedMeanwhile();
      }
      yield read;
    }
  }

  return { size: opened.size, start, bytes, close: () => handle.close() };
}

function changedMeanwhile(): ImportRefused {
  return new ImportRefused('The archive changed while it was read. Begin again with a file that nobody writes to.');
}
