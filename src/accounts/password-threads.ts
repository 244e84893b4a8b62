import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import { unavailable } from '../common/errors.ts';
import { moduleBeside } from '../common/module-beside.ts';
import type { PasswordResult, PasswordWork } from './password-work.ts';

/** Where passwords are hashed: apart from the thread that answers requests. */
export interface PasswordThreads {
  /** @throws ApiError SERVICE_UNAVAILABLE when more is waiting than can be done soon. */
  run<Work extends PasswordWork>(work: Work): Promise<PasswordResult<Work>>;
  /** How many wait for a thread. */
  readonly waiting: number;
  close(): Promise<void>;
}

/** For each thread: at fifty milliseconds for one, whoever comes last waits for two or three seconds. */
const WAITING_FOR_EACH = 50;
/** Milliseconds that a thread lives with nothing to do: one takes ten megabytes. */
const IDLE = 30_000;

/** Threads at low priority, one for each processor, started when there is something to do. */
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
    // Waiting in a way that lets the thread be ended: an idle one costs nothing then, either.
    atomics: 'disabled',
    env: {},
  });
  return {
    async run<Work extends PasswordWork>(work: Work) {
      // Looked at first: what the pool says is words.
      if (pool.queueSize >= maxQueue) throw unavailable('Too many are logging in');
      return (await pool.run(work)) as PasswordResult<Work>; // what comes out of a thread has no type
    },
    get waiting() {
      return pool.queueSize;
    },
    close: () => pool.destroy(),
  };
}
