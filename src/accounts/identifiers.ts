/**
 * The key by which e-mails and usernames are compared: independent of case and Unicode form, without invisible
 * characters. Idempotent. It is stored as a primary key, so no two accounts can share one. If you change the rule,
 * increase `IDENTIFIER_RULE`: the next start then recomputes the keys of existing accounts.
 */
export function identifierKey(identifier: string): string {
  let key = identifier.slice(0, LONGEST);
  // Repeats until stable: removing characters can join letters, and folding can decompose them.
  for (let before: string | undefined; key !== before; ) {
    before = key;
    key = foldCase(key.replaceAll(INVISIBLE, '').normalize('NFKC')).normalize('NFKC').trim();
  }
  return key;
}

/** The version of the rule above. */
export const IDENTIFIER_RULE = 1;

/** Longer than any valid identifier with white space around it. The rest is ignored to bound the work. */
const LONGEST = 1_000;

/** Invisible characters: Unicode's Default_Ignorable_Code_Point and format characters. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cf}]/gu;

/**
 * Folds case. Upper case first, since several lower-case letters share one (ſ and s, ı and i); the final sigma becomes
 * the ordinary one.
 */
function foldCase(text: string): string {
  return text.toUpperCase().toLowerCase().replaceAll('ς', 'σ');
}

/** The distinct identifiers of an account: its e-mail can be its username. */
export function identifierKeys(account: { readonly email: string; readonly username: string }): string[] {
  return [...new Set([identifierKey(account.email), identifierKey(account.username)])];
}
