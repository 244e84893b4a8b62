import autocannon from 'autocannon';
import { type Answer, blanked, type Question, requestOf, WrongAnswer } from './ask.ts';

/** What a number of requests took, as the one who asked saw it. */
export interface Load {
  readonly requests: number;
  readonly seconds: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

/** Requests that are under way at any moment. */
export const CONNECTIONS = 10;

/**
 * Asks the same question a number of times, ten at once, and waits for every answer: none is left to disturb what is
 * measured next.
 *
 * @throws WrongAnswer unless every answer is the one expected, whole.
 */
export async function load(
  name: string,
  url: string,
  question: Question,
  amount: number,
  right: Answer,
): Promise<Load> {
  const expected = blanked(right.body);
  const took: number[] = [];
  let wrong: string | undefined;
  let began = 0;
  let ended = 0;
  const options: autocannon.Options = {
    url,
    method: 'POST',
    ...requestOf(question),
    connections: CONNECTIONS,
    amount,
    sampleInt: 10, // milliseconds: it only ends when it samples
    verifyBody: (body) => {
      const same = blanked(String(body)) === expected;
      if (!same) wrong ??= String(body);
      return same;
    },
  };

  const { non2xx, errors, mismatches } = await new Promise<autocannon.Result>((resolve, reject) => {
    const run = autocannon(options, (error, result) => (error ? reject(error) : resolve(result)));
    run.on('response', (_client, _status, _bytes, milliseconds) => {
      ended = performance.now();
      began ||= ended - milliseconds;
      took.push(milliseconds);
    });
  });
  if (non2xx + errors + mismatches > 0 || took.length !== amount) {
    const counts = `${took.length} answers to ${amount} requests, ${non2xx} not 2xx, ${mismatches} other than the first, ${errors} failed`;
    throw new WrongAnswer(`${name}: ${counts}`, wrong ?? '');
  }
  took.sort((a, b) => a - b);
  return { requests: amount, seconds: (ended - began) / 1_000, p50: percentile(took, 50), p99: percentile(took, 99) };
}

function percentile(sorted: readonly number[], percent: number): number {
  return sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? Number.NaN;
}
