/**
 * A syntax error of graphql-js, without what it met: the token that it quotes may be a string, and the string a password.
 * What it expected instead is from the grammar, and stays.
 */
export function withoutToken(message: string): string {
  return /^Syntax Error: Expected (<?\w+>?|"[^"]+")(?=, found)/.exec(message)?.[0].concat('.') ?? 'Syntax Error.';
}
