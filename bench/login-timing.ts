// Whether the time of an answer tells who has an account: node bench/login-timing.ts --rounds 100
// Known and unknown identifiers are asked for in turn, so that whatever else the machine does falls on both.

import { parseArgs } from 'node:util';
import { DEMO_ADMIN, DEMO_PASSWORD } from '../src/accounts/public-password.ts';
import { dataOf, requestOf } from './ask.ts';
import { openBenchDatabase } from './database.ts';
import { median } from './figures.ts';
import { table } from './markdown.ts';
import { startServer } from './server-process.ts';
import type { GatehouseOptions } from './servers/gatehouse.ts';

const LOGIN = `mutation ($identifier: String!) { login(input: { identifier: $identifier, password: "not the password" }) { jwt } }`;
const FORGOT = 'mutation ($identifier: String!) { forgotPassword(email: $identifier) { ok } }';
const CONFIRM = 'mutation ($identifier: String!) { sendEmailConfirmation(email: $identifier) { ok } }';
const SEND_CODE = 'mutation ($identifier: String!) { sendLoginCode(email: $identifier) { ok } }';
const WITH_CODE = 'mutation ($identifier: String!) { loginWithCode(email: $identifier, code: "00000000") { jwt } }';

/** Two who should take the same time. */
const PAIRS = [
  {
    name: 'login, by e-mail',
    query: LOGIN,
    known: 'editor@example.com',
    unknown: (n: number) => `nobody${n}@example.com`,
  },
  { name: 'login, by username', query: LOGIN, known: 'editor', unknown: (n: number) => `nobody${n}` },
  ...Object.entries({
    forgotPassword: FORGOT,
    sendEmailConfirmation: CONFIRM,
    sendLoginCode: SEND_CODE,
    'loginWithCode, a wrong one': WITH_CODE,
  }).map(([name, query]) => ({
    name,
    query,
    known: 'editor@example.com',
    unknown: (n: number) => `nobody${n}@example.com`,
  })),
] as const;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { rounds: { type: 'string', default: '100' } } });
  const rounds = Number(values.rounds);
  if (!(rounds > 0)) throw new Error('--rounds takes a number');
  await using database = await openBenchDatabase(process.env['BENCH_DATABASE_URL'] || undefined);
  const { location, directory } = database;
  const options: GatehouseOptions = { location, directory, countStatements: false, silent: true };
  await using server = await startServer('gatehouse.ts', options);
  await enableLoginCodes(server.url.replace(/graphql$/, 'admin/graphql'));

  const timed = async (query: string, identifier: string): Promise<number> => {
    const began = performance.now();
    const response = await fetch(server.url, { method: 'POST', ...requestOf({ query, variables: { identifier } }) });
    await response.text();
    return performance.now() - began;
  };

  const rows: string[][] = [];
  for (const { name, query, known, unknown } of PAIRS) {
    const series: { known: number[]; unknown: number[] } = { known: [], unknown: [] };
    for (let round = -5; round < rounds; round++) {
      // Who comes first alternates, too.
      const order = round % 2 === 0 ? (['known', 'unknown'] as const) : (['unknown', 'known'] as const);
      for (const who of order) {
        const milliseconds = await timed(query, who === 'known' ? known : unknown(round));
        if (round >= 0) series[who].push(milliseconds); // the first few warm up
      }
    }
    const differences = series.known.map((milliseconds, round) => milliseconds - (series.unknown[round] ?? 0));
    rows.push([
      name,
      median(series.known).toFixed(2),
      median(series.unknown).toFixed(2),
      median(differences).toFixed(2),
      spread(differences).toFixed(2),
    ]);
  }
  const headings = ['', 'known, ms', 'unknown, ms', 'difference', 'spread of it'];
  process.stdout.write(`${database.description}, medians of ${rounds} interleaved pairs\n\n${table(headings, rows)}\n`);
}

async function enableLoginCodes(adminUrl: string): Promise<void> {
  const query = 'mutation ($email: String!, $password: String!) { login(email: $email, password: $password) { jwt } }';
  const variables = { email: DEMO_ADMIN, password: DEMO_PASSWORD };
  const { login } = (await dataOf(adminUrl, { query, variables })) as { readonly login: { readonly jwt: string } };
  await dataOf(adminUrl, {
    query: 'mutation { updateSettings(data: { emailLoginCodes: true }) { emailLoginCodes } }',
    token: login.jwt,
  });
}

/** Median distance from the median: a difference well below it tells nothing. */
function spread(numbers: readonly number[]): number {
  const middle = median(numbers);
  return median(numbers.map((number) => Math.abs(number - middle)));
}

await main();
