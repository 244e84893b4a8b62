// Eight who log in without pause, and what that is to everybody else: node bench/logins.ts --rounds 5 --seconds 4
// BENCH_DATABASE_URL is optional. Ratios within a round, the median of the rounds.

import { availableParallelism } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createPasswordThreads } from '../src/accounts/password-threads.ts';
import { createPasswords } from '../src/accounts/passwords.ts';
import { DEMO_PASSWORD } from '../src/accounts/public-password.ts';
import { dataOf, type Question } from './ask.ts';
import { openBenchDatabase } from './database.ts';
import { median } from './figures.ts';
import { askLightly } from './light-client.ts';
import { table } from './markdown.ts';
import { startServer } from './server-process.ts';
import type { GatehouseOptions } from './servers/gatehouse.ts';

const CLIENTS = 8;
/** Questions a second, asked at their time whether the last one was answered or not. */
const RATE = 300;

const LOGIN: Question = {
  query: `mutation { login(input: { identifier: "reader", password: "${DEMO_PASSWORD}" }) { jwt } }`,
};

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { rounds: { type: 'string', default: '5' }, seconds: { type: 'string', default: '4' } },
  });
  const [rounds, seconds] = [Number(values.rounds), Number(values.seconds)];
  await using database = await openBenchDatabase(process.env['BENCH_DATABASE_URL'] || undefined);
  const { location, directory } = database;
  const options: GatehouseOptions = { location, directory, countStatements: false };
  await using server = await startServer('gatehouse.ts', options);
  const { login } = (await dataOf(server.url, LOGIN)) as { login: { jwt: string } };
  const me: Question = { query: '{ me { username } }', token: login.jwt };
  await pace(server.url, me, 2);

  const found: { hashes: number; logins: number; alone: number; beside: number }[] = [];
  for (let round = 0; round < rounds; round++) {
    process.stderr.write(`round ${round + 1} of ${rounds}\n`);
    const hashes = await hashesPerSecond(seconds);
    const alone = await pace(server.url, me, seconds);
    const logins = await loginsPerSecond(server.url, seconds);
    const [, beside] = await Promise.all([loginsPerSecond(server.url, seconds), pace(server.url, me, seconds)]);
    found.push({ hashes, logins, alone, beside });
  }
  const of = (read: (round: (typeof found)[number]) => number) => median(found.map(read));
  process.stdout.write(
    `${database.description}, ${availableParallelism()} processors, ${CLIENTS} clients, me at ${RATE} a second, medians of ${rounds} rounds of ${seconds} s\n\n${table(
      ['', ''],
      [
        ['passwords compared a second, by all processors and nothing else', of(({ hashes }) => hashes).toFixed(1)],
        ['logins per second', of(({ logins }) => logins).toFixed(1)],
        ['÷ the first', of(({ logins, hashes }) => logins / hashes).toFixed(2)],
        ['p99 of me, ms', of(({ alone }) => alone).toFixed(1)],
        ['p99 of me while they log in, ms', of(({ beside }) => beside).toFixed(1)],
        ['÷ the one before', of(({ alone, beside }) => beside / alone).toFixed(2)],
      ],
    )}\n`,
  );
}

/** What the processors can do, in this process, while the server has nothing to do. */
async function hashesPerSecond(seconds: number): Promise<number> {
  const threads = createPasswordThreads();
  const passwords = createPasswords(10, threads.run);
  const hash = await passwords.hash(DEMO_PASSWORD);
  await Promise.all(Array.from({ length: CLIENTS }, () => passwords.matches(DEMO_PASSWORD, hash))); // the threads are up
  const rate = await perSecond(seconds, async () => void (await passwords.matches(DEMO_PASSWORD, hash)));
  await threads.close();
  return rate;
}

function loginsPerSecond(url: string, seconds: number): Promise<number> {
  return perSecond(seconds, async () => void (await askLightly(url, LOGIN)));
}

/** How often eight at once do it in a second. */
async function perSecond(seconds: number, act: () => Promise<void>): Promise<number> {
  const began = performance.now();
  const until = began + seconds * 1_000;
  let count = 0;
  const client = async () => {
    while (performance.now() < until) {
      await act();
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return (count * 1_000) / (performance.now() - began);
}

/** Asks at a fixed rate, and tells the 99th percentile in milliseconds, counted from when it was to be asked. */
async function pace(url: string, question: Question, seconds: number): Promise<number> {
  const began = performance.now();
  const took: number[] = [];
  const waiting: Promise<void>[] = [];
  for (let n = 0; n < seconds * RATE; n++) {
    const at = began + (n * 1_000) / RATE;
    const early = at - performance.now();
    if (early > 0) await wait(early);
    const ask = async () => {
      const text = await askLightly(url, question);
      if (!text.startsWith('{"data":{"me":{')) throw new Error(`me: the answer is wrong: ${text}`);
      took.push(performance.now() - at);
    };
    waiting.push(ask());
  }
  await Promise.all(waiting);
  took.sort((a, b) => a - b);
  return took[Math.ceil(took.length * 0.99) - 1] ?? Number.NaN;
}

await main();
