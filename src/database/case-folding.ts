/** How SQL writes an expression of type text so that texts that differ only in case are equal. */
export type CaseFolding = (expression: string) => string;

/**
 * PostgreSQL's ways to ignore case, the best for Unicode first. Without an explicit collation, a database with the locale C
 * knows only ASCII. Case folding (Unicode 3.13, from PostgreSQL 18) is made for this. In older versions, `upper(lower(…))`
 * gives the same result for letters with several small forms (σ and ς, s and ſ) and, where the collation supports it, for
 * ß, ẞ and SS. With `lower(upper(…))`, σ would depend on the letter after it.
 */
const WAYS: readonly CaseFolding[] = [
  (expression) => `casefold((${expression}) COLLATE "pg_unicode_fast")`,
  (expression) => `upper(lower((${expression}) COLLATE "und-x-icu"))`,
  (expression) => `upper(lower((${expression}) COLLATE "pg_c_utf8"))`,
  (expression) => `upper(lower((${expression}) COLLATE "C.utf8"))`,
];

/** Finds the first way that this database supports: each depends on the collations it was built with. */
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
