import { pluralOf } from '../graphql/content-type/plural.ts';

/** The words of a name in any spelling: `film_actor`, `FilmActor` and `film-actor` are film, actor. */
export function wordsOf(name: string): string[] {
  return name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());
}

/** `film_actors` → `FilmActor`. */
export function modelName(table: string): string {
  const words = wordsOf(table);
  const last = words.at(-1);
  const name = [...words.slice(0, -1), ...(last === undefined ? [] : [singularOf(last)])].map(capital).join('');
  return /^[A-Z]/.test(name) ? name : `Table${name}`;
}

/** `original_language_id` → `originalLanguageId`. */
export function fieldName(column: string): string {
  const [first = '', ...rest] = wordsOf(column);
  const name = first + rest.map(capital).join('');
  return /^[a-z]/.test(name) ? name : `column${capital(name)}`;
}

/** Adds a suffix, and a number where that is not enough. */
export function unusedName(name: string, isTaken: (name: string) => boolean, suffix: string): string {
  if (!isTaken(name)) return name;
  for (let number = 1; ; number += 1) {
    const other = `${name}${suffix}${number === 1 ? '' : number}`;
    if (!isTaken(other)) return other;
  }
}

export function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** Words that end like plurals. */
const NO_PLURALS = /(ss|us|is|series|species|news|data)$/;

/** The singular of a regular plural; any other word as it is. */
function singularOf(word: string): string {
  if (NO_PLURALS.test(word)) return word;
  const candidates = [word.replace(/ies$/, 'y'), word.replace(/es$/, ''), word.replace(/s$/, '')];
  return candidates.find((candidate) => candidate !== word && pluralOf(candidate) === word) ?? word;
}
