import type { Words } from '../../words/words.ts';
import { durationInWords } from './duration.tsx';
import { LIFESPANS } from './values.ts';

/** A message of the server, in the words that stand on the screen: the names of fields, and seconds as durations. */
export function inWordsOf(message: string, words: Words): string {
  const { labels } = words.settings;
  const isDuration = LIFESPANS.some((name) => message.startsWith(name));
  const named = message.replaceAll(/\b[a-z]+[A-Z]\w*\b/g, (name) =>
    Object.hasOwn(labels, name) ? `“${labels[name as keyof typeof labels]}”` : name,
  );
  return isDuration ? named.replaceAll(/\b\d+\b/g, (seconds) => durationInWords(Number(seconds), words)) : named;
}
