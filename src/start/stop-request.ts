import cluster from 'node:cluster';
import { basename } from 'node:path';

/** The signals with which process managers, containers, terminals and people stop a process. */
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const;

/** The message from the primary process of a cluster to its workers. Unlike a second signal, it never forces an exit. */
export const STOP = 'gatehouse:stop';

/** Signals within this many milliseconds count as one: Ctrl-C arrives twice, from the terminal and through npm. */
const ONE_KEYSTROKE = 500;

/** The maximum duration of a stop in milliseconds, below the 30 seconds that process managers should wait. */
const LONGEST_STOP = 25_000;

/** The interval at which the parent process is checked, in milliseconds. */
const LOOK_AFTER_PARENT = 250;

/**
 * Returns a signal that is aborted by the first request to stop this process: an operating system signal; in a cluster, the
 * primary's message or exit; under npm, the exit of npm, which forwards SIGTERM and SIGINT only.
 *
 * A second signal, or a stop that takes too long, ends the process at once with exit code 1.
 */
export function listenForStop(): AbortSignal {
  const stop = new AbortController();
  let since: number | undefined;
  const request = () => {
    if (since !== undefined) return;
    since = performance.now();
    setTimeout(() => process.exit(1), LONGEST_STOP).unref();
    stop.abort();
  };
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (since !== undefined && performance.now() - since > ONE_KEYSTROKE) process.exit(1);
      request();
    });
  }
  if (cluster.worker) listenToPrimary(cluster.worker, request);
  else if (isRunByNpm()) watchParent(request);
  return stop.signal;
}

function listenToPrimary(self: NonNullable<typeof cluster.worker>, request: () => void): void {
  process.on('message', (message) => {
    if (message === STOP) request();
  });
  self.once('disconnect', () => {
    // Otherwise Node would end this process at once, with requests in flight.
    self.exitedAfterDisconnect = true;
    request();
  });
}

/** Whether npm runs this very script, rather than a process that only inherited npm's environment. */
function isRunByNpm(): boolean {
  return process.env['npm_lifecycle_script']?.includes(basename(process.argv[1] ?? '/')) ?? false;
}

/** Detects the exit of the parent: an orphaned process gets another parent. */
function watchParent(gone: () => void): void {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    gone();
  }, LOOK_AFTER_PARENT);
  watch.unref();
}
