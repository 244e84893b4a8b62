import { canonical, type Grant, type Held } from './held.ts';

/** What the server said of grants in words, for what is not saved yet. */
const said = new Map<string, string>();

export function keepInWords(action: string, grants: readonly Grant[], inWords: string): void {
  said.set(keyOf(action, grants), inWords);
}

/** @param saved the grants as they were saved, with their words */
export function inWordsOf(
  action: string,
  held: Held,
  saved: readonly { readonly action: string; readonly inWords: string }[],
  isChanged: boolean,
): string | undefined {
  if (held === 'none' || held === 'all') return undefined;
  if (!isChanged) return saved.find((one) => one.action === action)?.inWords;
  return said.get(keyOf(action, held));
}

function keyOf(action: string, grants: readonly Grant[]): string {
  return `${action} ${canonical(grants)}`;
}
