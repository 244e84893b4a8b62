/**
 * The message of a syntax error of graphql-js without the token it found, which may be a string with a password. What it expected
 * is part of the grammar, and stays.
 */
export function withoutToken(message: string): string {
  return /^Syntax Error: Expected (<?\w+>?|"[^"]+")(?=, found)/.exec(message)?.[0].concat('.') ?? 'Syntax Error.';
}
