import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const core = globSync('src/**/*.ts').filter(
  (file) => !/^src\/(app|generated)\//.test(file) && !file.includes('node_modules'),
);

/** The imports of files that match, as `importing file: statement`. */
function importsOf(target: RegExp): string[] {
  return core.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/^(?:import|export)\s[^;]*?from '[^']+'|import\('[^']+'\)/gm)]
      .map(([statement]) => statement)
      .filter((statement) => target.test(statement))
      .map((statement) => `${file}: ${statement}`),
  );
}

test('the core imports nothing of src/app', () => {
  expect(core.length).toBeGreaterThan(100);
  expect(importsOf(/\/app\//)).toEqual([]);
});

test('the core imports of what is generated only types', () => {
  const all = importsOf(/\/generated\//);
  expect(all.length).toBeGreaterThan(10);
  expect(all.filter((statement) => !/: import type /.test(statement))).toEqual([]);
});
