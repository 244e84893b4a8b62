// Mixed load on a cluster, and what it grows to: node bench/soak.ts --minutes 10
// Needs BENCH_DATABASE_URL, and Linux. Exit code 1 for a wrong answer, or when memory, what is left of it when garbage was
// collected, or open handles go on growing. One question in ten is a document that is new, so that what is remembered of
// documents has come to its bound before the second third.

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { DEMO_PASSWORD } from '../src/accounts/public-password.ts';
import { dataOf, type Question, requestOf } from './ask.ts';
import { openBenchDatabase } from './database.ts';
import { median } from './figures.ts';
import { table } from './markdown.ts';

const WORKERS = 2;
const SAMPLES = 30;
/** Milliseconds: a collection of a hundred megabytes takes a tenth of that. */
const COLLECTED_AFTER = 2_000;
/** As much more in the last third of the time than in the second is growth. */
const GROWTH = { memory: 1.1, heap: 1.03, handles: 1.03 };
const NEW_DOCUMENT = 10;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { minutes: { type: 'string', default: '10' } } });
  const seconds = Number(values.minutes) * 60;
  const serverUrl = process.env['BENCH_DATABASE_URL'];
  if (!serverUrl || !(seconds > 0)) throw new Error('Set BENCH_DATABASE_URL, and --minutes to a number');
  await using database = await openBenchDatabase(serverUrl);
  if (database.location.kind !== 'server') throw new Error('A cluster needs a server');

  const cluster = fileURLToPath(new URL('../dist/start/cluster.js', import.meta.url));
  const child = spawn(process.execPath, [cluster], {
    env: {
      PATH: process.env['PATH'],
      NODE_OPTIONS: `--expose-gc --import ${new URL('servers/heap-probe.mjs', import.meta.url).href}`,
      HEAP_DIRECTORY: database.directory,
      PORT: '0',
      DATABASE_URL: database.location.url,
      DATA_DIR: database.directory,
      WORKERS: String(WORKERS),
      LOG_LEVEL: 'error',
      AUTH_RATE_LIMIT: 'off',
      JWT_SECRET: randomBytes(48).toString('base64url'),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  while (!output.includes('processes answer')) await wait(50);
  const url = /ready at (\S+)/.exec(output)?.[1] ?? '';

  const login: Question = {
    query: `mutation { login(input: { identifier: "editor", password: "${DEMO_PASSWORD}" }) { jwt } }`,
  };
  const token = ((await dataOf(url, login)) as { login: { jwt: string } }).login.jwt;
  const questions: readonly Question[] = [
    { query: '{ me { username } }', token },
    { query: '{ me { username } }', token },
    { query: '{ posts(pagination: { limit: 10 }) { title author { name } category { name } } }', token },
    { query: '{ posts(pagination: { limit: 10 }, sort: "title:desc") { title tags { name } } }' },
    { query: 'mutation { createPost(data: { title: "soaked" }) { documentId } }', token },
    login,
  ];
  let going = true;
  let answers = 0;
  const client = async (question: Question, n: number) => {
    for (let time = 0; going; time++) {
      // Now and then another document: what is remembered of them is to be bounded, too.
      const query = time % NEW_DOCUMENT === 0 ? `${question.query} # ${n} ${time}` : question.query;
      const response = await fetch(url, { method: 'POST', ...requestOf({ ...question, query }) });
      const text = await response.text();
      if (text.includes('"errors"')) throw new Error(`The answer is wrong: ${text}`);
      answers += 1;
    }
  };
  const clients = questions.map(client);
  const workers = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ');
  const samples: Record<keyof typeof GROWTH, number>[] = [];
  for (let sample = 0; sample < SAMPLES; sample++) {
    await Promise.race([wait((seconds * 1_000) / SAMPLES), Promise.all(clients)]);
    const memory = sum(workers.map(memoryOf));
    for (const worker of workers) process.kill(Number(worker), 'SIGUSR2');
    await wait(COLLECTED_AFTER);
    const heap = sum(
      workers.map((worker) => Number(readFileSync(join(database.directory, worker), 'utf8')) / 1_000_000),
    );
    samples.push({ memory, heap, handles: sum(workers.map(handlesOf)) });
  }
  going = false;
  await Promise.all(clients);
  child.kill('SIGTERM');
  const [code] = (await once(child, 'exit')) as [number | null];

  const third = SAMPLES / 3;
  const thirds = [0, 1, 2].map((n) => samples.slice(n * third, (n + 1) * third));
  const mediansOf = (what: keyof typeof GROWTH) => thirds.map((some) => median(some.map((sample) => sample[what])));
  process.stdout.write(
    `${database.description}, ${WORKERS} processes, ${values.minutes} minutes, ${answers} answers, ended with ${code}\n\n${table(
      ['medians', 'first third', 'second', 'last'],
      [
        ['memory of all, MB', ...mediansOf('memory').map((value) => value.toFixed(0))],
        ['heap of all after a collection, MB', ...mediansOf('heap').map((value) => value.toFixed(1))],
        ['open handles of all', ...mediansOf('handles').map((value) => value.toFixed(0))],
      ],
    )}\n`,
  );
  const grows = (Object.keys(GROWTH) as (keyof typeof GROWTH)[]).some((what) => {
    const [, second = 0, last = 0] = mediansOf(what);
    return last > second * GROWTH[what];
  });
  if (code !== 0 || grows) process.exitCode = 1;
}

function memoryOf(pid: string): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_000;
}

function handlesOf(pid: string): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}

await main();
