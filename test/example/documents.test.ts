import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { codeBlocksIn, pages } from '../support/documents.ts';

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

describe.each(pages)('%s', (page) => {
  const text = readFileSync(page, 'utf8');

  // A decision that was replaced tells of files that went with it.
  test('names only files that exist, unless it was replaced', () => {
    if (/^Replaced by \[/m.test(text)) return;
    const made = codeBlocksIn(page).map(({ label }) => label.replace(/^file=/, ''));
    const named = [...text.matchAll(/`((?:\.ci|src|test|docs|scripts|prisma|bench|deploy)\/[^`\s*…<>{}]*)`/g)];
    const missing = named.map(([, path = '']) => path).filter((path) => !existsSync(path) && !made.includes(path));
    expect(missing).toEqual([]);
  });

  test('names only scripts that package.json has', () => {
    const named = [...text.matchAll(/\bnpm run (?:--silent )?([a-z][\w:]*)/g)].map(([, script = '']) => script);
    expect(named.filter((script) => !(script in scripts))).toEqual([]);
  });
});
