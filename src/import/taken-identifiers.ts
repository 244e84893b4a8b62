import type { Transaction } from '../administration/administration.ts';

/** Keys of one statement. */
const BATCH = 5_000;

/** The ids of the users in the database who have these identifiers, by key. */
export async function takenIdentifiers(
  { identifier }: Pick<Transaction, 'identifier'>,
  keys: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const taken = new Map<string, number>();
  for (let start = 0; start < keys.length; start += BATCH) {
    const where = { key: { in: keys.slice(start, start + BATCH) } };
    const rows = await identifier.findMany({ where, select: { key: true, userId: true } });
    for (const { key, userId } of rows) taken.set(key, userId);
  }
  return taken;
}
