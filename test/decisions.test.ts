import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const DIRECTORY = 'docs/decisions';
const pages = readdirSync(DIRECTORY).filter((name) => name !== 'README.md');
const index = readFileSync(`${DIRECTORY}/README.md`, 'utf8').replace(/\n {2}/g, ' ');

const headings = (name: string) => readFileSync(`${DIRECTORY}/${name}`, 'utf8').match(/^##? .*$/gm) ?? [];

describe.each(pages)('decision %s', (name) => {
  const [title = '', ...sections] = headings(name);

  test('has a title with its number, and says context, decision and consequences', () => {
    expect(title).toMatch(new RegExp(`^# ${name.slice(0, 3)}\\. [A-Z]`));
    expect(sections).toEqual(['## Context', '## Decision', '## Consequences']);
  });

  test('is in the index once, under its title and with a line about it', () => {
    const lines = index.split('\n').filter((line) => line.includes(`](${name})`));
    expect(lines).toEqual([expect.stringMatching(/: \S.*$/)]);
    expect(lines[0]).toContain(`- [${title.slice(2)}](${name}): `);
  });
});

test('no two decisions have one number', () => {
  const numbers = pages.map((name) => name.slice(0, 3));
  expect(numbers).toEqual([...new Set(numbers)]);
});
