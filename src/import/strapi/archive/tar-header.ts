import { ImportRefused } from '../source.ts';

export const BLOCK = 512;

/** What a tar header says of its entry. */
export interface TarHeader {
  readonly name: Buffer;
  readonly size: number;
  readonly kind: 'file' | 'directory' | 'pax' | 'globalPax' | 'longName';
}

/**
 * Reads a header as POSIX 1003.1 (ustar), GNU and old tars write it.
 *
 * @throws ImportRefused for what is not a header, and for links, devices and everything else that is neither file nor directory.
 */
export function readTarHeader(block: Buffer, entry: number): TarHeader {
  if (!hasChecksum(block))
    throw new ImportRefused(`Entry ${entry} of the archive is damaged. Copy or export it again.`);
  const kind = KINDS[String.fromCharCode(block[156] ?? 0)];
  if (!kind)
    throw new ImportRefused(
      `Entry ${entry} of the archive is a link, a device or another special file. Strapi writes none: use its own archive.`,
    );
  const size = octal(block.subarray(124, 136));
  if (size === undefined) throw new ImportRefused(`Entry ${entry} of the archive has a size that is not a number.`);
  const name = text(block.subarray(0, 100));
  const prefix = isUstar(block) ? text(block.subarray(345, 500)) : Buffer.alloc(0);
  return { kind, size, name: prefix.length > 0 ? Buffer.concat([prefix, Buffer.from('/'), name]) : name };
}

/** Whether a file could begin with this, as an archive that is not compressed does. */
export const isTar = (start: Buffer): boolean => start.length === BLOCK && (hasChecksum(start) || isZero(start));

export const isZero = (block: Buffer): boolean => block.every((byte) => byte === 0);

const KINDS: Readonly<Record<string, TarHeader['kind']>> = Object.assign(Object.create(null), {
  '\0': 'file',
  '0': 'file',
  '5': 'directory',
  x: 'pax',
  g: 'globalPax',
  L: 'longName',
});

/** The sum of all bytes, those of the sum itself taken as blanks. */
function hasChecksum(block: Buffer): boolean {
  let sum = 8 * 0x20;
  for (let index = 0; index < BLOCK; index++) if (index < 148 || index >= 156) sum += block[index] ?? 0;
  return octal(block.subarray(148, 156)) === sum;
}

/** POSIX's `ustar\0`; GNU's `ustar ` keeps times where POSIX has a prefix. */
const isUstar = (block: Buffer): boolean => block.toString('latin1', 257, 263) === 'ustar\0';

function text(field: Buffer): Buffer {
  const end = field.indexOf(0);
  return end < 0 ? field : field.subarray(0, end);
}

/** An octal number with blanks and NULs around, or GNU's binary one for 8 GiB and more. */
function octal(field: Buffer): number | undefined {
  if (field[0] === 0x80) {
    const value = BigInt(`0x${field.subarray(1).toString('hex')}`);
    return value <= Number.MAX_SAFE_INTEGER ? Number(value) : undefined;
  }
  const digits = /^ *([0-7]+)[ \0]*$/.exec(field.toString('latin1'))?.[1];
  return digits === undefined ? undefined : Number.parseInt(digits, 8);
}
