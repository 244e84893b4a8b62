import { LRUCache } from 'lru-cache';

/** As many prepared statements as one connection is asked to remember, and as many characters of SQL altogether. */
export const MAX_ENTRIES = 500;
export const CHARACTERS = 500_000;
/** A longer text is one of a kind, and its plan is large. */
const LONGEST = 4_000;

/**
 * Names the SQL texts that come again, so that PostgreSQL parses them once per connection and not once per request.
 *
 * Clients choose the shape of a query, so the texts are without number, and a prepared one takes many times its length
 * in each connection: the first time it is seen a text is sent unnamed, and past the bounds the one that was not used for
 * longest loses its name. No name is ever given again: a connection that knows it would run the other text.
 */
export function statementNames(): (query: { readonly sql: string }) => string {
  const names = new LRUCache<string, string>({
    max: MAX_ENTRIES,
    maxSize: CHARACTERS,
    sizeCalculation: (_name, sql) => sql.length || 1,
  });
  const seenOnce = new Set<string>();
  let given = 0;
  return ({ sql }) => {
    const known = names.get(sql);
    if (known !== undefined) return known;
    if (sql.length > LONGEST) return '';
    if (!seenOnce.delete(sql)) {
      if (seenOnce.size >= MAX_ENTRIES) seenOnce.clear();
      seenOnce.add(sql);
      return '';
    }
    const name = `s${given++}`;
    names.set(sql, name);
    return name;
  };
}
