// Example data and demo users for a new database. SEED_DEMO=false skips both.
import type { DemoUser } from 'gatehouse';

/** Users to try a new database with, each with the type of its role. */
export const demoUsers: readonly DemoUser[] = [
  { username: 'reader', email: 'reader@example.com', role: 'authenticated' },
];

/** Example data, in the transaction that makes the roles. */
export async function seed(): Promise<void> {}
