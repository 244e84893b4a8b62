import { CONNECTIONS } from './load.ts';
import type { Measured, Memory, Sample } from './measure.ts';
import type { ServerName } from './servers.ts';

/** What a server does with a question: each figure the median of the rounds. */
export interface Figures {
  readonly requestsPerSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Microseconds of processor time a request, all threads of the server's process together. */
  readonly cpu: number;
  /** Processors kept busy by the server's process: well under 1 when the server had to wait for its questions. */
  readonly busy: number;
}

/** Gatehouse against a floor, the median of the ratios of each round: 0.5 is half as fast, or half the work. */
export interface Ratio {
  readonly speed: number;
  readonly cpu: number;
}

export interface Row {
  readonly question: string;
  readonly statements: number;
  readonly servers: Readonly<Record<ServerName, Figures>>;
  readonly against: Readonly<Record<Exclude<ServerName, 'gatehouse'>, Ratio>>;
}

export interface Summary {
  readonly database: string;
  readonly node: string;
  readonly connections: number;
  readonly rounds: number;
  readonly seconds: number;
  readonly rows: readonly Row[];
  /** Bytes. */
  readonly memory: Readonly<Record<ServerName, Memory>>;
}

/** The figures of a run. */
export function summarize(
  { rounds: measured, memory }: Measured,
  statements: ReadonlyMap<string, number>,
  { database, rounds, seconds }: Pick<Summary, 'database' | 'rounds' | 'seconds'>,
): Summary {
  const rows = [...measured].map(([question, samples]): Row => {
    const of = (server: ServerName) => figuresOf(samples.map((round) => round[server]));
    const against = (floor: ServerName): Ratio => ({
      speed: median(samples.map((round) => speedOf(round.gatehouse) / speedOf(round[floor]))),
      cpu: median(samples.map((round) => cpuOf(round.gatehouse) / cpuOf(round[floor]))),
    });
    return {
      question,
      statements: statements.get(question) ?? Number.NaN,
      servers: { gatehouse: of('gatehouse'), yoga: of('yoga'), http: of('http') },
      against: { yoga: against('yoga'), http: against('http') },
    };
  });
  return { database, node: process.version, connections: CONNECTIONS, rounds, seconds, rows, memory };
}

function figuresOf(samples: readonly Sample[]): Figures {
  return {
    requestsPerSecond: median(samples.map(speedOf)),
    p50: median(samples.map(({ p50 }) => p50)),
    p99: median(samples.map(({ p99 }) => p99)),
    cpu: median(samples.map(cpuOf)),
    busy: median(samples.map(({ cpu, seconds }) => cpu / (seconds * 1_000_000))),
  };
}

function speedOf({ requests, seconds }: Sample): number {
  return requests / seconds;
}

function cpuOf({ cpu, requests }: Sample): number {
  return cpu / requests;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}
