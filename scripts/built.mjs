import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf, filesIn } from './digest.mjs';
import { versionOf } from './packages.mjs';
import { ACCOUNT_BUILT, BUILT, buildPanel, digestOfAccountPages, digestOfPanel } from './panel.mjs';
import { nodeToRun, run } from './run.mjs';

const MADE_FROM = 'dist/.sources';

/** Whether dist/ is what the sources say. Where there are no sources, it has to be. */
export function isBuilt() {
  if (!existsSync(MADE_FROM)) return false;
  return !existsSync('src/main.ts') || readFileSync(MADE_FROM, 'utf8') === digestOfSources();
}

/**
 * Writes src/ as JavaScript to dist/, and the panel, and removes from there what has no source any more. The application in
 * src/app/ is not built: Node.js runs it as it is, and so its models are not needed here.
 *
 * @param check whether a fault of types ends it. Without, they are left to `npm run typecheck`, and it takes half of the time.
 */
export function build({ check }) {
  const digest = digestOfSources();
  rmSync(MADE_FROM, { force: true });
  buildPanel();
  const compiler = 'node_modules/typescript-compiler/bin/tsc';
  run(nodeToRun(), [compiler, '--project', 'tsconfig.build.json', ...(check ? [] : ['--noCheck'])]);
  rmSync('dist/generated', { force: true, recursive: true }); // a compiler that follows imports of types writes there
  for (const file of filesIn(['dist'])) {
    const source = file.replace(/^dist/, 'src').replace(/\.js$/, '.ts');
    if (!existsSync(source)) rmSync(file);
  }
  for (const folder of [BUILT, ACCOUNT_BUILT]) {
    if (existsSync(folder)) cpSync(folder, folder.replace(/^src/, 'dist'), { recursive: true });
  }
  writeFileSync(MADE_FROM, digest);
}

function digestOfSources() {
  const sources = readdirSync('src')
    .filter((name) => name !== 'generated' && name !== 'app')
    .map((name) => join('src', name));
  return digestOf(
    ['tsconfig.json', 'tsconfig.build.json', ...sources],
    [versionOf('typescript-compiler'), digestOfPanel(), digestOfAccountPages()],
  );
}
