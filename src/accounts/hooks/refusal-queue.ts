import type { Logger } from 'pino';
import type { Background } from '../../common/background.ts';
import type { HookCall } from '../../common/hook-runner.ts';

/** Runs the hooks for refused logins. */
export interface RefusalQueue {
  add(call: HookCall, run: () => Promise<void>): void;
}

/** How many wait. */
const MOST = 100;

/**
 * One at a time, and one more than wait at most is left out: anybody can have logins refused, and a flood of them must not
 * take the place of other work in the background.
 */
export function createRefusalQueue({
  background,
  log,
}: {
  readonly background: Background;
  readonly log: Logger;
}): RefusalQueue {
  const waiting: { readonly call: HookCall; readonly run: () => Promise<void> }[] = [];
  let isRunning = false;
  let leftOut = 0;

  async function runAll(): Promise<void> {
    if (isRunning) return;
    isRunning = true;
    try {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const { call, run } = next;
        await run().catch((error: unknown) =>
          log.error({ err: error, hook: call.name, requestId: call.requestId }, 'a hook failed'),
        );
      }
      if (leftOut > 0) log.warn({ leftOut }, 'the hook for refused logins was too slow, and some were left out');
      leftOut = 0;
    } finally {
      isRunning = false;
    }
  }

  return {
    add(call, run) {
      if (waiting.length >= MOST) {
        leftOut += 1;
        return;
      }
      waiting.push({ call, run });
      // When the background drops this, the next refusal begins another one.
      if (!isRunning) background.run(call.name, runAll);
    },
  };
}
