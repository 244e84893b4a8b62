import { type Question, requestOf } from './ask.ts';
import { median } from './figures.ts';

/** Does something with one after the other, and tells the median time, in milliseconds. */
export async function timesOf<T>(all: readonly T[], act: (one: T) => Promise<void>): Promise<number> {
  const times: number[] = [];
  for (const one of all) {
    const began = performance.now();
    await act(one);
    times.push(performance.now() - began);
  }
  return median(times);
}

/** Asks once, and throws unless the answer is data and nothing else. */
export async function expectData(url: string, question: Question): Promise<void> {
  const response = await fetch(url, { method: 'POST', ...requestOf(question) });
  const text = await response.text();
  if (!text.startsWith('{"data":{') || text.includes('"errors"')) {
    throw new Error(`The answer is wrong: ${text.slice(0, 600)}`);
  }
}
