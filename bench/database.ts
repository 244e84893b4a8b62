import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { DatabaseLocation } from '../src/database/open.ts';

/** An empty database of this run's own. Gone when it is disposed of. */
export interface BenchDatabase extends AsyncDisposable {
  readonly location: DatabaseLocation;
  /** A temporary directory, for the embedded database and for whatever else a server keeps. */
  readonly directory: string;
  /** What it is, for a person. */
  readonly description: string;
  /**
   * Where one more process finds the same rows. A server has room for all; of the embedded database, which belongs to one
   * process, it is a copy, to be made while nobody has it open.
   */
  forAnother(): DatabaseLocation;
}

/** A new database on the server with this URL; without one, an embedded database. */
export async function openBenchDatabase(serverUrl: string | undefined): Promise<BenchDatabase> {
  const directory = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
  const removeDirectory = () => rmSync(directory, { recursive: true, force: true });
  if (serverUrl === undefined) {
    return {
      location: { kind: 'embedded', directory },
      directory,
      description: 'Embedded PostgreSQL (PGlite)',
      forAnother() {
        const copy = mkdtempSync(join(directory, 'copy-'));
        cpSync(join(directory, 'postgres'), join(copy, 'postgres'), { recursive: true });
        return { kind: 'embedded', directory: copy };
      },
      async [Symbol.asyncDispose]() {
        removeDirectory();
      },
    };
  }

  const name = `gatehouse_bench_${process.pid}_${randomBytes(4).toString('hex')}`;
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  try {
    const version = await administer(serverUrl, `CREATE DATABASE ${name} TEMPLATE template0`);
    const location: DatabaseLocation = { kind: 'server', url: url.href };
    return {
      location,
      directory,
      description: `PostgreSQL ${version} server`,
      forAnother: () => location,
      async [Symbol.asyncDispose]() {
        removeDirectory();
        await administer(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      },
    };
  } catch (error) {
    removeDirectory();
    throw error;
  }
}

/** Runs a statement on the server's own database, and tells the server's version. */
async function administer(url: string, statement: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
    return rows[0]?.server_version.split(' ', 1)[0] ?? '';
  } finally {
    await client.end();
  }
}
