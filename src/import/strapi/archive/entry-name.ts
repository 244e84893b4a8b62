import { isUtf8 } from 'node:buffer';
import { ImportRefused } from '../source.ts';
import type { ArchiveBounds } from './bounds.ts';

/**
 * The name of an entry, below the archive's root and with slashes.
 *
 * Nothing is written to a disk, so a name could do no harm. One that tries is no name of Strapi's.
 */
export function entryName(bytes: Buffer, bounds: ArchiveBounds, number: number): string {
  const refused = (why: string) =>
    new ImportRefused(`Entry ${number} of the archive ${why}. Use Strapi's own archive.`);
  if (bytes.length > bounds.nameBytes) throw refused(`has a name of more than ${bounds.nameBytes} bytes`);
  if (!isUtf8(bytes)) throw refused('has a name that is not UTF-8');
  const text = bytes.toString('utf8');
  if (text.length === 0) throw refused('has no name');
  if (text.includes('\0')) throw refused('has a name with a NUL character');
  const name = withSlashes(text);
  if (name.includes('\\')) throw refused('has a name with a backslash');
  if (name.startsWith('/') || /^[a-z]:/i.test(name)) throw refused('has an absolute name');
  if (name.split('/').includes('..')) throw refused('has a name with ".."');
  return name.replace(/^(?:\.\/+)+/, '');
}

/** Strapi up to 4.9.0 wrote its own files with backslashes on Windows. */
function withSlashes(name: string): string {
  return /^(?:schemas|entities|links|configuration|assets\\(?:uploads|metadata))\\[^\\/]+$/.test(name)
    ? name.replaceAll('\\', '/')
    : name;
}
