/**
 * What graphql-js says of a document or a variable, without the value it found there: the value may be a password.
 * Whatever it quotes of a value comes after one of these words, so the message ends before them.
 */
export function withoutValue(message: string): string {
  const cut = message.search(/[\s,;.]*\b(but encountered error|found|Found|got|Did you mean)\b/);
  return cut < 0 ? message : `${message.slice(0, cut)}.`;
}

/** A syntax error quotes the token or the characters it met, and a token may be a string: only what was expected stays. */
export function withoutTokens(message: string): string {
  const kept = withoutValue(message).replace(
    /(: Unexpected (?:<[A-Z]+>|\w+)|: Invalid [\w ]+|: Unterminated string|: [A-Z][\w ]+)[ :]*".*$/s,
    '$1.',
  );
  return kept;
}
