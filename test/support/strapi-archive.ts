// Archives as `strapi export` writes them, of projects of any size, whole or damaged.
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip, gzipSync } from 'node:zlib';

/** What is in an archive. Lines are objects, or texts to write something that no JSON is. */
export interface ArchiveDescription {
  /** Null: an archive without metadata.json. */
  readonly version?: string | null;
  readonly schemas?: Iterable<unknown>;
  readonly entities?: Iterable<unknown>;
  readonly links?: Iterable<unknown>;
  readonly configuration?: Iterable<unknown>;
  /** Names in assets/uploads/. */
  readonly assets?: readonly string[];
  /** Files of lines are split at this size. */
  readonly fileBytes?: number;
}

/** An archive in memory. */
export const strapiArchive = (description: ArchiveDescription): Buffer => gzipSync(strapiTar(description));

export const strapiTar = (description: ArchiveDescription): Buffer => Buffer.concat([...tarPieces(description)]);

/** An archive that is too large for memory. */
export const writeStrapiArchive = (path: string, description: ArchiveDescription): Promise<void> =>
  pipeline(
    Readable.from(tarPieces(description), { objectMode: false }),
    createGzip({ level: 1 }),
    createWriteStream(path),
  );

function* tarPieces(description: ArchiveDescription): Generator<Buffer> {
  const { version = '5.54.0', fileBytes = 8 * 2 ** 20 } = description;
  yield* files('schemas', description.schemas ?? [], fileBytes);
  yield* files('entities', description.entities ?? [], fileBytes);
  for (const name of description.assets ?? []) yield tarEntry({ name: `assets/uploads/${name}`, content: 'picture' });
  yield* files('links', description.links ?? [], fileBytes);
  yield* files('configuration', description.configuration ?? [], fileBytes);
  if (version !== null) yield tarEntry({ name: 'metadata.json', content: metadata(version) });
  yield TAR_END;
}

export const metadata = (version: string): string =>
  JSON.stringify({ createdAt: '2026-11-29T00:07:00.724Z', strapi: { version } }, null, 2);

function* files(folder: string, lines: Iterable<unknown>, fileBytes: number): Generator<Buffer> {
  let number = 0;
  let texts: string[] = [];
  let size = 0;
  function file(): Buffer {
    number++;
    const name = `${folder}/${folder}_${String(number).padStart(5, '0')}.jsonl`;
    const entry = tarEntry({ name, content: texts.join('\n') });
    texts = number === 1 || texts.length > 0 ? [''] : []; // like Strapi's, whose further files begin with a newline
    size = 0;
    return entry;
  }
  for (const line of lines) {
    const text = typeof line === 'string' ? line : JSON.stringify(line);
    texts.push(text);
    size += text.length + 1;
    if (size > fileBytes) yield file();
  }
  if (texts.join('') !== '') yield file();
}

/** One entry of a tar archive, right or wrong. */
export interface TarEntryDescription {
  readonly name: string | Buffer;
  readonly content?: string | Buffer;
  /** `0` is a file, `5` a directory, `2` a symbolic link. */
  readonly type?: string;
  /** What the header says, where it is not true. */
  readonly size?: number;
  readonly linkName?: string;
}

export const TAR_END: Buffer = Buffer.alloc(1024);

export function tarEntry({ name, content = '', type = '0', size, linkName = '' }: TarEntryDescription): Buffer {
  const body = Buffer.from(content as string); // a Buffer is copied
  const header = tarHeader(name, size ?? body.length, type, linkName);
  return Buffer.concat([header, body, Buffer.alloc((512 - (body.length % 512)) % 512)]);
}

