import { setPriority } from 'node:os';
import { isMainThread } from 'node:worker_threads';
import bcrypt from 'bcrypt';

/** What is done with a password: all that takes long. */
export type PasswordWork =
  | { readonly kind: 'hash'; readonly password: string; readonly cost: number }
  /** Compares, and does as much work for a cheaper hash as for one of this cost. */
  | { readonly kind: 'compare'; readonly password: string; readonly hash: string; readonly cost: number };

export type PasswordResult<Work extends PasswordWork> = Work extends { readonly kind: 'hash' } ? string : boolean;

/**
 * Does it, in the thread that calls. A worker's is what Linux calls nice: whoever answers requests goes first.
 */
export default function work(task: PasswordWork): string | boolean {
  beNice();
  if (task.kind === 'hash') return bcrypt.hashSync(task.password, task.cost);
  const same = bcrypt.compareSync(task.password, task.hash);
  // What a cheaper hash left undone: each step of the cost doubles the work, so 2^c + (2^c + 2^(c+1) + …) comes to 2^cost.
  for (let step = bcrypt.getRounds(task.hash); step < task.cost; step++) bcrypt.hashSync(task.password, step);
  return same;
}

const NICE = 15;
let isNice = false;

/** Elsewhere than on Linux a priority is one of the whole process. */
function beNice(): void {
  if (isNice || isMainThread || process.platform !== 'linux') return;
  isNice = true;
  try {
    setPriority(0, NICE);
  } catch {
    // It works without, too.
  }
}
