import type { Logger } from 'pino';
import type { Background } from './background.ts';
import { ApiError, timedOut } from './errors.ts';

/** Runs the functions of an application that take part in what the server does, each within a time limit. */
export interface HookRunner {
  /**
   * Runs a hook that the operation waits for. `deadline` is that of the operation.
   *
   * @throws ApiError as the hook threw it, and TIMEOUT at the deadline; otherwise an Error that names the hook, with its cause.
   */
  now<T>(hook: HookCall, deadline: AbortSignal | undefined, work: HookWork<T>): Promise<T>;
  /** Runs a hook in the background. Whatever it throws is logged. */
  later(hook: HookCall, work: HookWork<void>): void;
}

export interface HookCall {
  /** For the log: `beforeCreate of Post`. */
  readonly name: string;
  readonly requestId: string | null;
}

export interface HookTools {
  /** Aborts at the time limit of the hook, and when its operation has taken too long. */
  readonly signal: AbortSignal;
  /** Its lines name the hook and the request. */
  readonly log: Logger;
}

export type HookWork<T> = (tools: HookTools) => T | Promise<T>;

/** Milliseconds that one call of a hook can take. */
export const HOOK_TIME_LIMIT = 5_000;

export function createHookRunner({
  log,
  background,
  timeLimit = HOOK_TIME_LIMIT,
}: {
  readonly log: Logger;
  readonly background: Background;
  /** Milliseconds. */
  readonly timeLimit?: number | undefined;
}): HookRunner {
  async function run<T>({ name, requestId }: HookCall, deadline: AbortSignal | undefined, work: HookWork<T>) {
    const tooLate = new AbortController();
    const signal = deadline ? AbortSignal.any([deadline, tooLate.signal]) : tooLate.signal;
    const timer = setTimeout(() => tooLate.abort(new Error(`It took longer than ${timeLimit} ms`)), timeLimit);
    try {
      const aborted = new Promise<never>((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(tooLate.signal.aborted ? tooLate.signal.reason : timedOut()));
      });
      if (signal.aborted) throw timedOut();
      const tools = { signal, log: log.child({ hook: name, requestId }) };
      return await Promise.race([aborted, Promise.resolve().then(() => work(tools))]);
    } catch (error) {
      if (error instanceof ApiError) throw error;
      // Also an error of another library that looks as if it were for clients: it was not written for them.
      throw new Error(`${name} failed`, { cause: error });
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    now: run,
    later(hook, work) {
      background.run(hook.name, () =>
        run(hook, undefined, work).catch((error: unknown) =>
          log.error({ err: error, hook: hook.name, requestId: hook.requestId }, 'a hook failed'),
        ),
      );
    },
  };
}
