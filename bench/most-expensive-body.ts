// Looks for the body that holds the one thread longest: node bench/most-expensive-body.ts [--only words] [--after words] [--most 20]. BENCH_DATABASE_URL is
// optional. Of every kind of request in bodies.ts it tries sizes up to a megabyte, and prints the slowest: milliseconds of the
// server's thread from the first byte until the request is refused or its first statement is sent, and until it is answered.

import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { pino } from 'pino';
import { createPasswords } from '../src/accounts/passwords.ts';
import { DEMO_PASSWORD } from '../src/accounts/public-password.ts';
import { readConfig } from '../src/config/config.ts';
import { createGatehouse } from '../src/gatehouse.ts';
import { seedDatabase } from '../src/start/seed-database.ts';
import { blog } from '../test/blog/blog.ts';
import { openDatabase } from '../test/blog/open-database.ts';
import { bodiesOf, FAMILIES, MAX_BODY } from './bodies.ts';
import { openBenchDatabase } from './database.ts';
import { median } from './figures.ts';
import { table } from './markdown.ts';

/** The client has a thread of its own, so that the server's is the server's alone. */
const CLIENT = `
  const { parentPort, workerData: { url, token } } = require('node:worker_threads');
  parentPort.on('message', async (body) => {
    const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', authorization: 'Bearer ' + token }, body });
    const text = await answer.text();
    const code = /"code":"(\\w+)"/.exec(text)?.[1] ?? 'answered';
    parentPort.postMessage({ code: answer.status + ' ' + code, length: text.length });
  });`;

/** Milliseconds of a body that was looked at twice or more. */
interface Measured {
  readonly family: string;
  readonly size: number;
  readonly bytes: number;
  readonly before: number;
  readonly whole: number;
  readonly answer: string;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: '' },
      after: { type: 'string', default: '' },
      most: { type: 'string', default: '20' },
      introspection: { type: 'string', default: 'on' },
    },
  });
  await using bench = await openBenchDatabase(process.env['BENCH_DATABASE_URL'] || undefined);
  let firstStatement: number | undefined;
  const database = await openDatabase(bench.location, { onStatement: () => (firstStatement ??= cpu()) });
  await seedDatabase(database.prisma, blog, { demo: true, production: false, passwords: createPasswords(4) });
  const config = readConfig({
    NODE_ENV: 'production',
    PORT: '0',
    PUBLIC_URL: 'http://127.0.0.1',
    DATA_DIR: bench.directory,
    ...(bench.location.kind === 'server' && { DATABASE_URL: bench.location.url }),
    JWT_SECRET: randomBytes(48).toString('base64url'),
    ADMIN_JWT_SECRET: randomBytes(48).toString('base64url'),
    INTROSPECTION: values.introspection,
    AUTH_RATE_LIMIT: 'off',
  });
  const gatehouse = await createGatehouse({ ...blog, config, database, log: pino({ level: 'silent' }) });
  const url = `${await gatehouse.listen()}/graphql`;
  const token = await login(url);
  const client = new Worker(CLIENT, { eval: true, workerData: { url, token } });

  async function ask(body: string): Promise<{ before: number; whole: number; answer: string }> {
    const answered = new Promise<{ code: string; length: number }>((resolve) => client.once('message', resolve));
    firstStatement = undefined;
    const began = cpu();
    client.postMessage(body);
    const { code, length } = await answered;
    const whole = cpu() - began;
    return { before: (firstStatement ?? cpu()) - began, whole, answer: `${code}, ${length} characters` };
  }

  /** The median of two looks, or of five where it is worth it. */
  async function measured(family: string, size: number, body: string): Promise<Measured> {
    const asked = [await ask(body), await ask(body)];
    if (Math.min(...asked.map(({ before }) => before)) > WORTH_ANOTHER_LOOK)
      asked.push(await ask(body), await ask(body), await ask(body));
    return {
      family,
      size,
      bytes: Buffer.byteLength(body),
      before: median(asked.map(({ before }) => before)),
      whole: median(asked.map(({ whole }) => whole)),
      answer: asked[0]?.answer ?? '',
    };
  }

  for (let index = 0; index < 300; index++) await ask('{"query":"{ posts { title author { name } } }"}');
  await ask('[]'); // what is seldom is loaded
  const slowest: Measured[] = [];
  // To go on where another run was ended.
  const first = FAMILIES.findIndex(({ name }) => name === values.after) + 1;
  for (const family of FAMILIES.slice(first).filter(({ name }) => name.includes(values.only))) {
    const tried: Measured[] = [];
    for (const { size, body } of bodiesOf(family)) tried.push(await measured(family.name, size, body));
    let worst = slowestOf(tried);
    // The slowest may lie just below a bound, between two sizes that were tried.
    for (let step = 1.5; step > 1.03; step = Math.sqrt(step)) {
      const size = Math.ceil(worst.size * step);
      const body = family.body(size);
      if (Buffer.byteLength(body) <= MAX_BODY) worst = slowestOf([worst, await measured(family.name, size, body)]);
    }
    slowest.push(worst);
    const { before, size, answer } = worst;
    process.stderr.write(`${before.toFixed(0).padStart(6)} ms: ${size} of ${family.name}, ${answer}\n`);
  }
  slowest.sort((one, other) => other.before - one.before);
  const rows = slowest
    .slice(0, Number(values.most))
    .map(({ family, size, bytes, before, whole, answer }) => [
      family,
      String(size),
      String(bytes),
      before.toFixed(1),
      whole.toFixed(1),
      answer,
    ]);
  process.stdout.write(
    `${table(['a body of', 'so many', 'bytes', 'ms until it is refused or runs', 'ms until it is answered', 'answer'], rows)}\n`,
  );
  await client.terminate();
  await gatehouse.close();
}

/** As somebody who may write posts: more of what is sent is looked at. */
async function login(url: string): Promise<string> {
  const query = 'mutation ($i: UsersPermissionsLoginInput!) { login(input: $i) { jwt } }';
  const variables = { i: { identifier: 'editor', password: DEMO_PASSWORD } };
  const body = JSON.stringify({ query, variables });
  const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  const { data } = (await answer.json()) as { readonly data: { readonly login: { readonly jwt: string } } };
  return data.login.jwt;
}

const WORTH_ANOTHER_LOOK = 30;

function slowestOf(measured: readonly Measured[]): Measured {
  return measured.reduce((one, other) => (other.before > one.before ? other : one));
}

/** Milliseconds of this thread so far. */
function cpu(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

await main();
