/**
 * The one form in which identifiers are compared: e-mails and usernames, whatever their case, whichever of several
 * Unicode spellings of the same letters was typed, and without the characters that nobody sees. Stored beside the user
 * under a primary key, so that no two accounts can share one.
 */
export function identifierKey(identifier: string): string {
  return identifier
    .normalize('NFKC')
    .replaceAll(/\p{Default_Ignorable_Code_Point}/gu, '')
    .trim()
    .toLowerCase();
}

/** The identifiers of one account, each once: its own e-mail may be its username. */
export function identifierKeys(account: { readonly email: string; readonly username: string }): string[] {
  return [...new Set([identifierKey(account.email), identifierKey(account.username)])];
}
