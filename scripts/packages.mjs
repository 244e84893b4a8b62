import { existsSync, readFileSync } from 'node:fs';
import { run } from './run.mjs';

/** Whether each package of the lock file is installed in its version: all of them, or those that production needs. */
export function isInstalled({ production = false } = {}) {
  const installed = packagesOf('node_modules/.package-lock.json');
  if (!installed) return false;
  return Object.entries(packagesOf('package-lock.json') ?? {}).every(
    ([path, { version, optional, dev, devOptional }]) => {
      if (path === '' || (production && (dev || devOptional))) return true;
      return installed[path]?.version === version || (optional && !installed[path]);
    },
  );
}

/** Installs all of them, whatever NODE_ENV and the settings of npm leave out. */
export function install() {
  console.log('Installing the packages (once, about half a minute) …');
  const npm = process.env.npm_execpath;
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  run(npm ? (process.env.npm_node_execpath ?? process.execPath) : 'npm', npm ? [npm, ...args] : args);
}

/** The version of a package in the lock file. */
export function versionOf(name) {
  return packagesOf('package-lock.json')?.[`node_modules/${name}`]?.version;
}

function packagesOf(lockFile) {
  return existsSync(lockFile) ? JSON.parse(readFileSync(lockFile, 'utf8')).packages : undefined;
}
