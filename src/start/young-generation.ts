/** An option of V8 that has no effect once Node is running. */
export const YOUNG_GENERATION = '--max-semi-space-size=4';

/**
 * Restarts this process under the same process id with V8's young generation limited to 4 MB. The default of 16 MB takes forty
 * megabytes more and is no faster. Takes twenty milliseconds, so call it first.
 *
 * Does nothing if the option is already given, if the process has an IPC channel (its parent decides), and on systems without
 * `exec`, such as Windows.
 */
export function boundYoungGeneration(): void {
  const given = [...process.execArgv, process.env['NODE_OPTIONS'] ?? ''].join(' ');
  if (process.channel || given.includes('semi-space-size')) return;
  const words = [process.execPath, YOUNG_GENERATION, ...process.execArgv, ...process.argv.slice(1)];
  process.execve?.(process.execPath, words, process.env);
}
