import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { pages } from './support/documents.ts';

/** Words that CONTRIBUTING's table has in its last column, and turns that a reader has to read twice. */
const FORBIDDEN = [
  'may everything',
  'who may',
  'may what',
  'deaf',
  'Deed',
  'oneself',
  'good for nothing',
  'so many',
  'whoever',
  'is told',
  'are told',
  'who asks',
  'the asker',
  'caller',
  'anew',
  'for who',
  'by who',
  'MOST_\\w+',
];
const forbidden = new RegExp(`\\b(${FORBIDDEN.join('|')})\\b`, 'gi');

const wordsIn = (text: string) => text.match(forbidden) ?? [];

test.each(pages)('%s has the words of the glossary', (page) => {
  const text = readFileSync(page, 'utf8').replace(/^## Words$[\s\S]*?(?=^## )/m, '');
  expect(wordsIn(text.replace(/^```[\s\S]*?^```$/gm, ''))).toEqual([]);
});

describe('what clients and operators read', () => {
  test.each(['schema.graphql', 'schema.admin.graphql', '.env.example'])('%s', (file) => {
    expect(wordsIn(readFileSync(file, 'utf8'))).toEqual([]);
  });
});

test('a forbidden word is found', () => {
  expect(wordsIn('An administrator may everything; MOST_STALE')).toHaveLength(2);
});
