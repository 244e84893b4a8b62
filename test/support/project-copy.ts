import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { outputOf } from './output.ts';

/** This project in a folder of its own, as whoever has just cloned it and installed its packages. */
export interface ProjectCopy {
  readonly directory: string;
  /** Runs a command of a shell there, to its end. */
  run(command: string): Promise<{ readonly code: number | null; readonly output: string }>;
  /** Starts a command there, and waits until it has printed what is looked for: the first group of the pattern. */
  start(command: string, pattern: RegExp): Promise<string>;
  /** Ends whatever still runs there, and removes the folder. */
  remove(): Promise<void>;
}

/** What is not part of a clone: made, installed, or somebody's own. */
const LEFT_OUT = [
  '.git',
  'node_modules',
  join('src', 'generated'),
  join('panel', 'generated'),
  'dist',
  '.data',
  '.env',
  'coverage',
];

/** Copies the project as it is now. Its commands see this environment, and nothing of ours beside it. */
export function copyProject(
  environment: Readonly<Record<string, string>>,
  { packages = true }: { readonly packages?: boolean } = {},
): ProjectCopy {
  const root = resolve(import.meta.dirname, '../..');
  const directory = mkdtempSync(join(tmpdir(), 'gatehouse-copy-'));
  cpSync(root, directory, { recursive: true, filter: (file) => !LEFT_OUT.includes(relative(root, file)) });
  if (packages) linkPackages(join(root, 'node_modules'), join(directory, 'node_modules'));

  const running = new Set<ChildProcess>();
  function launch(command: string): { readonly child: ChildProcess; readonly output: () => string } {
    const child = spawn(command, {
      cwd: directory,
      shell: true,
      detached: true, // a group of its own, so that what npm started ends with it
      env: { PATH: process.env['PATH'], HOME: directory, npm_config_update_notifier: 'false', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(child);
    child.once('close', () => running.delete(child));
    return { child, output: outputOf(child) };
  }

  return {
    directory,
    async run(command) {
      const { child, output } = launch(command);
      const [code] = (await once(child, 'close')) as [number | null];
      return { code, output: output() };
    },
    async start(command, pattern) {
      const { child, output } = launch(command);
      return new Promise((found, reject) => {
        child.stdout?.on('data', () => {
          const group = pattern.exec(output())?.[1];
          if (group !== undefined) found(group);
        });
        child.once('close', (code) => reject(new Error(`${command} ended with ${code}:\n${output()}`)));
      });
    },
    async remove() {
      await Promise.all(
        [...running].map(async (child) => {
          const closed = once(child, 'close');
          process.kill(-Number(child.pid), 'SIGKILL');
          await closed;
        }),
      );
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Each entry by itself: an `npm ci` in the copy then removes links, and not the packages behind one. */
function linkPackages(from: string, to: string): void {
  mkdirSync(to);
  for (const entry of readdirSync(from)) symlinkSync(join(from, entry), join(to, entry));
}
