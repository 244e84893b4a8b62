import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';

/** Work that goes on after the answer was sent, because the answer must not tell how long it took or how it ended. */
export interface Background {
  /** `after` is how long it waits at least, in milliseconds. */
  run(name: string, task: () => Promise<void>, after?: number): void;
  /** Resolves when nothing is under way any more. What was still to wait starts at once. */
  idle(): Promise<void>;
  /** The same, for so many milliseconds at most: what has not ended by then is dropped, and logged. */
  stop(milliseconds: number): Promise<void>;
}

export interface BackgroundOptions {
  readonly log: Logger;
  /** How long a task waits before it starts, in milliseconds. At random, so that the next request does not feel it. */
  readonly delay: () => number;
  /** Takes what is run out of the operation that asked for it: its share of the database is not the operation's. */
  readonly apart: <T>(work: () => T) => T;
}

/** As many tasks as may wait or run at once. Past that one more is dropped and logged: memory is not a queue. */
const MAX_ENTRIES = 1_000;
/** As many as run at once, so that a flood of them leaves the database and the mail server to the rest. */
const CONCURRENCY = 4;

export function createBackground({ log, delay, apart }: BackgroundOptions): Background {
  const waiting = new Set<() => Promise<void>>();
  const due: (() => Promise<void>)[] = [];
  const running = new Set<Promise<void>>();

  function startDue(): void {
    while (running.size < CONCURRENCY) {
      const task = due.shift();
      if (!task) return;
      const run = task().finally(() => {
        running.delete(run);
        startDue();
      });
      running.add(run);
    }
  }

  function makeDue(task: () => Promise<void>): void {
    if (!waiting.delete(task)) return;
    due.push(task);
    startDue();
  }

  async function idle(): Promise<void> {
    while (waiting.size + due.length + running.size > 0) {
      for (const task of waiting) makeDue(task);
      await Promise.all(running);
    }
  }

  return {
    idle,
    run(name, task, after = 0) {
      if (waiting.size + due.length + running.size >= MAX_ENTRIES) {
        log.error({ task: name }, 'too many background tasks: one was dropped');
        return;
      }
      const guarded = () =>
        task().catch((error: unknown) => log.error({ err: error, task: name }, 'a background task failed'));
      waiting.add(guarded);
      apart(() => setTimeout(makeDue, after + delay(), guarded).unref());
    },
    async stop(milliseconds) {
      await Promise.race([idle(), wait(milliseconds, undefined, { ref: false })]);
      const dropped = waiting.size + due.length + running.size;
      if (dropped > 0) log.error({ dropped }, 'background tasks were dropped by the stop');
    },
  };
}
