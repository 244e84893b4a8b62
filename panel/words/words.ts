import { useSyncExternalStore } from 'react';
import { de } from './de/index.ts';
import { en } from './en/index.ts';

/** Every word that the panel says. A language that lacks one does not compile. */
export type Words = typeof en;

export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const;
export type Language = keyof typeof LANGUAGES;

const CATALOGUES: Readonly<Record<Language, Words>> = { en, de };

let language: Language = navigator.languages.map((tag) => tag.slice(0, 2)).find(isLanguage) ?? 'en';
const listeners = new Set<() => void>();
document.documentElement.lang = language;

export function isLanguage(tag: string): tag is Language {
  return Object.hasOwn(LANGUAGES, tag);
}

export function setLanguage(next: Language): void {
  language = next;
  document.documentElement.lang = next;
  for (const listener of listeners) listener();
}

export function useLanguage(): Language {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => language,
  );
}

export function useWords(): Words {
  return CATALOGUES[useLanguage()];
}
