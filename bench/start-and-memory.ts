// What a start takes, and what memory: node bench/start-and-memory.ts --rounds 5 --idle 60. Needs Linux; BENCH_DATABASE_URL is optional.
// On a migrated database with the example blog, the server as `npm start` starts it, medians: to its first answer; in use, by
// somebody who logs in, reads and writes; and when it has had nothing to do for so many seconds after that.

import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { DEMO_PASSWORD } from '../src/accounts/public-password.ts';
import { dataOf } from './ask.ts';
import { openBenchDatabase } from './database.ts';
import { median } from './figures.ts';
import { startMain } from './main-process.ts';
import { table } from './markdown.ts';

const TIMES = 100;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { rounds: { type: 'string', default: '5' }, idle: { type: 'string', default: '60' } },
  });
  const [rounds, idle] = [Number(values.rounds), Number(values.idle)];
  await using database = await openBenchDatabase(process.env['BENCH_DATABASE_URL'] || undefined);
  const { location } = database;
  const environment = {
    DATA_DIR: database.directory,
    JWT_SECRET: randomBytes(48).toString('base64url'),
    ...(location.kind === 'server' && { DATABASE_URL: location.url }),
  };
  const first = await startMain(environment); // which makes the tables
  await first[Symbol.asyncDispose]();
  const found: { took: number; started: number; used: number; idle: number }[] = [];
  for (let round = 0; round < rounds; round++) {
    process.stderr.write(`round ${round + 1} of ${rounds}\n`);
    await using server = await startMain(environment);
    const started = server.memory();
    await use(server.url);
    const used = server.memory();
    await wait(idle * 1_000);
    found.push({ took: server.took, started, used, idle: server.memory() });
  }
  const of = (read: (round: (typeof found)[number]) => number) => median(found.map(read)).toFixed(0);
  process.stdout.write(
    `${database.description}, medians of ${rounds} starts\n\n${table(
      ['', ''],
      [
        ['start to first response, ms', of(({ took }) => took)],
        ['memory after it, MB', of((round) => round.started)],
        [`memory after ${TIMES} times \`me\`, lists, creates and logins, MB`, of(({ used }) => used)],
        [`and after ${idle} s with nothing to do, MB`, of((round) => round.idle)],
      ],
    )}\n`,
  );
}

async function use(url: string): Promise<void> {
  const login = {
    query: `mutation { login(input: { identifier: "editor@example.com", password: "${DEMO_PASSWORD}" }) { jwt } }`,
  };
  const token = ((await dataOf(url, login)) as { login: { jwt: string } }).login.jwt;
  for (let time = 0; time < TIMES; time++) {
    await dataOf(url, { query: '{ me { username role { name } } }', token });
    await dataOf(url, { query: '{ posts { title author { name } category { name } tags { name } } }', token });
    await dataOf(url, { query: 'mutation { createPost(data: { title: "in use" }) { documentId } }', token });
    await dataOf(url, login);
  }
}

await main();
