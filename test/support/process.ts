import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { createServerDatabase } from './database.ts';
import { outputOf } from './output.ts';

/** The server as a process of its own, as `npm start` starts it. */
export interface ServerProcess {
  readonly child: ChildProcess;
  /** The address of its `/graphql`. */
  readonly url: string;
  /** What it has printed so far. */
  output(): string;
  /** Ends it with a signal, and tells how it ended. */
  stop(signal?: NodeJS.Signals): Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

/** What production asks for. */
export const SECRETS = {
  JWT_SECRET: 'correct horse battery staple and 8 more',
  ADMIN_JWT_SECRET: 'another horse battery staple and 9 more',
};

/** A place for a server's data: a directory, and on a server a database too. */
export interface Place {
  readonly environment: Readonly<Record<string, string>>;
  readonly dataDir: string;
  remove(): Promise<void>;
}

/**
 * An empty one, or one that has seen a first start: which takes long, since it makes a database. With `hasCluster`, the
 * embedded database has the files that a first start makes before all else, and nothing in it.
 */
export async function createPlace(given: { used?: boolean; hasCluster?: boolean } = {}): Promise<Place> {
  const { used = false, hasCluster = used } = given;
  const dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-data-'));
  const onServer = inject('databaseKind') === 'server';
  const database = onServer ? await createServerDatabase(used ? inject('template') : undefined) : undefined;
  if (hasCluster && !onServer) {
    const dump = inject(used ? 'template' : 'emptyTemplate') ?? '';
    mkdirSync(join(dataDir, 'postgres'));
    execFileSync('tar', ['-xPf', dump, '--transform=s,^/,,', '-C', join(dataDir, 'postgres')]);
  }
  return {
    dataDir,
    environment: { DATA_DIR: dataDir, ...(database && { DATABASE_URL: database.url }) },
    async remove() {
      await database?.drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Starts `dist/main.js`, or another script, with this environment and nothing of ours beside it, and waits until it is ready. */
export async function startProcess(
  environment: Readonly<Record<string, string>>,
  script: readonly string[] = SERVER,
  directory = process.cwd(),
): Promise<ServerProcess> {
  const { child, output } = launch(environment, [process.execPath, ...script], directory);
  const url = await new Promise<string>((resolve, reject) => {
    const look = () => {
      const found = /ready at (\S+)/.exec(output())?.[1];
      if (found) resolve(found);
    };
    child.stdout?.on('data', look);
    child.once('exit', (code) => reject(new Error(`The server ended with ${code}:\n${output()}`)));
  });
  return {
    child,
    url,
    output,
    async stop(signal = 'SIGTERM') {
      if (child.exitCode !== null || child.signalCode !== null)
        return { code: child.exitCode, signal: child.signalCode };
      child.kill(signal);
      const [code, by] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
      return { code, signal: by };
    },
  };
}

/** Starts `dist/main.js`, or another script, and waits until it has ended by itself. */
export async function runToEnd(
  environment: Readonly<Record<string, string>>,
  script: readonly string[] = SERVER,
  directory = process.cwd(),
): Promise<{ readonly code: number | null; readonly output: string }> {
  const { child, output } = launch(environment, [process.execPath, ...script], directory);
  const [code] = (await once(child, 'exit')) as [number | null];
  return { code, output: output() };
}

const SERVER = ['dist/main.js'];

/** A process and what it has printed so far. */
export interface Launched {
  readonly child: ChildProcess;
  output(): string;
}

/** Starts a command, first of a group of its own, with this environment and nothing of ours beside it. */
export function launch(
  environment: Readonly<Record<string, string>>,
  [command, ...args]: readonly [string, ...string[]],
  cwd = process.cwd(),
): Launched {
  const child = spawn(command, args, {
    cwd,
    env: { PATH: process.env['PATH'], PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  return { child, output: outputOf(child) };
}
