import cluster from 'node:cluster';
import { basename } from 'node:path';

/** What process managers, containers, terminals and people send to end a process. */
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const;

/** What the first process of a cluster sends to the others. Unlike a signal it is never taken for impatience. */
export const STOP = 'gatehouse:stop';

/** Milliseconds within which two signals are one: a Ctrl-C arrives twice, from the terminal and through npm. */
const ONE_KEYSTROKE = 500;

/** Milliseconds that a stop may take, whatever keeps it: less than the 30 seconds that process managers are asked to wait. */
const LONGEST_STOP = 25_000;

/** Milliseconds between two looks at whether npm is still there. */
const LOOK_AFTER_PARENT = 250;

/**
 * Listens for requests to stop this process, and is aborted by the first: a signal; in a cluster, the word of the process
 * that started this one, or its end; under npm, the end of npm, which passes on SIGTERM and SIGINT only.
 *
 * A second signal ends the process at once, with exit code 1, and so does a stop that takes too long.
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
    // Node would end this process at once, in the middle of what it answers.
    self.exitedAfterDisconnect = true;
    request();
  });
}

/** npm says which script it runs; what only inherited its environment, started by something else, has another name in it. */
function isRunByNpm(): boolean {
  return process.env['npm_lifecycle_script']?.includes(basename(process.argv[1] ?? '/')) ?? false;
}

/** Whoever loses its parent is given another one. */
function watchParent(gone: () => void): void {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    gone();
  }, LOOK_AFTER_PARENT);
  watch.unref();
}
