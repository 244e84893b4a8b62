import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { dataOf } from './ask.ts';

/** The server as `npm start` starts it. Needs Linux. */
export interface MainProcess extends AsyncDisposable {
  /** The address of its `/graphql`. */
  readonly url: string;
  /** Milliseconds from its start to its first answer, a list. */
  readonly took: number;
  /** Resident memory, in MB. */
  memory(): number;
}

/** Starts the project in a directory, this one by default, with this environment, and asks it once. */
export async function startMain(
  environment: Readonly<Record<string, string>>,
  directory: string = fileURLToPath(new URL('..', import.meta.url)),
): Promise<MainProcess> {
  const began = performance.now();
  const child = spawn(process.execPath, ['dist/main.js'], {
    cwd: directory,
    env: { PATH: process.env['PATH'], PORT: '0', LOG_LEVEL: 'error', AUTH_RATE_LIMIT: 'off', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const url = await new Promise<string>((resolve, reject) => {
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const found = /ready at (\S+)/.exec(output)?.[1];
      if (found) resolve(found);
    });
    void exited.then(([code]) => reject(new Error(`The server ended with ${code}:\n${output}`)));
  });
  await dataOf(url, { query: '{ posts { title } }' });
  return {
    url,
    took: performance.now() - began,
    memory: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) * 0.001_024, // of 1,024 bytes
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
