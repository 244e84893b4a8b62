import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
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
  /** Ends whatever still runs there. */
  stop(): Promise<void>;
  /** The same, and removes the folder. */
  remove(): Promise<void>;
}

/** What is not part of a clone: installed, or somebody's own. */
const LEFT_OUT = ['.git', 'node_modules', '.data', '.env', 'coverage'];
/** What commands make of the sources. */
const MADE = [join('src', 'generated'), join('panel', 'generated'), 'dist'];

/**
 * Copies the project as it is now. Its commands see this environment, and nothing of ours beside it.
 *
 * @param packages whether the packages are installed.
 * @param made whether what commands make of the sources is there. It is up to date, so that they make only what changed.
 */
export function copyProject(
  environment: Readonly<Record<string, string>>,
  { packages = true, made = true }: { readonly packages?: boolean; readonly made?: boolean } = {},
): ProjectCopy {
  const root = resolve(import.meta.dirname, '../..');
  const directory = mkdtempSync(join(tmpdir(), 'gatehouse-copy-'));
  const leftOut = made ? LEFT_OUT : [...LEFT_OUT, ...MADE];
  cpSync(root, directory, { recursive: true, filter: (file) => !leftOut.includes(relative(root, file)) });
  if (packages) linkPackages(join(root, 'node_modules'), join(directory, 'node_modules'));
  return folderOfCommands(directory, environment);
}

/** A folder whose commands see this environment, and nothing of ours beside it. It need not be there yet. */
export function folderOfCommands(directory: string, environment: Readonly<Record<string, string>>): ProjectCopy {
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

  async function stop(): Promise<void> {
    await Promise.all(
      [...running].map(async (child) => {
        const closed = once(child, 'close');
        process.kill(-Number(child.pid), 'SIGKILL');
        await closed;
      }),
    );
  }

  return {
    directory,
    stop,
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
      await stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** What tools keep among the packages, such as `.cache`: no package, and the copy's own. */
function isOfATool(entry: string): boolean {
  return entry.startsWith('.') && !['.bin', '.package-lock.json'].includes(entry);
}

/**
 * How npm reaches its registry on this machine: its cache, its files of settings, certificates, and proxies. A folder of commands
 * has a home of its own, and with it none of these.
 */
export function waysToTheRegistry(): Readonly<Record<string, string>> {
  const settings = ['cache', 'userconfig', 'globalconfig'].map((name) => [
    `npm_config_${name}`,
    execFileSync('npm', ['config', 'get', name], { encoding: 'utf8' }).trim(),
  ]);
  const others = Object.entries(process.env).filter(([name]) =>
    /^(npm_config_(registry|ca|cafile|proxy|https_proxy|noproxy)|NODE_EXTRA_CA_CERTS|https?_proxy|no_proxy)$/i.test(
      name,
    ),
  );
  return { ...Object.fromEntries([...settings, ...others]), npm_config_prefer_offline: 'true' };
}

/** Each entry by itself: an `npm ci` in the copy then removes links, and not the packages behind one. */
function linkPackages(from: string, to: string): void {
  mkdirSync(to);
  for (const entry of readdirSync(from)) if (!isOfATool(entry)) symlinkSync(join(from, entry), join(to, entry));
}

/**
 * What an `npm ci` would have installed, without the network: hard links, of which npm can remove any. The folder is not there
 * yet.
 */
export function hardLinkPackages(from: string, to: string): void {
  try {
    execFileSync('cp', ['-al', from, to], { stdio: 'pipe' });
  } catch {
    rmSync(to, { recursive: true, force: true });
    execFileSync('cp', ['-a', from, to]); // on another file system
  }
  for (const entry of readdirSync(to).filter(isOfATool)) rmSync(join(to, entry), { recursive: true, force: true });
  rmSync(join(to, '.package-lock.json')); // npm writes into the file that is there
  cpSync(join(from, '.package-lock.json'), join(to, '.package-lock.json'));
}