/** A header as POSIX 1003.1 has it. */
export function tarHeader(name: string | Buffer, size: number, type = '0', linkName = ''): Buffer {
  const header = Buffer.alloc(512);
  Buffer.from(name as string).copy(header, 0, 0, 100);
  header.write('0000644\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  header.write('15051415144\0', 136);
  header.write('        ', 148);
  header.write(type, 156);
  header.write(linkName, 157);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

/** An extended header of POSIX for the entry after it. */
export function paxEntry(values: Readonly<Record<string, string>>, type = 'x'): Buffer {
  const records = Object.entries(values).map(([keyword, value]) => {
    const rest = Buffer.byteLength(` ${keyword}=${value}\n`);
    const length = [1, 2, 3, 4, 5]
      .map((digits) => rest + digits)
      .find((total) => String(total).length === total - rest);
    return `${length} ${keyword}=${value}\n`;
  });
  return tarEntry({ name: 'PaxHeader', type, content: records.join('') });
}

const AT = '2026-11-29T00:06:49.153Z';
const DATES = { createdAt: AT, updatedAt: AT, publishedAt: AT, locale: null };

/** 24 characters, different for each type and id. */
export const documentId = (type: string, id: number): string =>
  `${type.replace(/\W/g, '')}${id}`.padStart(24, '0').slice(-24);

export const row = (type: string, id: number, data: Readonly<Record<string, unknown>>) => ({
  type,
  id,
  data: { documentId: documentId(type, id), ...DATES, ...data },
});

const USER = 'plugin::users-permissions.user';
const ROLE = 'plugin::users-permissions.role';
const PERMISSION = 'plugin::users-permissions.permission';

export const user = (id: number, data: Readonly<Record<string, unknown>> = {}) =>
  row(USER, id, {
    username: `user-${id}`,
    email: `user-${id}@example.com`,
    provider: 'local',
    password: `$2a$10$${String(id).padStart(53, '.')}`,
    resetPasswordToken: null,
    confirmationToken: null,
    confirmed: true,
    blocked: false,
    ...data,
  });

export const role = (id: number, type: string, data: Readonly<Record<string, unknown>> = {}) =>
  row(ROLE, id, { name: type, description: null, type, ...data });

export const permission = (id: number, action: string) => row(PERMISSION, id, { action });

/** A link of a to-one relation, as Strapi writes it. */
export const link = (type: string, field: string, ref: number, target: string, targetRef: number, back?: string) => ({
  kind: 'relation.basic',
  relation: 'manyToOne',
  left: { type, field, ref },
  right: { type: target, ...(back && { field: back }), ref: targetRef, pos: 1 },
});

export const userRole = (id: number, roleId: number) => link(USER, 'role', id, ROLE, roleId, 'users');
export const permissionRole = (id: number, roleId: number) => link(PERMISSION, 'role', id, ROLE, roleId, 'permissions');

export const setting = (key: string, value: unknown) => ({
  type: 'core-store',
  value: { id: 1, key, value, type: typeof value, environment: null, tag: null },
});

/** A small project that has one of everything: change what a test is about. */
export function smallProject(changes: ArchiveDescription = {}): ArchiveDescription {
  return {
    entities: [
      role(1, 'authenticated'),
      role(2, 'public'),
      permission(1, 'plugin::users-permissions.user.me'),
      permission(2, 'api::post.post.find'),
      user(1),
      user(2),
      row('api::tag.tag', 1, { name: 'tag' }),
    ],
    links: [permissionRole(1, 1), permissionRole(2, 2), userRole(1, 1), userRole(2, 1)],
    configuration: [
      setting('plugin_users-permissions_advanced', { allow_register: true, default_role: 'authenticated' }),
    ],
    assets: ['picture.png'],
    ...changes,
  };
}

/** A project of many users, all authenticated, that is made while it is written. */
export function manyUsers(count: number): ArchiveDescription {
  return smallProject({
    entities: generated(count, user, [role(1, 'authenticated'), role(2, 'public')]),
    links: generated(count, (id) => userRole(id, 1)),
  });
}

function* generated(count: number, make: (id: number) => unknown, first: readonly unknown[] = []): Generator<unknown> {
  yield* first;
  for (let id = 1; id <= count; id++) yield make(id);
}
