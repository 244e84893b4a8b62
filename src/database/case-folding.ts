/** How SQL writes an expression of type text so that texts that differ only in case are equal. */
export type CaseFolding = (expression: string) => string;

/**
 * The ways of PostgreSQL to ignore case, the one that knows most of Unicode first. Without a collation of its own, a
 * database that was made with the locale C knows ASCII only. Case folding (Unicode 3.13, from PostgreSQL 18) is made for
 * this. Before it, lower case and then upper case comes to the same for the letters that have several small forms (σ and
 * ς, s and ſ) and, where the collation knows how, for ß, ẞ and SS; the other way round, σ would depend on what follows it.
 */
const WAYS: readonly CaseFolding[] = [
  (expression) => `casefold((${expression}) COLLATE "pg_unicode_fast")`,
  (expression) => `upper(lower((${expression}) COLLATE "und-x-icu"))`,
  (expression) => `upper(lower((${expression}) COLLATE "pg_c_utf8"))`,
  (expression) => `upper(lower((${expression}) COLLATE "C.utf8"))`,
];

/** Tries the ways on this database. Each has its collations compiled in, or not. */
export async function findCaseFolding(run: (sql: string) => Promise<unknown>): Promise<CaseFolding> {
  for (const way of WAYS) {
    try {
      await run(`SELECT ${way("'Ä'::text")}`);
      return way;
    } catch {
      // not in this one
    }
  }
  return (expression) => `upper(lower(${expression}))`;
}
