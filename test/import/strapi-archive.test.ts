import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { constants, deflateRawSync, gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ARCHIVE_BOUNDS, type ArchiveBounds } from '../../src/import/strapi/archive/bounds.ts';
import { openArchive } from '../../src/import/strapi/archive/open-archive.ts';
import type { StrapiProject } from '../../src/import/strapi/project.ts';
import { readProject } from '../../src/import/strapi/read-project.ts';
import { ImportRefused } from '../../src/import/strapi/source.ts';
import {
  type ArchiveDescription,
  link,
  manyUsers,
  metadata,
  paxEntry,
  permission,
  permissionRole,
  role,
  row,
  setting,
  smallProject,
  strapiArchive,
  strapiTar,
  TAR_END,
  tarEntry,
  tarHeader,
  user,
  userRole,
  writeStrapiArchive,
} from '../support/strapi-archive.ts';

const FIXTURE = 'test/fixtures/strapi/strapi-5.54-export.tar.gz';

/** In the values of damaged archives. No message repeats it. */
const SECRET = 'hunter2';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gatehouse-strapi-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

function fileOf(bytes: Buffer, name = 'export.tar.gz'): string {
  const path = join(directory, name);
  writeFileSync(path, bytes);
  return path;
}

async function projectAt(path: string, bounds?: ArchiveBounds): Promise<Omit<StrapiProject, 'source'>> {
  const opened = await openArchive(path, bounds);
  try {
    const { source, ...project } = await readProject(opened);
    expect(source).toBe(opened);
    return project;
  } finally {
    await opened.close();
  }
}

const projectOf = (description: ArchiveDescription) => projectAt(fileOf(strapiArchive(description)));

/** The message of the refusal: one line, which repeats nothing, and nothing is left on the disk. */
async function refusalAt(path: string, bounds?: ArchiveBounds): Promise<string> {
  const before = readdirSync(directory);
  const error: unknown = await projectAt(path, bounds).then(
    () => 'nothing was refused',
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ImportRefused);
  expect(readdirSync(directory)).toEqual(before);
  const { message } = error as ImportRefused;
  expect(message).toMatch(/^[\x20-\x7e]{10,250}$/);
  expect(message).not.toContain(SECRET);
  return message;
}

const refusalOf = (bytes: Buffer) => refusalAt(fileOf(bytes));

describe("Strapi's own archive", () => {
  test('is read as the accounts that it has', async () => {
    const project = await projectAt(FIXTURE);
    expect(project.version).toBe('5.54.0');
    expect(project.users).toHaveLength(14);
    expect(project.users[0]).toEqual({
      id: 1,
      documentId: 'scx2lvos7enlzi35wq667z84',
      username: 'alma',
      email: 'person01.dev@example.com',
      provider: 'local',
      passwordHash: '$2a$10$4/Q13JPtevpZnld7JzQlH.MlnEMZVDoAaCk5IbUxAA28r1SO8wbse',
      confirmed: true,
      blocked: false,
      role: 1,
      createdAt: new Date('2026-11-29T00:06:54.055Z'),
      updatedAt: new Date('2026-11-29T00:06:54.055Z'),
      furtherColumns: ['displayName'],
    });
    expect(project.users.filter(({ role: one }) => one === undefined).map(({ username }) => username)).toEqual([
      'no.role',
    ]);
    expect(project.roles.map(({ id, type, actions }) => [id, type, actions.length])).toEqual([
      [1, 'authenticated', 10],
      [2, 'public', 9],
      [3, 'editor', 16],
      [4, 'librarian', 13],
      [5, 'helper', 9],
    ]);
    expect(project.rows.get('api::post.post')).toBe(21);
    expect(project.mediaLinks).toEqual(new Map([['api::post.post.cover', 2]]));
    expect(project.assets).toBe(1);
    expect(project.apiTokens).toEqual([]);
    expect(project.settings.get('plugin_users-permissions_advanced')).toMatchObject({ unique_email: true });
  });

  test('is the same without compression', async () => {
    const plain = await projectAt(fileOf(gunzipSync(readFileSync(FIXTURE)), 'export.tar'));
    expect(plain).toEqual(await projectAt(FIXTURE));
  });

  test('is the same as another tar program packs it', async () => {
    const unpacked = join(directory, 'unpacked');
    mkdirSync(unpacked);
    execFileSync('tar', ['xzf', FIXTURE, '-C', unpacked]);
    const expected = await projectAt(FIXTURE);
    for (const format of ['ustar', 'pax', 'gnu', 'v7']) {
      const path = join(directory, `${format}.tar.gz`);
      execFileSync('tar', ['czf', path, `--format=${format}`, '-C', unpacked, '.']);
      expect(await projectAt(path)).toEqual(expected);
    }
  });

  test('is read as often as needed, also after a reading that stopped in the middle', async () => {
    const source = await openArchive(FIXTURE);
    const first = await Array.fromAsync(source.records());
    for await (const record of source.records()) if (record.kind === 'link') break;
    expect(await Array.fromAsync(source.records())).toEqual(first);
    await source.close();
  });
});

