import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { environmentExample, withTableOfVariables } from '../scripts/configuration-documents.ts';

const HOW = 'run `npm run docs:configuration`';

test('the table of docs/configuration.md is that of the schema', () => {
  const page = readFileSync('docs/configuration.md', 'utf8');
  expect(page, HOW).toBe(withTableOfVariables(page));
});

test('.env.example has each variable of the schema', () => {
  expect(readFileSync('.env.example', 'utf8'), HOW).toBe(environmentExample());
});
