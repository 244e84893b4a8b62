import type { AccountPageConfig } from '../src/http/pages/account-config.ts';
import type { Words } from '../src/http/pages/words/en.ts';

/** What the server says about itself, in the page. */
export const config: AccountPageConfig = JSON.parse(
  document.querySelector<HTMLMetaElement>('meta[name=gatehouse]')?.content ?? '{}',
);

export const { words } = config;

/** A word, with values in place of `{name}`. */
export function say(name: keyof Words, values: Readonly<Record<string, string>> = {}): string {
  return words[name].replace(/\{(\w+)\}/g, (whole, key: string) => values[key] ?? whole);
}

// As the user's own region writes times, where that speaks the language of the page.
const region = navigator.languages.find((tag) => tag.split('-', 1)[0] === config.language.split('-', 1)[0]);
const format = new Intl.DateTimeFormat(region ?? config.language, { dateStyle: 'medium', timeStyle: 'short' });

export function time(text: string): string {
  return format.format(new Date(text));
}
