import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';

/** The folders of src/ in the order of their imports: a file imports its own folder, and those below it here. */
const [, list = ''] =
  /^Imports go down this list only:\n\n(.+?)\n\n/ms.exec(readFileSync('ARCHITECTURE.md', 'utf8')) ?? [];
const order = [...list.matchAll(/`([\w.-]+)\/?`/g)].map(([, name = '']) => name);

/** What a process begins with puts the rest together, and is imported by nothing. */
const ENTRIES = ['main.ts', 'command-line/main.ts', 'start/cluster.ts'];

interface Import {
  readonly from: string;
  readonly to: string;
}

const files = globSync('**/*.{ts,mjs}', { cwd: 'src', exclude: ['generated/**', '**/node_modules/**'] });
const imports = files.flatMap((from): Import[] => {
  const text = readFileSync(join('src', from), 'utf8');
  const paths = text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'(\.[^']+)'/g);
  return [...paths].map(([, path = '']) => ({ from, to: relative('.', join(dirname(from), path)) }));
});
const folderOf = (file: string) => file.split('/')[0] ?? '';
const inWords = ({ from, to }: Import) => `${from} imports ${to}`;

test('ARCHITECTURE.md lists every folder of src/, once', () => {
  const folders = new Set([...imports.flatMap(({ from, to }) => [from, to])].map(folderOf));
  expect(order.toSorted()).toEqual([...folders].toSorted());
});

test('imports go down that list only', () => {
  expect(imports.length).toBeGreaterThan(1_000);
  const up = imports.filter(
    ({ from, to }) => !ENTRIES.includes(from) && order.indexOf(folderOf(to)) < order.indexOf(folderOf(from)),
  );
  expect(up.map(inWords)).toEqual([]);
});

test('only what a process begins with imports the app, and nothing imports that', () => {
  const app = imports.filter(({ from, to }) => folderOf(to) === 'app' && folderOf(from) !== 'app');
  expect(app.filter(({ from }) => !ENTRIES.includes(from)).map(inWords)).toEqual([]);
  expect(imports.filter(({ to }) => ENTRIES.includes(to)).map(inWords)).toEqual([]);
});
