import { ask } from './ask.ts';
import { CONNECTIONS, type Load, load } from './load.ts';
import type { BenchOptions } from './options.ts';
import type { BenchQuestion } from './questions.ts';
import type { Servers } from './servers.ts';

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

/** A sample of every server, taken one after the other. */
export type Round<Name extends string> = Readonly<Record<Name, Sample>>;

export interface Measured<Name extends string> {
  /** By question, in their order. */
  readonly rounds: ReadonlyMap<string, readonly Round<Name>[]>;
  readonly memory: Readonly<Record<Name, Memory>>;
}

/**
 * Asks every question of every server, round by round.
 *
 * @throws WrongAnswer as soon as one answer is wrong.
 */
export async function measure<Name extends string>(
  servers: Servers<Name>,
  { rounds, seconds, warmUp }: Pick<BenchOptions, 'rounds' | 'seconds' | 'warmUp'>,
  progress: (line: string) => void,
  signal: AbortSignal,
): Promise<Measured<Name>> {
  const { questions, names, processes, urlOf } = servers;
  const speeds = new Map<string, number>();

  /** One sample: of a given length in seconds, as far as the last one lets that be foretold. */
  async function sample(server: Name, question: BenchQuestion, length: number): Promise<Sample> {
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

  async function each<Result>(run: (server: Name) => Promise<Result>): Promise<Record<Name, Result>> {
    const results: Partial<Record<Name, Result>> = {};
    for (const server of names) results[server] = await run(server);
    return results as Record<Name, Result>; // names has them all
  }

  progress('warming up');
  const longest = warmUp / questions.length;
  for (const length of [0, 0.1, longest].filter((length) => length <= longest)) {
    for (const question of questions) await each((server) => sample(server, question, length));
  }
  const idle = await each((server) => processes[server].usage());

  const samples = new Map<string, Round<Name>[]>();
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
