/** As many prepared statements as one connection is asked to remember. */
const AT_MOST = 500;

/**
 * Names each SQL text, so that PostgreSQL parses it once per connection and not once per request.
 *
 * Clients choose the shape of a query, so the texts are without number: past the bound a new one is sent unnamed, and
 * costs what it cost before, instead of memory on both sides.
 */
export function statementNames(): (query: { readonly sql: string }) => string {
  const names = new Map<string, string>();
  return ({ sql }) => {
    const known = names.get(sql);
    if (known !== undefined) return known;
    if (names.size >= AT_MOST) return '';
    const name = `s${names.size}`;
    names.set(sql, name);
    return name;
  };
}
