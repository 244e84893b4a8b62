import { useSyncExternalStore } from 'react';
import type { en } from './en/index.ts';

/** Every word that the panel says. A language that lacks one does not compile. */
export type Words = typeof en;

export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const;
export type Language = keyof typeof LANGUAGES;

/** Only the language that is spoken is loaded. */
const CATALOGUES: Readonly<Record<Language, () => Promise<Words>>> = {
  en: async () => (await import('./en/index.ts')).en,
  de: async () => (await import('./de/index.ts')).de,
};

interface Spoken {
  readonly language: Language;
  readonly words: Words;
}

let spoken: Spoken | undefined;
/** The language that was asked for last, which may still be loading. */
let wanted: Language | undefined;
const listeners = new Set<() => void>();

export function isLanguage(tag: string): tag is Language {
  return Object.hasOwn(LANGUAGES, tag);
}

/** What the browser asks for. */
export function preferredLanguage(): Language {
  return navigator.languages.map((tag) => tag.slice(0, 2)).find(isLanguage) ?? 'en';
}

/** Loads a language and speaks it, unless another one was asked for meanwhile. Has to be called once before the first words. */
export async function setLanguage(language: Language): Promise<void> {
  wanted = language;
  const words = await CATALOGUES[language]();
  if (wanted !== language) return;
  spoken = { language, words };
  document.documentElement.lang = language;
  for (const listener of listeners) listener();
}

export function useLanguage(): Language {
  return useSpoken().language;
}

export function useWords(): Words {
  return useSpoken().words;
}

function useSpoken(): Spoken {
  return useSyncExternalStore(subscribe, spokenNow);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function spokenNow(): Spoken {
  if (!spoken) throw new Error('No language is loaded');
  return spoken;
}
