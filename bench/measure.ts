import { ask } from './ask.ts';
import { CONNECTIONS, type Load, load } from './load.ts';
import type { BenchOptions } from './options.ts';
import type { BenchQuestion } from './questions.ts';
import type { ServerName, Servers } from './servers.ts';

/** One question under load, and the processor time its server spent on it. */
export interface Sample extends Load {
  /** Microseconds, all threads together. */
  readonly cpu: number;
}

/** Resident memory, in bytes. */
export interface Memory {
  /** When it has warmed up and does nothing. */
  readonly idle: number;
  readonly end: number;
}

export interface Measured {
  /** By question, each with a sample of every server for every round. */
  readonly rounds: ReadonlyMap<string, readonly Readonly<Record<ServerName, Sample>>[]>;
  readonly memory: Readonly<Record<ServerName, Memory>>;
}

/** Gatehouse stands between its floors, so that whatever else the machine does falls on all three. */
const ORDER = ['yoga', 'gatehouse', 'http'] as const satisfies ServerName[];

/**
 * Asks every question of every server, round by round.
 *
 * @throws WrongAnswer as soon as one answer is wrong.
 */
export async function measure(
  servers: Servers,
  { rounds, seconds }: Pick<BenchOptions, 'rounds' | 'seconds'>,
  progress: (line: string) => void,
  signal: AbortSignal,
): Promise<Measured> {
  const { questions, processes, urlOf } = servers;
  const speeds = new Map<string, number>();

  /** One sample: of a given length in seconds, as far as the last one lets that be foretold. */
  async function sample(server: ServerName, question: BenchQuestion, length: number): Promise<Sample> {
    signal.throwIfAborted();
    const name = `${question.name} of ${server}`;
    const url = urlOf(server, question);
    const right = await ask(name, url, question, question.expected);
    const amount = Math.ceil(((speeds.get(name) ?? 0) * length) / CONNECTIONS + 1) * CONNECTIONS;
    const before = await processes[server].usage();
    const loaded = await load(name, url, question, amount, right);
    const after = await processes[server].usage();
    speeds.set(name, loaded.requests / loaded.seconds);
    return { ...loaded, cpu: after.cpu - before.cpu };
  }

  async function each<Result>(run: (server: ServerName) => Promise<Result>): Promise<Record<ServerName, Result>> {
    const results: Partial<Record<ServerName, Result>> = {};
    for (const server of ORDER) results[server] = await run(server);
    return results as Record<ServerName, Result>; // ORDER names them all
  }

  progress('warming up');
  for (const length of [0, 0.1, 0.4]) {
    for (const question of questions) await each((server) => sample(server, question, length));
  }
  const idle = await each((server) => processes[server].usage());

  const samples = new Map<string, Record<ServerName, Sample>[]>();
  for (let round = 1; round <= rounds; round++) {
    progress(`round ${round} of ${rounds}`);
    for (const question of questions) {
      const taken = await each((server) => sample(server, question, seconds));
      samples.set(question.name, [...(samples.get(question.name) ?? []), taken]);
    }
  }
  const end = await each((server) => processes[server].usage());
  const memory = await each(async (server) => ({ idle: idle[server].rss, end: end[server].rss }));
  return { rounds: samples, memory };
}
