import type { Logger } from 'pino';

/** Work that goes on after the answer was sent, because the answer must not tell how long it took or how it ended. */
export interface Background {
  run(name: string, task: () => Promise<void>): void;
  /** When nothing is under way any more. */
  idle(): Promise<void>;
}

/** As many tasks as may wait or run at once. Past that one more is dropped and logged: memory is not a queue. */
const AT_MOST = 1_000;
/** As many as run at once, so that a flood of them leaves the database and the mail server to the rest. */
const AT_ONCE = 4;

export function createBackground(log: Logger): Background {
  const waiting: (() => Promise<void>)[] = [];
  const running = new Set<Promise<void>>();

  function startNext(): void {
    const task = running.size < AT_ONCE ? waiting.shift() : undefined;
    if (!task) return;
    const run = task().finally(() => {
      running.delete(run);
      startNext();
    });
    running.add(run);
  }

  return {
    run(name, task) {
      if (waiting.length + running.size >= AT_MOST) {
        log.error({ task: name }, 'too many background tasks: one was dropped');
        return;
      }
      waiting.push(() =>
        task().catch((error: unknown) => log.error({ err: error, task: name }, 'a background task failed')),
      );
      setImmediate(startNext); // after the answer has been handed over
    },
    async idle() {
      while (waiting.length + running.size > 0) {
        startNext();
        await Promise.all(running);
      }
    },
  };
}
