import type { IncomingMessage } from 'node:http';
import Negotiator from 'negotiator';
import { StartRefused } from '../../../common/start-refused.ts';
import { de } from './de.ts';
import { en, type Words } from './en.ts';

/** The words of an application, by the tag of their language: `fr`, `pt-BR`. English takes the place of those that are missing. */
export type OwnWords = Readonly<Record<string, Partial<Words>>>;

/** One language. */
export interface Spoken {
  readonly language: string;
  readonly words: Words;
}

/** Chooses the language of a page. */
export type Speak = (request: IncomingMessage) => Spoken;

/**
 * Returns what chooses among English, German and the languages of the application, by `Accept-Language` (RFC 9110, 12.5.4).
 *
 * @throws StartRefused for a language that is no tag, and for a word that no page has.
 */
export function createSpeak(own: OwnWords = {}): Speak {
  const english: Spoken = { language: 'en', words: { ...en, ...own['en'] } };
  const catalogues = new Map([
    ['en', english],
    ['de', { language: 'de', words: de }],
  ]);
  for (const [language, words] of Object.entries(own)) {
    if (!/^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i.test(language))
      throw new StartRefused(`accountPages.words.${language}: expected the tag of a language, such as fr or pt-BR`);
    for (const name of Object.keys(words)) {
      if (!Object.hasOwn(en, name)) throw new StartRefused(`accountPages.words.${language}.${name}: no page has it`);
    }
    catalogues.set(language, { language, words: { ...(catalogues.get(language) ?? english).words, ...words } });
  }
  const languages = [...catalogues.keys()];
  return (request) => {
    const [best = 'en'] = new Negotiator(request).languages(languages);
    return catalogues.get(best) ?? english;
  };
}

/** The words with values in place of `{name}`. */
export function filled(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

const isMessage = (name: string) => name.startsWith('message');

/** What the API says, and what a page says instead in this language. What is not in it, such as words of a hook, stays. */
export function messagesIn({ words }: Spoken): Readonly<Record<string, string>> {
  const names = Object.keys(en) as (keyof Words)[]; // of a literal
  const differ = names.filter((name) => isMessage(name) && words[name] !== en[name]);
  return Object.fromEntries(differ.map((name) => [en[name], words[name]]));
}