describe('an archive', () => {
  test('can have its files in any order', async () => {
    const entries = [
      tarEntry({ name: 'metadata.json', content: metadata('5.0.0') }),
      tarEntry({ name: 'links/links_00001.jsonl', content: JSON.stringify(userRole(1, 1)) }),
      tarEntry({ name: 'entities/entities_00001.jsonl', content: JSON.stringify(user(1)) }),
      tarEntry({ name: 'entities/entities_00002.jsonl', content: `\n${JSON.stringify(role(1, 'public'))}` }),
      TAR_END,
    ];
    const { users } = await projectAt(fileOf(gzipSync(Buffer.concat(entries))));
    expect(users.map(({ role: one }) => one)).toEqual([1]);
  });

  test('can have its lines in many numbered files', async () => {
    const whole = await projectOf(smallProject());
    expect(await projectOf(smallProject({ fileBytes: 10 }))).toEqual(whole);
  });

  test('can have directories, long names and files that no import needs', async () => {
    const long = `assets/uploads/${'a'.repeat(200)}.png`;
    const tar = Buffer.concat([
      tarEntry({ name: 'assets/uploads/', type: '5' }),
      paxEntry({ path: long, mtime: '1' }),
      tarEntry({ name: 'short', content: 'picture' }),
      tarEntry({ name: '././@LongLink', type: 'L', content: `${long}\0` }),
      tarEntry({ name: 'short', content: 'picture' }),
      paxEntry({ comment: 'of all' }, 'g'),
      tarEntry({ name: 'notes.txt', content: SECRET }),
      strapiTar(smallProject()),
    ]);
    expect((await projectAt(fileOf(gzipSync(tar)))).assets).toBe(3);
  });

  test('of Strapi 4 has no documentIds, and on Windows had backslashes', async () => {
    const { documentId: _, ...data } = user(1).data;
    const tar = Buffer.concat([
      tarEntry({ name: 'entities\\entities_00001.jsonl', content: JSON.stringify({ ...user(1), data }) }),
      tarEntry({ name: 'metadata.json', content: metadata('4.9.0') }),
      TAR_END,
    ]);
    const project = await projectAt(fileOf(gzipSync(tar)));
    expect(project.version).toBe('4.9.0');
    expect(project.users).toMatchObject([{ id: 1, documentId: undefined }]);
  });

  test('has links between rows of one type, but not those of localizations', async () => {
    const parent = { ...link('api::tag.tag', 'parent', 1, 'api::tag.tag', 2), kind: 'relation.circular' };
    const localizations = { ...link('api::tag.tag', 'localizations', 1, 'api::tag.tag', 2), kind: 'relation.circular' };
    const source = await openArchive(fileOf(strapiArchive({ links: [parent, localizations] })));
    expect((await Array.fromAsync(source.records())).map(({ kind }) => kind)).toEqual([
      'link',
      'leftOutLink',
      'version',
    ]);
    await source.close();
  });

  test('brings no tokens and administrators of Strapi, which were put into it by somebody else', async () => {
    const token = row('admin::api-token', 1, {
      name: 'mine',
      accessKey: 'a'.repeat(128),
      type: 'full-access',
      permissions: [],
    });
    const project = await projectOf(smallProject({ entities: [token, row('admin::user', 1, {})], links: [] }));
    expect([project.apiTokens, [...project.rows]]).toEqual([[], []]);
  });

  test('of 100,000 users stays within 80 MB of memory', async () => {
    const path = join(directory, 'many.tar.gz');
    await writeStrapiArchive(path, manyUsers(100_000));
    collectGarbage();
    const before = process.memoryUsage().heapUsed;
    const { users } = await projectAt(path);
    collectGarbage();
    expect(users).toHaveLength(100_000);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(80e6);
  });
});

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
}

/** An archive with one file and nothing wrong but that. */
const withFile = (name: string, content: string | Buffer, after: readonly Buffer[] = []) =>
  gzipSync(Buffer.concat([tarEntry({ name, content }), ...after, strapiTar({})]));
const withEntity = (line: string | Buffer) => withFile('entities/entities_00001.jsonl', line);
const withEntry = (...entries: readonly Buffer[]) => gzipSync(Buffer.concat([...entries, strapiTar(smallProject())]));
const small = strapiArchive(smallProject());

