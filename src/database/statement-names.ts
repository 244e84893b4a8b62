/** As many prepared statements as one connection is asked to remember, and as many characters of SQL altogether. */
const AT_MOST = 500;
const CHARACTERS = 500_000;
/** A longer text is one of a kind, and its plan is large. */
const LONGEST = 4_000;

/**
 * Names the SQL texts that come again, so that PostgreSQL parses them once per connection and not once per request.
 *
 * Clients choose the shape of a query, so the texts are without number, and a prepared one takes many times its length
 * in each connection: past the bounds, and the first time it is seen, a text is sent unnamed and costs what it always did.
 */
export function statementNames(): (query: { readonly sql: string }) => string {
  const names = new Map<string, string>();
  const seenOnce = new Set<string>();
  let characters = 0;
  return ({ sql }) => {
    const known = names.get(sql);
    if (known !== undefined) return known;
    if (sql.length > LONGEST || names.size >= AT_MOST || characters + sql.length > CHARACTERS) return '';
    if (!seenOnce.delete(sql)) {
      if (seenOnce.size >= AT_MOST) seenOnce.clear();
      seenOnce.add(sql);
      return '';
    }
    const name = `s${names.size}`;
    names.set(sql, name);
    characters += sql.length;
    return name;
  };
}
