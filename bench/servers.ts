import { ask } from './ask.ts';
import type { BenchDatabase } from './database.ts';
import { type BenchQuestion, questionsFor } from './questions.ts';
import { type ServerProcess, startServer } from './server-process.ts';
import type { BareYogaOptions } from './servers/bare-yoga.ts';
import type { GatehouseOptions } from './servers/gatehouse.ts';
import type { NodeHttpOptions } from './servers/node-http.ts';

/** Servers that give the same answers to the same questions. Gone when they are disposed of. */
export interface Servers<Name extends string> extends AsyncDisposable {
  readonly questions: readonly BenchQuestion[];
  /** In the order in which they are asked. */
  readonly names: readonly Name[];
  readonly processes: Readonly<Record<Name, ServerProcess>>;
  /** Where a server is asked a question. */
  urlOf(server: Name, question: BenchQuestion): string;
}

/** Beside its two floors, Gatehouse with authorization taken out. */
const NAMES = ['yoga', 'gatehouse', 'open', 'http'] as const;
export type ServerName = (typeof NAMES)[number];

/**
 * Starts Gatehouse, and each floor with the answers that Gatehouse gave.
 *
 * @throws WrongAnswer when any of them does not answer a question as it should.
 */
export async function startServers(database: BenchDatabase): Promise<Servers<ServerName>> {
  await using started = new AsyncDisposableStack();
  const start = async <Options>(file: string, options: Options) => started.use(await startServer(file, options));

  const { location, directory } = database;
  // The copy first: from then on, the database itself is in use.
  const another = database.forAnother();
  const timed: GatehouseOptions = { location, directory, countStatements: false };
  const gatehouse = await start('gatehouse.ts', timed);
  const questions = await questionsFor(gatehouse.url);
  const answers = [];
  for (const { name, expected, ...question } of questions) {
    answers.push([name, await ask(`${name} of Gatehouse`, gatehouse.url, question, expected)] as const);
  }
  const given: NodeHttpOptions = { answers: Object.fromEntries(answers) };
  const held: BareYogaOptions = {
    schema: gatehouse.schema,
    data: Object.assign({}, ...answers.map(([, { body }]) => JSON.parse(body).data)),
  };
  const processes = {
    gatehouse,
    open: await start('gatehouse.ts', { ...timed, location: another, isOpen: true } satisfies GatehouseOptions),
    yoga: await start('bare-yoga.ts', held),
    http: await start('node-http.ts', given),
  };
  const urlOf = (server: ServerName, { name }: BenchQuestion) =>
    // Node's server does not read the question: the address tells it which answer to give.
    server === 'http' ? `${processes.http.url}?${encodeURIComponent(name)}` : processes[server].url;
  for (const server of ['yoga', 'open', 'http'] as const) {
    for (const question of questions) {
      await ask(`${question.name} of ${server}`, urlOf(server, question), question, question.expected);
    }
  }
  const all = started.move();
  return { questions, names: NAMES, processes, urlOf, [Symbol.asyncDispose]: () => all.disposeAsync() };
}
