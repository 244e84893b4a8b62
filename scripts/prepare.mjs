// Runs before other scripts of package.json: installs the packages that are missing on a fresh clone, generates the Prisma
// client when its schema changed, and the panel when its sources changed; with --tests also the client that the tests have, and,
// with --build, builds dist/ when it is older than its sources. Plain JavaScript, since it runs on whatever Node is there; what
// comes after it runs on the pinned one.
import { existsSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build, isBuilt } from './built.mjs';
import { generate, generateForTests } from './generated.mjs';
import { install, isInstalled } from './packages.mjs';
import { buildPanel } from './panel.mjs';
import { nodeToRun } from './run.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

const isForServer = process.argv.includes('--build');
// A server that was built once needs nothing more of the development dependencies.
if (!isForServer || !isBuilt() || !isInstalled({ production: true })) {
  if (!isInstalled()) install();
  generate();
  buildPanel();
  if (isForServer && !isBuilt()) build({ check: false });
}
if (process.argv.includes('--tests')) generateForTests();
nodeToRun();
// The shell that npm runs a script with would stay between it and the server, and a signal that npm passes on would end only
// that shell. So the script begins with `exec`, which Windows does not have.
const exec = 'node_modules/.bin/exec.cmd';
if (process.platform === 'win32' && !existsSync(exec)) writeFileSync(exec, '@%*\r\n');
