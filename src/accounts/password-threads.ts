import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import { unavailable } from '../common/errors.ts';
import { moduleBeside } from '../common/module-beside.ts';
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
  return {
    async run<Work extends PasswordWork>(work: Work) {
      // Checked first: the pool's own error has only a message, no code.
      if (pool.queueSize >= maxQueue) throw unavailable('Too many are logging in');
      return (await pool.run(work)) as PasswordResult<Work>; // what comes out of a thread has no type
    },
    get waiting() {
      return pool.queueSize;
    },
    close: () => pool.destroy(),
  };
}
