import { LRUCache } from 'lru-cache';

/** Maximum number of prepared statements of one connection, and of characters of SQL in all of them. */
export const MAX_ENTRIES = 500;
export const CHARACTERS = 500_000;
/** A longer statement is rarely repeated, and its plan is large. */
const LONGEST = 4_000;

/**
 * Names SQL statements that are repeated, so that PostgreSQL parses them once per connection and not once per request.
 *
 * Clients choose the shape of a query, so there are countless statements, and a prepared one takes many times its length in
 * each connection. So a statement is sent unnamed the first time, and above the limits the least recently used one loses its
 * name. A name is never reused: a connection that knows it would run the old statement.
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
