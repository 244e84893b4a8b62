import { isDeepStrictEqual } from 'node:util';
import { ask, WrongAnswer } from './ask.ts';
import { statementsOf } from './count-statements.ts';
import type { BenchDatabase } from './database.ts';
import { BY_HAND, FILTERED_POSTS } from './filtered-posts.ts';
import { startServer } from './server-process.ts';
import type { ByHandOptions } from './servers/by-hand.ts';
import type { GatehouseOptions } from './servers/gatehouse.ts';
import type { NodeHttpOptions } from './servers/node-http.ts';
import type { Servers } from './servers.ts';

/** From bytes to Gatehouse: each does what the one before it does, and one thing more or in another way. */
export const STEPS = ['http', 'byHand', 'gatehouses', 'yoga', 'open', 'gatehouse'] as const;
export type Step = (typeof STEPS)[number];

/** How many SQL statements each step is to take. Gatehouse itself is counted elsewhere. */
export const STATEMENTS = { http: 0, byHand: 1, gatehouses: 1, yoga: 1, open: 1 } as const;

/**
 * Starts a server for each step of one question.
 *
 * @throws WrongAnswer when they do not all answer it alike, and Error when one of them takes another number of SQL
 * statements than its step.
 */
export async function startSteps(database: BenchDatabase): Promise<Servers<Step>> {
  await using started = new AsyncDisposableStack();
  const start = async <Options>(file: string, options: Options) => started.use(await startServer(file, options));
  const { location, directory } = database;
  const { name, expected } = FILTERED_POSTS;
  // The copies first: from then on, the database itself is in use.
  const copies = [database.forAnother(), database.forAnother()] as const;

  const itself: GatehouseOptions = { location, directory, countStatements: false };
  const gatehouse = await start('gatehouse.ts', itself);
  const right = await ask(`${name} of gatehouse`, gatehouse.url, FILTERED_POSTS, expected);

  const unguarded: GatehouseOptions = { ...itself, location: copies[0], countStatements: true, isOpen: true };
  const open = await start('gatehouse.ts', unguarded);
  await ask(`${name} of open`, open.url, FILTERED_POSTS, expected);
  const { lastQuery: gatehouses } = await open.usage();
  if (!gatehouses) throw new Error(`${name}: Gatehouse asked without a statement of its own`);

  const floors: ByHandOptions = { location: copies[1], byHand: BY_HAND, gatehouses, schema: gatehouse.schema };
  const byHand = await start('by-hand.ts', floors);
  const given: NodeHttpOptions = { answers: { [name]: right } };
  const http = await start('node-http.ts', given);

  const processes = { http, byHand, gatehouses: byHand, yoga: byHand, open, gatehouse };
  const urls: Readonly<Record<Step, string>> = {
    http: `${http.url}?${encodeURIComponent(name)}`,
    byHand: `${byHand.url}?byHand`,
    gatehouses: `${byHand.url}?gatehouses`,
    yoga: `${byHand.url}?yoga`,
    open: open.url,
    gatehouse: gatehouse.url,
  };
  for (const step of STEPS) {
    const { body } = await ask(`${name} of ${step}`, urls[step], FILTERED_POSTS, expected);
    if (!isDeepStrictEqual(JSON.parse(body), JSON.parse(right.body))) throw new WrongAnswer(`${name} of ${step}`, body);
    if (step === 'gatehouse') continue;
    const statements = await statementsOf(processes[step], urls[step], FILTERED_POSTS);
    if (statements !== STATEMENTS[step]) throw new Error(`${name}: ${step} takes ${statements} SQL statements`);
  }
  const all = started.move();
  return {
    questions: [FILTERED_POSTS],
    names: STEPS,
    processes,
    urlOf: (step) => urls[step],
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}
