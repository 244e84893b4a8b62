import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import { unavailable } from '../common/errors.ts';
import { moduleBeside } from '../common/module-beside.ts';
import { MEMORY_LIMIT } from './foreign-hashes/foreign-hash.ts';
import { createMemoryAllowance } from './memory-allowance.ts';
import type { PasswordResult, PasswordWork } from './password-work.ts';

/** Hashes passwords outside the thread that answers requests. */
export interface PasswordThreads {
  /** @throws ApiError SERVICE_UNAVAILABLE when the queue is full. */
  run<Work extends PasswordWork>(work: Work): Promise<PasswordResult<Work>>;
  /** The length of the queue. */
  readonly waiting: number;
  close(): Promise<void>;
}

/** Queue length per thread. At fifty milliseconds per password, the last one waits two or three seconds. */
const WAITING_FOR_EACH = 50;
/** Milliseconds before an idle thread stops. A thread takes ten megabytes. */
const IDLE = 30_000;

/** Bytes for hashes of other systems that are compared at a time, which can be as large as `MEMORY_LIMIT`. */
const MEMORY = 2 * MEMORY_LIMIT;

/** Low-priority threads, one per processor, started on demand. */
export function createPasswordThreads({
  threads = availableParallelism(),
  waitingForEach = WAITING_FOR_EACH,
} = {}): PasswordThreads {
  const maxQueue = threads * waitingForEach;
  const pool = new Piscina({
    filename: moduleBeside(import.meta, './password-work').href,
    minThreads: 0,
    maxThreads: threads,
    maxQueue,
    idleTimeout: IDLE,
    recordTiming: false,
    // Without Atomics.wait an idle thread can be terminated.
    atomics: 'disabled',
    env: {},
  });
  const memory = createMemoryAllowance(MEMORY);
  return {
    async run<Work extends PasswordWork>(work: Work) {
      // Checked first: the pool's own error has only a message, no code.
      if (pool.queueSize + memory.waiting >= maxQueue) throw unavailable('Too many are logging in');
      const bytes = work.kind === 'compareForeign' ? work.memory : 0;
      // What comes out of a thread has no type.
      return memory.within(bytes, async () => (await pool.run(work)) as PasswordResult<Work>);
    },
    get waiting() {
      return pool.queueSize + memory.waiting;
    },
    close: () => pool.destroy(),
  };
}
