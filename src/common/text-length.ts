/**
 * The number of characters of a text, as PostgreSQL and people count them. For a text that is certainly longer than
 * `worthKnowing`, any number above it: a megabyte is not split into characters to be refused.
 */
export function charactersIn(text: string, worthKnowing: number): number {
  return text.length > 2 * worthKnowing ? text.length : [...text].length;
}
