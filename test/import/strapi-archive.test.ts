import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openArchive } from '../../src/import/strapi/archive/open-archive.ts';
import type { StrapiProject } from '../../src/import/strapi/project.ts';
import { readProject } from '../../src/import/strapi/read-project.ts';

const FIXTURE = 'test/fixtures/strapi/strapi-5.54-export.tar.gz';

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

async function projectAt(path: string): Promise<StrapiProject> {
  const source = await openArchive(path);
  try {
    return await readProject(source);
  } finally {
    await source.close();
  }
}

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
    expect(project.users.filter(({ role }) => role === undefined).map(({ username }) => username)).toEqual(['no.role']);
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
    const { source: _, ...plain } = await projectAt(fileOf(gunzipSync(readFileSync(FIXTURE)), 'export.tar'));
    const { source: __, ...compressed } = await projectAt(FIXTURE);
    expect(plain).toEqual(compressed);
  });
});
