import type { Round, Sample } from './measure.ts';

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

/** One server against another, the median of the ratios of each round: 0.5 is half as fast, or half the work. */
export interface Ratio {
  readonly speed: number;
  readonly cpu: number;
}

/** What one server did in these samples. */
export function figuresOf(samples: readonly Sample[]): Figures {
  return {
    requestsPerSecond: median(samples.map(speedOf)),
    p50: median(samples.map(({ p50 }) => p50)),
    p99: median(samples.map(({ p99 }) => p99)),
    cpu: median(samples.map(cpuOf)),
    busy: median(samples.map(({ cpu, seconds }) => cpu / (seconds * 1_000_000))),
  };
}

export function ratioOf<Name extends string>(rounds: readonly Round<Name>[], server: Name, floor: Name): Ratio {
  return {
    speed: median(rounds.map((round) => speedOf(round[server]) / speedOf(round[floor]))),
    cpu: median(rounds.map((round) => cpuOf(round[server]) / cpuOf(round[floor]))),
  };
}

/** Requests per second. */
export function speedOf({ requests, seconds }: Sample): number {
  return requests / seconds;
}

/** Microseconds of processor time a request. */
export function cpuOf({ cpu, requests }: Sample): number {
  return cpu / requests;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}
