import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';

/** The folders of src/ in the order of their imports: a file imports its own folder, and those below it here. */
const [, list = ''] =
  /^Imports go down this list only:\n\n(.+?)\n\n/ms.exec(readFileSync('ARCHITECTURE.md', 'utf8')) ?? [];
const order = [...list.matchAll(/`([\w.-]+)\/?`/g)].map(([, name = '']) => name);

/** What a process begins with, and the command that does so in its own process. */
const ENTRIES = ['main.ts', 'command-line/main.ts', 'start/cluster.ts'];
const STARTS = 'command-line/server-commands.ts';

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
const placeOf = (file: string) => order.indexOf(folderOf(file));
const folderOf = (file: string) => file.split('/')[0] ?? '';
const scripts = imports.filter(({ to }) => to.startsWith('..'));
const inWords = ({ from, to }: Import) => `${from} imports ${to}`;

test('ARCHITECTURE.md lists every folder of src/, once', () => {
  const folders = new Set(
    [...imports.filter((one) => !scripts.includes(one)).flatMap(({ from, to }) => [from, to])].map(folderOf),
  );
  expect(order.toSorted()).toEqual([...folders].toSorted());
});

test('imports go down that list only', () => {
  expect(imports.length).toBeGreaterThan(1_000);
  const up = imports.filter(
    (one) => !ENTRIES.includes(one.from) && !scripts.includes(one) && placeOf(one.to) < placeOf(one.from),
  );
  expect(up.map(inWords)).toEqual([]);
  expect(scripts.filter(({ from }) => folderOf(from) !== 'project').map(inWords)).toEqual([]);
});

test('what a process begins with is imported by nothing else', () => {
  expect(imports.filter(({ from, to }) => ENTRIES.includes(to) && from !== STARTS).map(inWords)).toEqual([]);
});

test('the app is imported by nothing, and imports the package and what is generated of its models', () => {
  const inApp = ({ from }: Import) => folderOf(from) === 'app';
  expect(imports.filter((one) => folderOf(one.to) === 'app' && !inApp(one)).map(inWords)).toEqual([]);
  const others = imports.filter((one) => inApp(one) && !['app', 'generated'].includes(folderOf(one.to)));
  expect(others.map(inWords)).toEqual([]);
});

test('no module of a server imports the servers of tests', () => {
  const verifying = imports.filter(({ to }) => folderOf(to) === 'verify');
  expect([...new Set(verifying.map(({ from }) => (ENTRIES.includes(from) ? from : folderOf(from))))].sort()).toEqual([
    'command-line/main.ts',
    'verify',
  ]);
  const testing = imports.filter(({ to }) => folderOf(to) === 'testing');
  expect([...new Set(testing.map(({ from }) => folderOf(from)))].sort()).toEqual(['testing', 'verify']);
});
