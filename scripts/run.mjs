// What the other scripts are made of.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** The oldest Node.js that runs Gatehouse. */
const OLDEST_NODE = 24;

/** The pinned Node.js, where it is installed; without the development dependencies, the one that runs this. */
export function nodeToRun() {
  const pinned = resolve('node_modules/.bin/node');
  if (existsSync(pinned)) return pinned;
  const [major] = process.versions.node.split('.');
  if (Number(major) >= OLDEST_NODE) return process.execPath;
  return fail(
    `Gatehouse needs Node.js ${OLDEST_NODE} or newer. This is ${process.versions.node}, and the newer one among the development dependencies is not installed: npm ci --include=dev, with npm not set to ignore-scripts`,
  );
}

/** Runs a command, and shows what it printed only when it failed. */
export function run(command, args, environment = {}) {
  const failure = attempt(command, args, environment);
  if (failure !== undefined) fail(failure);
}

/** Runs a command. Returns what it printed when it failed. */
export function attempt(command, args, environment = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    env: { ...process.env, ...environment },
    shell: process.platform === 'win32' && command === 'npm',
  });
  if (status === 0) return undefined;
  return `${stdout ?? ''}${stderr ?? ''}${error ?? ''}\n${[command, ...args].join(' ')} failed`;
}

export function fail(message) {
  console.error(message);
  process.exit(1);
}
