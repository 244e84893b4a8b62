// Breaks the rules of permissions in one way after the other, each in a copy of this project, and expects a test to fail: npm run mutants
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applied, MUTANTS } from '../test/support/mutants.ts';

const wanted = process.argv.slice(2);
const copy = mkdtempSync(join(tmpdir(), 'gatehouse-mutants-'));
process.on('exit', () => rmSync(copy, { recursive: true, force: true }));
const files = execFileSync('git', ['ls-files', '-z'], { encoding: 'utf8' }).split('\0').filter(Boolean);
for (const file of [...files, 'src/generated', 'test/blog/generated', 'test/shop/generated'])
  cpSync(file, join(copy, file), { recursive: true });
symlinkSync(join(process.cwd(), 'node_modules'), join(copy, 'node_modules'));

let survivors = 0;
for (const mutant of MUTANTS.filter(({ name }) => wanted.length === 0 || wanted.some((word) => name.includes(word)))) {
  const path = join(copy, mutant.file);
  const source = readFileSync(path, 'utf8');
  writeFileSync(path, applied(mutant, source));
  const begin = Date.now();
  // Stops at the first failure. A mutant that hangs is killed, too.
  const { status } = spawnSync('npx', ['vitest', 'run', '--project', 'embedded', '--bail', '1', ...mutant.tests], {
    cwd: copy,
    env: { ...process.env, RULES_ROUNDS: '3000', RULES_SHRINK: 'off' },
    stdio: 'ignore',
    timeout: 600_000,
  });
  writeFileSync(path, source);
  if (status === 0) survivors++;
  console.log(
    `${status === 0 ? 'SURVIVED' : 'killed  '} ${mutant.name} (${Math.round((Date.now() - begin) / 1000)} s)`,
  );
}
process.exitCode = survivors > 0 ? 1 : 0;
