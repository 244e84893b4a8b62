import { ImportRefused } from '../source.ts';

/** What an extended header of POSIX 1003.1 replaces in the header after it. */
export interface PaxValues {
  readonly path?: Buffer;
  readonly size?: number;
}

/** Reads records of the form `30 path=entities/…\n`, where the number is the length of all of it. */
export function readPax(content: Buffer, entry: number): PaxValues {
  const values: { path?: Buffer; size?: number } = {};
  for (let position = 0; position < content.length; ) {
    const blank = content.indexOf(0x20, position);
    const digits = blank < 0 || blank - position > 6 ? '' : content.toString('latin1', position, blank);
    const end = position + (/^[1-9]\d*$/.test(digits) ? Number(digits) : Number.NaN);
    const equals = content.indexOf(0x3d, blank);
    if (!(end <= content.length) || equals < 0 || equals >= end || content[end - 1] !== 0x0a) throw damaged(entry);
    const keyword = content.toString('latin1', blank + 1, equals);
    const value = content.subarray(equals + 1, end - 1);
    if (keyword === 'path') values.path = value;
    if (keyword === 'size') values.size = sizeOf(value, entry);
    if (keyword.startsWith('GNU.sparse') || keyword === 'linkpath') throw special(entry);
    position = end;
  }
  return values;
}

function sizeOf(value: Buffer, entry: number): number {
  const digits = value.toString('latin1');
  const size = /^\d{1,16}$/.test(digits) ? Number(digits) : Number.NaN;
  if (!Number.isSafeInteger(size)) throw damaged(entry);
  return size;
}

const damaged = (entry: number) =>
  new ImportRefused(`Entry ${entry} of the archive has an extended header that is damaged. Copy or export it again.`);

const special = (entry: number) =>
  new ImportRefused(
    `Entry ${entry} of the archive is a link or a sparse file. Strapi writes none: use its own archive.`,
  );