/** Gzip data of so many megabytes of one byte, made in no time: each block is the same. */
function repeated(megabytes: number, fill: number, start: Buffer): Buffer {
  const flushed = (bytes: Buffer) => deflateRawSync(bytes, { finishFlush: constants.Z_FULL_FLUSH });
  const block = flushed(Buffer.alloc(2 ** 20, fill));
  return Buffer.concat([small.subarray(0, 10), flushed(start), ...Array<Buffer>(megabytes).fill(block)]);
}

const file = (name: string, size: number) => tarHeader(name, size);
const GIGABYTE = 2 ** 30;

describe('a damaged or hostile archive is refused with the place:', () => {
  const rows: readonly (readonly [title: string, bytes: Buffer, message: RegExp])[] = [
    ['an empty file', Buffer.alloc(0), /archive is empty/],
    ['one byte', Buffer.from([0x1f]), /neither .tar.gz nor .tar.*--no-encrypt/],
    [
      'random bytes, as an encrypted archive has',
      Buffer.from(Array.from({ length: 4_096 }, (_, index) => (index * 7919 + (index >> 3)) % 251)),
      /neither .tar.gz nor .tar.*--no-encrypt/,
    ],
    ['a zip file', Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(1_000)]), /neither .tar.gz nor .tar/],
    ['gzip without anything in it', gzipSync(''), /ends in the middle/],
    ['gzip of a text', gzipSync(SECRET.repeat(100)), /Entry 1 of the archive is damaged/],
    ['only the end of an archive', gzipSync(TAR_END), /no metadata.json/],
    [
      'gzip with another checksum',
      Buffer.concat([small.subarray(0, -8), Buffer.alloc(8)]),
      /compressed data is not valid/,
    ],
    [
      'garbage after the compressed data',
      Buffer.concat([small, Buffer.from(SECRET)]),
      /further bytes after its end|compressed data is not valid/,
    ],
    [
      'zeros after the compressed data',
      Buffer.concat([small, Buffer.alloc(10)]),
      /further bytes after its end|compressed data is not valid/,
    ],
    ['another archive after it', Buffer.concat([small, small]), /further bytes after its end/],
    [
      'garbage after the end of the tar archive',
      gzipSync(Buffer.concat([strapiTar(smallProject()), Buffer.from(SECRET)])),
      /further bytes after its end/,
    ],
    ['one block of zeros as its end', gzipSync(strapiTar(smallProject()).subarray(0, -512)), /ends in the middle/],
    ['without an end', gzipSync(strapiTar(smallProject()).subarray(0, -1024)), /ends in the middle/],
    ['without metadata.json', strapiArchive(smallProject({ version: null })), /no metadata.json/],
    [
      'with metadata.json twice',
      withEntry(tarEntry({ name: 'metadata.json', content: metadata('5.0.0') })),
      /metadata.json: the archive has this file twice/,
    ],
    [
      'with metadata.json that is no JSON',
      gzipSync(Buffer.concat([tarEntry({ name: 'metadata.json', content: SECRET }), TAR_END])),
      /metadata.json: the file is not JSON/,
    ],
    [
      'with metadata.json without a version',
      gzipSync(
        Buffer.concat([
          tarEntry({ name: 'metadata.json', content: `{"strapi":{"version":{"${SECRET}":1}}}` }),
          TAR_END,
        ]),
      ),
      /metadata.json: the file has no version/,
    ],
    [
      'with metadata.json of a gigabyte',
      repeated(10, 0x20, file('metadata.json', GIGABYTE)),
      /metadata.json: the file has more than 65536 bytes/,
    ],
    ['of Strapi 3', strapiArchive(smallProject({ version: '3.6.11' })), /is one of Strapi 3/],
    ['of Strapi 6', strapiArchive(smallProject({ version: '6.0.0' })), /is one of Strapi 6/],
    [
      'with a file twice',
      withEntry(tarEntry({ name: 'entities/entities_00001.jsonl' })),
      /entities_00001.jsonl: the archive has this file twice/,
    ],
    [
      'with a file twice under two names',
      withEntry(tarEntry({ name: './entities/entities_00001.jsonl' })),
      /entities_00001.jsonl: the archive has this file twice/,
    ],
    [
      'with a name above its root',
      withEntry(tarEntry({ name: `../${SECRET}` })),
      /Entry 1 of the archive has a name with "\.\."/,
    ],
    [
      'with a name above its root, deep inside',
      withEntry(tarEntry({ name: `assets/uploads/../../../${SECRET}` })),
      /Entry 1 of the archive has a name with "\.\."/,
    ],
    [
      'with an absolute name',
      withEntry(tarEntry({ name: `/etc/${SECRET}` })),
      /Entry 1 of the archive has an absolute name/,
    ],
    [
      'with a drive in a name',
      withEntry(tarEntry({ name: `C:/${SECRET}` })),
      /Entry 1 of the archive has an absolute name/,
    ],
    [
      'with backslashes in a name',
      withEntry(tarEntry({ name: `assets\\..\\${SECRET}` })),
      /Entry 1 of the archive has a name with a backslash/,
    ],
    [
      'with a NUL character in a long name',
      withEntry(paxEntry({ path: `a\0${SECRET}` }), tarEntry({ name: 'x' })),
      /Entry 2 of the archive has a name with a NUL/,
    ],
    [
      'with a name that is not UTF-8',
      withEntry(tarEntry({ name: Buffer.from([0x61, 0xff]) })),
      /Entry 1 of the archive has a name that is not UTF-8/,
    ],
    ['with an entry without a name', withEntry(tarEntry({ name: '' })), /Entry 1 of the archive has no name/],
    [
      'with a symbolic link',
      withEntry(tarEntry({ name: 'a', type: '2', linkName: `/etc/${SECRET}` })),
      /Entry 1 of the archive is a link/,
    ],
    [
      'with a hard link',
      withEntry(tarEntry({ name: 'a', type: '1', linkName: 'metadata.json' })),
      /Entry 1 of the archive is a link/,
    ],
    [
      'with a link in an extended header',
      withEntry(paxEntry({ linkpath: SECRET }), tarEntry({ name: 'a' })),
      /Entry 1 of the archive is a link/,
    ],
    [
      'with a character device',
      withEntry(tarEntry({ name: 'a', type: '3' })),
      /Entry 1 of the archive is a link, a device/,
    ],
    [
      'with a block device',
      withEntry(tarEntry({ name: 'a', type: '4' })),
      /Entry 1 of the archive is a link, a device/,
    ],
    ['with a pipe', withEntry(tarEntry({ name: 'a', type: '6' })), /Entry 1 of the archive is a link, a device/],
    ['with a sparse file', withEntry(tarEntry({ name: 'a', type: 'S' })), /Entry 1 of the archive is a link, a device/],
    [
      'with a sparse file in an extended header',
      withEntry(paxEntry({ 'GNU.sparse.major': '1' }), tarEntry({ name: 'a' })),
      /Entry 1 of the archive is a link or a sparse file/,
    ],
    [
      'with a type named like a property of every object',
      withEntry(tarEntry({ name: 'a', type: 'V' })),
      /Entry 1 of the archive is a link, a device/,
    ],
    [
      'with a directory that has content',
      withEntry(tarEntry({ name: 'a', type: '5', content: SECRET })),
      /Entry 1 of the archive is a directory with content/,
    ],
    ['with a header whose sum is wrong', withEntry(Buffer.alloc(512, 0x61)), /Entry 1 of the archive is damaged/],
    [
      'with an extended header of a gigabyte',
      repeated(4, 0x20, tarHeader('x', GIGABYTE, 'x')),
      /Entry 1 of the archive has a name or an extended header of more than/,
    ],
    [
      'with a long name of a gigabyte',
      repeated(4, 0x61, tarHeader('x', GIGABYTE, 'L')),
      /Entry 1 of the archive has a name or an extended header of more than/,
    ],
    [
      'with an extended header that is damaged',
      withEntry(tarEntry({ name: 'x', type: 'x', content: `999 path=${SECRET}\n` })),
      /Entry 1 of the archive has an extended header that is damaged/,
    ],
    [
      'with an extended header without a length',
      withEntry(tarEntry({ name: 'x', type: 'x', content: `path=${SECRET}\n` })),
      /Entry 1 of the archive has an extended header that is damaged/,
    ],
    [
      'with a size that is no number',
      withEntry(paxEntry({ size: '1e9' }), tarEntry({ name: 'a' })),
      /Entry 1 of the archive has an extended header that is damaged/,
    ],
    [
      'with a name for all its entries',
      withEntry(paxEntry({ path: SECRET }, 'g')),
      /Entry 1 of the archive names all the others/,
    ],
    [
      'with a size below the real one',
      gzipSync(Buffer.concat([tarEntry({ name: 'a', size: 1, content: SECRET.repeat(100) }), strapiTar({})])),
      /Entry 2 of the archive is damaged/,
    ],
    [
      'with a size above the real one',
      gzipSync(Buffer.concat([tarEntry({ name: 'a', size: 1e9, content: SECRET }), strapiTar({})])),
      /ends in the middle/,
    ],
    [
      'with a file in a folder that Strapi does not name so',
      withEntry(tarEntry({ name: `entities/${SECRET}.jsonl` })),
      /Entry 1 of the archive is in the folder entities without a name of Strapi's/,
    ],
    ['a gigabyte of zeros', repeated(1_024, 0, Buffer.alloc(512)), /further bytes after its end/],
    [
      'a gigabyte of zeros as a file',
      repeated(1_024, 0, file('assets/uploads/a.png', GIGABYTE)),
      /compressed more than 250 times.*--no-compress/,
    ],
    [
      'a gigabyte of zeros as rows',
      repeated(1_024, 0, file('entities/entities_00001.jsonl', GIGABYTE)),
      /entities_00001.jsonl, line 1: the line has more than 16777216 bytes/,
    ],
    [
      'with a line of 100 MB',
      repeated(100, 0x20, file('entities/entities_00001.jsonl', 100 * 2 ** 20)),
      /entities_00001.jsonl, line 1: the line has more than 16777216 bytes/,
    ],
    [
      'with a file of empty lines',
      withEntity('\n \n'.repeat(600)),
      /entities_00001.jsonl, line 1001: the file has too many empty lines/,
    ],
    [
      'with schemas of a gigabyte',
      repeated(100, 0x0a, file('schemas/schemas_00001.jsonl', GIGABYTE)),
      /folder schemas have more than/,
    ],
    [
      'with settings of a gigabyte',
      repeated(100, 0x0a, file('configuration/configuration_00001.jsonl', GIGABYTE)),
      /folder configuration have more than/,
    ],
    [
      'with a line that is no JSON',
      withEntity(`${JSON.stringify(user(1))}\n{"${SECRET}`),
      /entities_00001.jsonl, line 2: the line is not JSON/,
    ],
    [
      'with a line that is cut off',
      withEntity(JSON.stringify(user(1, { username: SECRET })).slice(0, -5)),
      /line 1: the line is not JSON/,
    ],
    [
      'with a line that is not UTF-8',
      withEntity(Buffer.concat([Buffer.from(`{"a":"${SECRET}`), Buffer.from([0xc3, 0x28]), Buffer.from('"}')])),
      /line 1: the line is not UTF-8/,
    ],
    ['with a NUL byte in a line', withEntity(`{"a":"${SECRET}\0"}`), /line 1: the line is not JSON/],
    [
      'with a NUL character in a value',
      withEntity(JSON.stringify(user(1, { username: `${SECRET}\0` }))),
      /line 1: the line has a NUL character/,
    ],
    [
      'with half of a surrogate pair',
      withEntity(JSON.stringify(user(1, { username: `${SECRET}\ud800` }))),
      /line 1: the line has half of a surrogate pair/,
    ],
    [
      'with a key that would become a prototype',
      withEntity(`{"type":"a","id":1,"data":{"__proto__":{"${SECRET}":1}}}`),
      /line 1: the line has a key named __proto__/,
    ],
    [
      'with such a key in other letters',
      withEntity(`{"type":"a","id":1,"data":{"__pro\\u0074o__":{"${SECRET}":1}}}`),
      /line 1: the line has a key named __proto__/,
    ],
    [
      'nested 100,000 levels deep',
      withEntity(`{"a":${'['.repeat(100_000)}`),
      /line 1: the line is nested more than 100 levels deep/,
    ],
    [
      'with three million values in a line',
      withEntity(`{"a":[${'0,'.repeat(3e6)}0]}`),
      /line 1: the line has more than 2000000 values/,
    ],
    ['with a line that is a list', withEntity(`["${SECRET}"]`), /line 1: the line is not an object/],
    ['with a row without a type', withEntity('{"id":1,"data":{}}'), /line 1: the line is not a row: it has no type/],
    [
      'with a row of a type with control characters',
      withEntity(`{"type":"\\u001b[2J${SECRET}","id":1,"data":{}}`),
      /line 1: the line is not a row: it has no type/,
    ],
    [
      'with a row without an id',
      withEntity('{"type":"api::a.a","data":{}}'),
      /line 1: the line is not a row: its id is missing/,
    ],
    [
      'with a row whose id is a text',
      withEntity(`{"type":"api::a.a","id":"${SECRET}","data":{}}`),
      /line 1: the line is not a row: its id/,
    ],
    [
      'with a row whose id is negative',
      withEntity('{"type":"api::a.a","id":-1,"data":{}}'),
      /line 1: the line is not a row: its id/,
    ],
    [
      'with a row whose id is too large',
      withEntity('{"type":"api::a.a","id":2147483648,"data":{}}'),
      /line 1: the line is not a row: its id/,
    ],
    [
      'with a row whose data is a text',
      withEntity(`{"type":"api::a.a","id":1,"data":"${SECRET}"}`),
      /line 1: the line is not a row: its data/,
    ],
    [
      'with a schema without a uid',
      strapiArchive({ schemas: [{ collectionName: SECRET }] }),
      /schemas_00001.jsonl, line 1: the line is not a schema/,
    ],
    [
      'with a schema twice',
      strapiArchive({ schemas: [{ uid: 'api::a.a' }, { uid: 'api::a.a' }] }),
      /Two schemas have the same name/,
    ],
    [
      'with a setting without a key',
      strapiArchive({ configuration: [{ type: 'core-store', value: { value: SECRET } }] }),
      /configuration_00001.jsonl, line 1: the line is not a setting/,
    ],
    [
      'with a setting twice',
      strapiArchive({ configuration: [setting(SECRET, 1), setting(SECRET, 2)] }),
      /Two settings have the same name/,
    ],
    [
      'with a link without ends',
      strapiArchive({ links: [{ kind: 'relation.basic' }] }),
      /links_00001.jsonl, line 1: the line is not a link: it does not have two ends/,
    ],
    [
      'with a link to a text',
      strapiArchive({ links: [{ ...userRole(1, 1), right: { type: 'api::a.a', ref: SECRET } }] }),
      /line 1: the line is not a link: its relation is unknown, or one of its ends/,
    ],
    [
      'with a link of another relation',
      strapiArchive({ links: [{ ...userRole(1, 1), relation: SECRET }] }),
      /line 1: the line is not a link: its relation is unknown/,
    ],
    [
      'with a link of no field',
      strapiArchive({ links: [link('api::a.a', `${SECRET} `, 1, 'api::a.a', 1)] }),
      /line 1: the line is not a link: its left end/,
    ],
  ];
  test.each(rows)('%s', async (_, bytes, message) => {
    expect(await refusalOf(bytes)).toMatch(message);
  });

  test('a gigabyte of zeros costs hardly any time and memory', async () => {
    const path = fileOf(repeated(1_024, 0, file('assets/uploads/a.png', GIGABYTE)));
    const [started, memory] = [performance.now(), process.memoryUsage().rss];
    await refusalAt(path);
    expect(performance.now() - started).toBeLessThan(3_000); // 0.1 seconds on an idle machine
    expect(process.memoryUsage().rss - memory).toBeLessThan(100e6);
  });
});

