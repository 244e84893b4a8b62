// An import: node bench/import.ts --users 100000. Needs Linux and a build; BENCH_DATABASE_URL for a server.
// How long `gatehouse import strapi` takes for so many users, and the most memory that its process holds.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { manyUsers } from '../test/import/support.ts';
import { writeStrapiArchive } from '../test/support/strapi-archive.ts';
import { openBenchDatabase } from './database.ts';
import { table } from './markdown.ts';

interface Figures {
  readonly seconds: number;
  /** In MB. */
  readonly memory: number;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { users: { type: 'string', default: '100000' } } });
  await using database = await openBenchDatabase(process.env['BENCH_DATABASE_URL']);
  const { location, directory, description } = database;
  const archive = join(directory, 'project.tar.gz');
  await writeStrapiArchive(archive, manyUsers(Number(values.users)));
  const environment = { DATA_DIR: directory, ...(location.kind === 'server' && { DATABASE_URL: location.url }) };

  const rows: string[][] = [];
  for (const [name, words] of [
    ['first start and plan', ['--plan']],
    ['plan', ['--plan']],
    ['import', []],
  ] as const) {
    const { seconds, memory } = await figuresOf(environment, ['import', 'strapi', archive, ...words]);
    rows.push([name, seconds.toFixed(1), memory.toFixed(0)]);
  }
  process.stdout.write(`${description}, ${values.users} users\n\n${table(['', 'seconds', 'memory (MB)'], rows)}\n`);
}

/** Runs a command of the build, which has to succeed. */
async function figuresOf(environment: Readonly<Record<string, string>>, words: readonly string[]): Promise<Figures> {
  const began = performance.now();
  const child = spawn(process.execPath, ['dist/command-line/main.js', ...words], {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  let memory = 0;
  const watch = setInterval(() => {
    try {
      memory = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? memory);
    } catch {
      // It has just ended.
    }
  }, 50);
  const [code] = (await once(child, 'exit')) as [number | null];
  clearInterval(watch);
  if (code !== 0) throw new Error(`The command ended with ${code}:\n${errors}`);
  return { seconds: (performance.now() - began) / 1_000, memory: memory * 0.001_024 }; // of 1,024 bytes
}

await main();
