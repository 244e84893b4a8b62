// Mixed traffic, and the database taken away in the middle: node bench/outage.ts --seconds 60
// Needs BENCH_DATABASE_URL. Every answer has to be right, or a clear 503. Exit code 1 when one is not, or it does not heal.

import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startTcpProxy } from '../test/support/tcp-proxy.ts';
import { dataOf, requestOf } from './ask.ts';
import { openBenchDatabase } from './database.ts';
import { table } from './markdown.ts';
import { startServer } from './server-process.ts';
import type { GatehouseOptions } from './servers/gatehouse.ts';

/** What is asked, what a right answer is, and how many ask it without pause. */
interface Traffic {
  readonly name: string;
  readonly clients: number;
  readonly question: Parameters<typeof requestOf>[0];
  isRight(status: number, text: string): boolean;
}

const PHASES = ['before', 'cut off', 'back', 'held', 'back again'] as const;
type Phase = (typeof PHASES)[number];

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { seconds: { type: 'string', default: '60' } } });
  const seconds = Number(values.seconds);
  const serverUrl = process.env['BENCH_DATABASE_URL'];
  if (!serverUrl || !(seconds > 0)) throw new Error('Set BENCH_DATABASE_URL, and --seconds to a number');

  await using database = await openBenchDatabase(serverUrl);
  if (database.location.kind !== 'server') throw new Error('Only a server can be taken away');
  const { hostname, port } = new URL(database.location.url);
  await using proxy = await startTcpProxy({ host: hostname, port: Number(port || 5432) });
  const through = new URL(database.location.url);
  through.hostname = '127.0.0.1';
  through.port = String(proxy.port);
  const location = { kind: 'server', url: through.href, statementTimeout: 3_000 } as const;
  const options: GatehouseOptions = { location, directory: database.directory, countStatements: false, silent: true };
  await using server = await startServer('gatehouse.ts', options);

  const traffic = await trafficFor(server.url);
  const outcomes = new Map<string, number>();
  const wrong: string[] = [];
  let phase: Phase = 'before';
  let going = true;

  async function client({ name, question, isRight }: Traffic): Promise<void> {
    while (going) {
      const began = phase;
      const response = await fetch(server.url, { method: 'POST', ...requestOf(question) });
      const text = await response.text();
      const outcome = isRight(response.status, text) ? 'right' : isClear503(response.status, text) ? '503' : 'WRONG';
      // An answer that was begun in one phase may end in the next: it counts where it began.
      const key = `${name} ${began} ${outcome}`;
      outcomes.set(key, (outcomes.get(key) ?? 0) + 1);
      if (outcome === 'WRONG') wrong.push(`${name}, ${began}: ${response.status} ${text.slice(0, 200)}`);
      if (outcome === '503') await wait(50);
    }
  }

  const clients = traffic.flatMap((one) => Array.from({ length: one.clients }, () => client(one)));
  const part = (share: number) => wait(seconds * share * 1_000);
  await part(0.25);
  phase = 'cut off';
  await proxy.cut();
  await part(0.15);
  await proxy.restore();
  phase = 'back';
  await part(0.2);
  phase = 'held';
  proxy.hold();
  await part(0.15);
  await proxy.restore();
  phase = 'back again';
  await part(0.25);
  going = false;
  await Promise.all(clients);

  const count = (name: string, at: Phase, outcome: string) => outcomes.get(`${name} ${at} ${outcome}`) ?? 0;
  const cells = traffic.map(({ name }) => [
    name,
    ...PHASES.map((at) => ['right', '503', 'WRONG'].map((outcome) => count(name, at, outcome)).join(' / ')),
  ]);
  process.stdout.write(
    `${database.description}, ${seconds} s: right / 503 / wrong\n\n${table(['', ...PHASES], cells)}\n`,
  );

  // Who asks nothing of the database (a wrong token) is answered all the time; all others have to be again at the end.
  const healed = traffic.every(({ name }) => count(name, 'back again', 'right') > 0);
  for (const line of wrong.slice(0, 20)) process.stderr.write(`wrong: ${line}\n`);
  if (!healed) process.stderr.write('It did not heal.\n');
  if (wrong.length > 0 || !healed) process.exitCode = 1;
}

async function trafficFor(url: string): Promise<readonly Traffic[]> {
  const login = { query: 'mutation { login(input: { identifier: "editor", password: "gatehouse-demo" }) { jwt } }' };
  const { login: editor } = (await dataOf(url, login)) as { login: { jwt: string } };
  const token = editor.jwt;
  const ok = (expected: RegExp) => (status: number, text: string) => status === 200 && expected.test(text);
  return [
    {
      name: 'me',
      clients: 3,
      question: { query: '{ me { username } }', token },
      isRight: ok(/^\{"data":\{"me":\{"username":"editor"\}\}\}$/),
    },
    {
      name: 'posts, as Public',
      clients: 3,
      question: { query: '{ posts(pagination: { limit: 2 }) { title author { name } } }' },
      isRight: ok(/^\{"data":\{"posts":\[(\{"title":"[^"]+","author":\{"name":"[^"]+"\}\},?){2}\]\}\}$/),
    },
    {
      name: 'a forbidden field',
      clients: 2,
      question: { query: 'mutation { deletePost(documentId: "x") { documentId } }' },
      isRight: ok(/"code":"FORBIDDEN"/),
    },
    {
      name: 'a wrong token',
      clients: 1,
      question: { query: '{ posts { title } }', token: `${token}x` },
      isRight: (status, text) => status === 401 && text.includes('"reason":"invalid"'),
    },
    { name: 'login', clients: 1, question: login, isRight: ok(/"jwt":"ey/) },
    {
      name: 'login, wrong password',
      clients: 1,
      question: { query: login.query.replace('gatehouse-demo', 'not the password') },
      isRight: ok(/"message":"Invalid identifier or password"/),
    },
    {
      name: 'createPost',
      clients: 2,
      question: { query: 'mutation { createPost(data: { title: "in the storm" }) { title } }', token },
      isRight: ok(/^\{"data":\{"createPost":\{"title":"in the storm"\}\}\}$/),
    },
  ];
}

function isClear503(status: number, text: string): boolean {
  return status === 503 && /"code":"(SERVICE_UNAVAILABLE|TIMEOUT)"/.test(text) && !text.includes('"data":{"posts":[');
}

await main();
