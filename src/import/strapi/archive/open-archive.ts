import { parseJson } from '../bounded-json.ts';
import { ImportRefused, type StrapiRecord, type StrapiSource } from '../source.ts';
import { type ArchiveFile, openArchiveFile } from './archive-file.ts';
import { ARCHIVE_BOUNDS, type ArchiveBounds } from './bounds.ts';
import { decompressed, isGzip } from './decompress.ts';
import { linesOf } from './lines.ts';
import { versionOf } from './metadata.ts';
import { FOLDERS, type Folder, recordOf } from './records.ts';
import { type TarEntry, tarEntries } from './tar.ts';
import { isTar } from './tar-header.ts';

/**
 * Opens what `strapi export --no-encrypt` wrote, compressed or not. Nothing is unpacked: records come out of the stream.
 *
 * The order of the files in it does not matter. Each file is read once, so what needs another one waits for the end.
 *
 * @throws ImportRefused for a file that is no such archive.
 */
export async function openArchive(path: string, bounds: ArchiveBounds = ARCHIVE_BOUNDS): Promise<StrapiSource> {
  if (path.endsWith('.enc')) throw encrypted('The archive is encrypted.');
  const file = await openArchiveFile(path, bounds.fileBytes);
  if (!isGzip(file.start) && !isTar(file.start)) {
    await file.close();
    throw encrypted('This is not an archive of `strapi export`: it is neither .tar.gz nor .tar. If it is encrypted:');
  }
  return { records: () => recordsIn(file, bounds), close: () => file.close() };
}

const encrypted = (what: string) => new ImportRefused(`${what} Export it again with: strapi export --no-encrypt`);

async function* recordsIn(file: ArchiveFile, bounds: ArchiveBounds): AsyncGenerator<StrapiRecord> {
  const seen = new Set<string>();
  const sizes = new Map<Folder, number>();
  let version: string | undefined;
  for await (const entry of tarEntries(decompressed(file, bounds), bounds)) {
    const place = placeOf(entry);
    if (place === 'asset') yield { kind: 'asset' };
    if (place === 'other' || place === 'asset') continue;
    if (seen.has(entry.name))
      throw new ImportRefused(`${entry.name}: the archive has this file twice. Export it again.`);
    seen.add(entry.name);
    if (place === 'metadata') {
      version = versionOf(await wholeText(entry, bounds.metadataBytes));
      continue;
    }
    const size = (sizes.get(place) ?? 0) + entry.size;
    sizes.set(place, size);
    checkSize(place, size, bounds);
    yield* recordsOf(place, entry, bounds);
  }
  if (version === undefined)
    throw new ImportRefused('The archive has no metadata.json, which Strapi writes last. Copy or export it again.');
  yield { kind: 'version', version };
}

function placeOf({ name, number }: TarEntry): Folder | 'metadata' | 'asset' | 'other' {
  if (name === 'metadata.json') return 'metadata';
  if (name.startsWith('assets/uploads/')) return 'asset';
  const folder = FOLDERS.find((candidate) => name.startsWith(`${candidate}/`));
  if (!folder) return 'other';
  if (new RegExp(`^${folder}/${folder}_\\d{5,9}\\.jsonl$`).test(name)) return folder;
  throw new ImportRefused(
    `Entry ${number} of the archive is in the folder ${folder} without a name of Strapi's, such as ${folder}_00001.jsonl.`,
  );
}

/** Schemas and settings stay in memory; rows and links take time. */
function checkSize(folder: Folder, size: number, bounds: ArchiveBounds): void {
  const maximum = {
    schemas: bounds.schemaBytes,
    configuration: bounds.settingBytes,
    entities: bounds.rowBytes,
    links: bounds.rowBytes,
  }[folder];
  if (size > maximum) throw new ImportRefused(`The files in the folder ${folder} have more than ${maximum} bytes.`);
}

async function* recordsOf(folder: Folder, entry: TarEntry, bounds: ArchiveBounds): AsyncGenerator<StrapiRecord> {
  for await (const { text, number } of linesOf(entry.content(), bounds.lineBytes, entry.name)) {
    const json = parseJson(text);
    const found = 'problem' in json ? json : recordOf(folder, json.value);
    if ('problem' in found) throw new ImportRefused(`${entry.name}, line ${number}: the line ${found.problem}.`);
    if (found.record) yield found.record;
  }
}

async function wholeText(entry: TarEntry, maximumBytes: number): Promise<string> {
  if (entry.size > maximumBytes)
    throw new ImportRefused(`${entry.name}: the file has more than ${maximumBytes} bytes.`);
  const parts: Buffer[] = [];
  for await (const part of entry.content()) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}
