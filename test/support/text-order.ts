import type { Database } from '../../src/database/open.ts';
import type { Rank } from './naive-filter.ts';

/** Where texts stand in the order of this database, which depends on the locale it was made with. */
export async function rankOf({ query }: Database, texts: readonly string[]): Promise<Rank> {
  const rows = await query('SELECT DISTINCT t AS text FROM unnest($1::text[]) t ORDER BY t', [texts]);
  const ranks = new Map(rows.map(({ text }, index) => [String(text), index]));
  return (text) => {
    const rank = ranks.get(text);
    if (rank === undefined) throw new Error(`${text} has no rank: name it when the ranks are read`);
    return rank;
  };
}
