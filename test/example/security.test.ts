import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const rows = readFileSync('SECURITY.md', 'utf8')
  .split('\n')
  .filter((line) => /^\| \d/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()));

test('SECURITY.md has its table', () => {
  expect(rows.length).toBeGreaterThan(40);
});

test.each(rows.map(([, requirement = '', , held = '', named = '']) => ({ requirement, held, named })))(
  '$requirement: the test that it names is there',
  ({ held, named }) => {
    const [, file, title = ''] = /^`([\w./-]+\.test\.ts)`: (.+)$/.exec(named) ?? [];
    if (file === undefined) {
      expect(held).toMatch(/\*\*no\*\*|there (is|are) /); // nothing that is claimed goes without a test
      return;
    }
    expect(readFileSync(`test/${file}`, 'utf8')).toContain(title);
  },
);