describe('what is not an archive is refused:', () => {
  test('a directory', async () => {
    expect(await refusalAt(directory)).toMatch(/This is a directory/);
  });

  test('a file that is not there', async () => {
    expect(await refusalAt(join(directory, SECRET))).toMatch(/no such file/);
  });

  test('a pipe, without waiting for the other end', async () => {
    const path = join(directory, 'pipe');
    execFileSync('mkfifo', [path]);
    expect(await refusalAt(path)).toMatch(/not a regular file/);
  });

  test('a file without permission', async () => {
    const path = fileOf(small, 'closed.tar.gz');
    chmodSync(path, 0);
    chmodSync(directory, 0o755);
    expect(await asNobody(() => refusalAt(path))).toMatch(/no permission/);
  });

  test('an encrypted archive, by its name', async () => {
    expect(await refusalAt(fileOf(small, 'export.tar.gz.enc'))).toMatch(/is encrypted.*--no-encrypt/);
  });
});

/** The administrator of a machine has every permission, so the work is done as somebody else. */
async function asNobody<T>(work: () => Promise<T>): Promise<T> {
  const isRoot = process.getuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  try {
    return await work();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

test('every bound is one: an archive just above it is refused', async () => {
  const above: Readonly<Record<keyof Omit<ArchiveBounds, 'compressionFrom'>, number>> = {
    fileBytes: 100,
    contentBytes: 10_000,
    compression: 2,
    entries: 4,
    nameBytes: 'configuration/configuration_00001.jsonl'.length - 1,
    paxBytes: 10,
    paddingBytes: 511,
    lineBytes: 100,
    rowBytes: 1_000,
    metadataBytes: metadata('5.54.0').length - 1,
    schemaBytes: 10,
    settingBytes: 10,
  };
  const tar = Buffer.concat([
    paxEntry({ comment: 'a comment' }),
    strapiTar(smallProject({ schemas: [{ uid: 'api::tag.tag' }] })),
    Buffer.alloc(512),
  ]);
  const path = fileOf(gzipSync(tar));
  const within = { ...ARCHIVE_BOUNDS, compressionFrom: 0 };
  await projectAt(path, within);
  for (const [name, value] of Object.entries(above)) await refusalAt(path, { ...within, [name]: value });
});

test('a file of 20 GB is refused before it is read', async () => {
  const path = fileOf(small, 'large.tar.gz');
  truncateSync(path, 20 * 2 ** 30);
  expect(await refusalAt(path)).toMatch(/more than 17179869184 bytes.*--exclude files/);
});

describe('an archive that changes between two readings is refused', () => {
  test.each([
    ['in its size', (path: string) => writeFileSync(path, strapiArchive(smallProject({ links: [] })))],
    ['by what is written after its end', (path: string) => appendFileSync(path, SECRET)],
    [
      'in its content, with the time of change set back',
      (path: string) => {
        writeFileSync(path, Buffer.concat([small.subarray(0, 4), Buffer.from([1]), small.subarray(5)])); // gzip's own time
        utimesSync(path, 1_000, 1_000);
      },
    ],
  ])('%s', async (_, change) => {
    const path = fileOf(small, 'changes.tar.gz');
    utimesSync(path, 1_000, 1_000);
    const source = await openArchive(path);
    await Array.fromAsync(source.records());
    change(path);
    await expect(Array.fromAsync(source.records())).rejects.toThrow(/changed while it was read/);
    await source.close();
  });

  test('also one that changes while it is read for the first time', async () => {
    const large = tarEntry({ name: 'assets/uploads/a.png', content: Buffer.alloc(2 ** 20) }); // more than is read ahead
    const path = fileOf(Buffer.concat([large, strapiTar(smallProject())]), 'first.tar');
    const source = await openArchive(path);
    const records = source.records()[Symbol.asyncIterator]();
    await records.next();
    utimesSync(path, 1_000, 1_000);
    const rest = async () => {
      while (!(await records.next()).done);
    };
    await expect(rest()).rejects.toThrow(/changed while it was read/);
    await source.close();
  });

  test('and one that takes its place is not read', async () => {
    const path = fileOf(small, 'replaced.tar.gz');
    const source = await openArchive(path);
    const first = await Array.fromAsync(source.records());
    await rm(path);
    fileOf(strapiArchive({}), 'replaced.tar.gz');
    expect(await Array.fromAsync(source.records())).toEqual(first);
    await source.close();
  });
});

describe('accounts that contradict each other are refused:', () => {
  const { entities = [], links = [] } = smallProject();
  const project = (more: { readonly entities?: readonly unknown[]; readonly links?: readonly unknown[] }) =>
    strapiArchive(
      smallProject({ entities: [...entities, ...(more.entities ?? [])], links: [...links, ...(more.links ?? [])] }),
    );
  const rows: readonly (readonly [title: string, bytes: Buffer, message: RegExp])[] = [
    ['two users with one id', project({ entities: [user(1, { documentId: 'other' })] }), /two users with the id 1/],
    [
      'two users with one documentId',
      project({ entities: [user(3, { documentId: user(1).data.documentId })] }),
      /user 3: another user has the same documentId/,
    ],
    [
      'two roles with one id',
      project({ entities: [role(1, 'other', { documentId: 'other' })] }),
      /two roles with the id 1/,
    ],
    [
      'two roles with one documentId',
      project({ entities: [role(3, 'other', { documentId: role(1, '').data.documentId })] }),
      /role 3: another role has the same documentId/,
    ],
    ['two roles of one type', project({ entities: [role(3, 'public')] }), /role 3: role 2 has the same type/],
    ['two permissions with one id', project({ entities: [permission(1, SECRET)] }), /two permissions with the id 1/],
    ['a permission without a role', project({ entities: [permission(3, SECRET)] }), /permission 3: it has no role/],
    [
      'a permission with two roles',
      project({ links: [permissionRole(1, 2)] }),
      /permission 1: it has two roles, 1 and 2/,
    ],
    [
      'a permission of a role that is not there',
      project({ entities: [permission(3, SECRET)], links: [permissionRole(3, 9)] }),
      /permission 3: its role 9 is not there/,
    ],
    [
      'a link of a permission that is not there',
      project({ links: [permissionRole(3, 1)] }),
      /permission 3: there is a link from it/,
    ],
    ['a user with two roles', project({ links: [userRole(1, 2)] }), /user 1: it has two roles, 1 and 2/],
    [
      'a user with a role that is not there',
      project({ entities: [user(3)], links: [userRole(3, 9)] }),
      /user 3: its role 9 is not there/,
    ],
    ['a link of a user that is not there', project({ links: [userRole(3, 1)] }), /user 3: there is a link from it/],
    [
      'a user whose role is a tag',
      project({ entities: [user(3)], links: [link('plugin::users-permissions.user', 'role', 3, 'api::tag.tag', 1)] }),
      /user 3: its role is of another type/,
    ],
    [
      'a user with a column that Strapi does not allow',
      project({ entities: [user(3, { [`\u001b[2J${SECRET}`]: 1 })] }),
      /user 3: one of its columns has a name/,
    ],
  ];
  test.each(rows)('%s', async (_, bytes, message) => {
    expect(await refusalOf(bytes)).toMatch(message);
  });

  test('but the same link twice is one', async () => {
    const { users } = await projectAt(fileOf(project({ links: [userRole(1, 1)] })));
    expect(users.map(({ role: one }) => one)).toEqual([1, 1]);
  });
});

describe('a column of another type is refused, and named:', () => {
  const long = SECRET.repeat(200);
  const texts = [1, true, [SECRET], { [SECRET]: 1 }, long];
  const dates = [1, true, SECRET, `${SECRET}T00:00:00Z`, '2026-13-01T00:00:00.000Z', '+020000-01-01T00:00:00.000Z', {}];
  const wrong: Readonly<Record<string, readonly unknown[]>> = {
    username: [...texts, null],
    email: [...texts, null],
    provider: texts,
    password: texts,
    documentId: texts,
    confirmed: [1, 'true', SECRET, []],
    blocked: [0, 'false', SECRET, {}],
    createdAt: dates,
    updatedAt: dates,
  };
  test.each(Object.entries(wrong))('%s', async (column, values) => {
    for (const value of values) {
      const bytes = strapiArchive({ entities: [user(7, { [column]: value })] });
      expect(await refusalOf(bytes)).toMatch(new RegExp(`^user 7: the column "${column}" `));
    }
  });

  test.each([
    ['role', 'name', role(7, 'type', { name: null })],
    ['role', 'type', role(7, 'type', { type: [SECRET] })],
    ['role', 'description', role(7, 'type', { description: 1 })],
    ['permission', 'action', row('plugin::users-permissions.permission', 7, { action: { [SECRET]: 1 } })],
  ])('the %s %s', async (what, column, entity) => {
    expect(await refusalOf(strapiArchive({ entities: [entity] }))).toMatch(
      new RegExp(`^${what} 7: the column "${column}" `),
    );
  });

  test('and what is missing has a meaning', async () => {
    const bare = { type: 'plugin::users-permissions.user', id: 1, data: { username: 'a', email: 'b' } };
    expect((await projectOf({ entities: [bare] })).users).toEqual([
      {
        id: 1,
        documentId: undefined,
        username: 'a',
        email: 'b',
        provider: 'local',
        passwordHash: null,
        confirmed: false,
        blocked: false,
        role: undefined,
        createdAt: new Date(0),
        updatedAt: new Date(0),
        furtherColumns: [],
      },
    ]);
  });
});

describe('at any place', () => {
  const compressed = readFileSync(FIXTURE);
  const plain = gunzipSync(compressed);
  /** Where the two blocks of zeros end that end an archive. What follows is padding. */
  const end = Math.ceil(plain.findLastIndex((byte) => byte !== 0) / 512) * 512 + 1_024;

  test.each([
    ['compressed', compressed, compressed.length],
    ['plain', plain, end],
  ])('a %s archive that is cut off there is refused', async (_, bytes, length) => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: length - 1 }), async (cut) => {
        await refusalOf(bytes.subarray(0, cut));
      }),
      { numRuns: 40 },
    );
  });

  test('another byte is refused, or changes nothing of what a compressed archive says', async () => {
    const expected = await projectAt(FIXTURE);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: compressed.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (at, mask) => {
          const bytes = Buffer.from(compressed);
          bytes[at] = (bytes[at] ?? 0) ^ mask;
          const path = fileOf(bytes);
          const found = await projectAt(path).catch((error: unknown) => error);
          if (found instanceof Error) expect(await refusalAt(path)).toBe(found.message);
          else expect(found).toEqual(expected);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('other bytes in a plain archive are refused or read, and nothing else happens', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: 0, max: plain.length - 1 }), fc.integer({ min: 0, max: 255 })), {
          minLength: 1,
          maxLength: 20,
        }),
        async (changes) => {
          const bytes = Buffer.from(plain);
          for (const [at, byte] of changes) bytes[at] = byte;
          const found = await projectAt(fileOf(bytes)).catch((error: unknown) => error);
          if (found instanceof Error) expect(found).toBeInstanceOf(ImportRefused);
        },
      ),
      { numRuns: 60 },
    );
  });
});
