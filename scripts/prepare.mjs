// Runs before `npm start` and `npm test`: installs what is missing on a fresh clone, generates the Prisma client when its
// schema changed, and compiles the server. Plain JavaScript, since it runs on whatever Node is there; everything after it
// runs on the pinned one.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);

let isFresh = false;
if (!isInstalled()) {
  isFresh = true;
  console.log('Installing the packages (once, about half a minute) …');
  const npm = process.env.npm_execpath;
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  run(npm ? (process.env.npm_node_execpath ?? process.execPath) : 'npm', npm ? [npm, ...args] : args);
}
if (!existsSync('node_modules/.bin/node')) {
  fail(
    'The pinned Node.js is missing: its install script did not run. Check that npm is not set to ignore-scripts, then: npm ci',
  );
}
// The shell that npm runs a script with would stay between it and the server, and a signal that npm passes on would end only
// that shell. So the script begins with `exec`, which Windows does not have.
if (process.platform === 'win32') writeFileSync('node_modules/.bin/exec.cmd', '@%*\r\n');
const schema = digestOfSchema();
if (!existsSync('src/generated/.schema') || readFileSync('src/generated/.schema', 'utf8') !== schema) {
  run(resolve('node_modules/.bin/node'), ['node_modules/prisma/build/index.js', 'generate'], {
    // Generating needs no engine of its own, but looks for one, and would download it.
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1',
  });
  writeFileSync('src/generated/.schema', schema);
  isFresh = true;
}
// Not whenever nothing was kept: where nobody may write to node_modules that would be in vain, at each start.
if (isFresh) compile();

/** What does not load is not for here to say: whoever starts it is told, and so is the type check. */
function compile() {
  spawnSync(resolve('node_modules/.bin/node'), ['scripts/compile.mjs'], { stdio: 'ignore' });
}

/** Whether every package of the lock file is there in the version it names. */
function isInstalled() {
  const installed = readLock('node_modules/.package-lock.json');
  if (!installed) return false;
  const wanted = Object.entries(readLock('package-lock.json') ?? {});
  return wanted.every(
    ([path, { version, optional }]) =>
      path === '' || (optional && !installed[path]) || installed[path]?.version === version,
  );
}

function readLock(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : undefined;
}

function digestOfSchema() {
  const lock = readLock('package-lock.json') ?? {};
  const version = lock['node_modules/prisma']?.version;
  const hash = createHash('sha256')
    .update(`${version}\n`)
    .update(readFileSync(join('scripts', 'models-generator.mjs')));
  for (const file of readdirSync(join('prisma', 'schema')).sort()) {
    hash.update(`${file}\n`).update(readFileSync(join('prisma', 'schema', file)));
  }
  return hash.digest('hex');
}

/** Runs a command, and shows what it said only when it failed. */
function run(command, args, environment = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    env: { ...process.env, ...environment },
    shell: process.platform === 'win32' && command === 'npm',
  });
  if (status !== 0) fail(`${stdout ?? ''}${stderr ?? ''}${error ?? ''}\n${[command, ...args].join(' ')} failed`);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
