/** What one document is found by. */
export type DocumentKey =
  | { readonly key: 'id'; readonly value: number }
  | { readonly key: 'documentId'; readonly value: string };

/** A numeric id, where the text is one; a documentId never consists of digits alone. */
export function documentKey(text: string): DocumentKey {
  const id = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  return id < 2 ** 31 ? { key: 'id', value: id } : { key: 'documentId', value: text };
}

/** The same for a query's `where`. */
export function whereOf(key: DocumentKey): { readonly id: number } | { readonly documentId: string } {
  return key.key === 'id' ? { id: key.value } : { documentId: key.value };
}
