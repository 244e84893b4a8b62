/**
 * How many characters a text has, as PostgreSQL and people count them. Of one that has more than so many whatever they are,
 * only that it has more: a megabyte is not taken apart to be refused.
 */
export function charactersIn(text: string, worthKnowing: number): number {
  return text.length > 2 * worthKnowing ? text.length : [...text].length;
}
