/** An option of V8 that has no effect any more once Node runs. */
export const YOUNG_GENERATION = '--max-semi-space-size=4';

/**
 * Replaces this process by itself, with the same process id, and a space for short-lived objects of 4 MB, which V8 would let
 * grow to 16: that takes forty megabytes more, and makes nothing faster. Twenty milliseconds, so the first that a process does.
 *
 * Does nothing where such an option is given, where the parent talks to this process (it gives the option itself, or not), and
 * where the system cannot do it, as on Windows.
 */
export function boundYoungGeneration(): void {
  const given = [...process.execArgv, process.env['NODE_OPTIONS'] ?? ''].join(' ');
  if (process.channel || given.includes('semi-space-size')) return;
  const words = [process.execPath, YOUNG_GENERATION, ...process.execArgv, ...process.argv.slice(1)];
  process.execve?.(process.execPath, words, process.env);
}
