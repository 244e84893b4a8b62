import { setPriority } from 'node:os';
import { isMainThread } from 'node:worker_threads';
import bcrypt from 'bcrypt';
import { measuringCost, paddingOf } from './even-work.ts';
import { readForeignHash } from './foreign-hashes.ts';

/** The slow operations on a password. */
export type PasswordWork =
  | { readonly kind: 'hash'; readonly password: string; readonly cost: number }
  /** Compares in the time of a hash of this cost, even if the hash has a lower cost. */
  | { readonly kind: 'compare'; readonly password: string; readonly hash: string; readonly cost: number }
  /** The same for a hash that another system made and that takes these bytes. One of a higher cost takes its own time. */
  | {
      readonly kind: 'compareForeign';
      readonly password: string;
      readonly hash: string;
      readonly cost: number;
      readonly memory: number;
    };

export type PasswordResult<Work extends PasswordWork> = Work extends { readonly kind: 'hash' } ? string : boolean;

/** bcrypt reads no further. A longer password is cut here, since some implementations count its length in one byte. */
const BCRYPT_BYTES = 72;

/**
 * Does the work in the calling thread. A worker thread lowers its priority, so that requests are answered first.
 */
export default function work(task: PasswordWork): string | boolean {
  beNice();
  if (task.kind === 'hash') return bcrypt.hashSync(task.password, task.cost);
  if (task.kind === 'compareForeign') return compareForeign(task);
  const same = bcrypt.compareSync(Buffer.from(task.password).subarray(0, BCRYPT_BYTES), task.hash);
  // Pads the work of a lower cost: each step doubles it, so 2^c + (2^c + 2^(c+1) + …) adds up to 2^cost.
  for (let step = bcrypt.getRounds(task.hash); step < task.cost; step++) bcrypt.hashSync(task.password, step);
  return same;
}

/** What is spent is the processor's time: in a thread of low priority, the clock goes on without it. */
function compareForeign({ password, hash, cost }: PasswordWork & { readonly kind: 'compareForeign' }): boolean {
  let same = false;
  const spent = timeOf(() => {
    same = readForeignHash(hash)?.matches(password) ?? false;
  });
  const measured = timeOf(() => bcrypt.hashSync(password, measuringCost(cost)));
  for (const step of paddingOf(cost, { spent, measured })) bcrypt.hashSync(password, step);
  return same;
}

/** Microseconds of the processor in this thread. */
function timeOf(work: () => void): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return user + system;
}

const NICE = 15;
let isNice = false;

/** Linux only: elsewhere the priority applies to the whole process. */
function beNice(): void {
  if (isNice || isMainThread || process.platform !== 'linux') return;
  isNice = true;
  try {
    setPriority(0, NICE);
  } catch {
    // The priority is optional.
  }
}
