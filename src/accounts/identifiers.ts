/**
 * The one form in which identifiers are compared: e-mails and usernames, whatever their case, whichever of several
 * Unicode spellings of the same letters was typed, and without the characters that nobody sees. The form of the form is
 * itself. Stored beside the user under a primary key, so that no two accounts can share one. Whoever changes the rule
 * raises `IDENTIFIER_RULE`: the next start then makes the keys of existing accounts anew.
 */
export function identifierKey(identifier: string): string {
  let key = identifier.slice(0, LONGEST);
  // Each step may undo another: letters meet where something between them was removed, and folding takes some apart.
  for (let before: string | undefined; key !== before; ) {
    before = key;
    key = foldCase(key.replaceAll(INVISIBLE, '').normalize('NFKC')).normalize('NFKC').trim();
  }
  return key;
}

/** The version of the rule above. */
export const IDENTIFIER_RULE = 1;

/** Longer than what anybody can have for an identifier, whatever is around it. What else was typed is not worth the work. */
const LONGEST = 1_000;

/** What takes no room on a screen (Unicode's Default_Ignorable_Code_Point), and other marks of format. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cf}]/gu;

/**
 * Letters that differ in case only become equal. Capital letters first, since several small ones share one (ſ and s, ı and
 * i); and a sigma is written in one way wherever it stands.
 */
function foldCase(text: string): string {
  return text.toUpperCase().toLowerCase().replaceAll('ς', 'σ');
}

/** The identifiers of one account, each once: its own e-mail may be its username. */
export function identifierKeys(account: { readonly email: string; readonly username: string }): string[] {
  return [...new Set([identifierKey(account.email), identifierKey(account.username)])];
}
