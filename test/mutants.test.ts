import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { applied, MUTANTS } from './support/mutants.ts';

// `npm run mutants` applies them and runs their tests, each of which fails. This keeps them up to date.
test.each(MUTANTS)('can still be broken: $name', (mutant) => {
  const source = readFileSync(mutant.file, 'utf8');
  expect(applied(mutant, source)).not.toBe(source);
});
