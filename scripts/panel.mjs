import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { digestOf } from './digest.mjs';
import { versionOf } from './packages.mjs';
import { attempt, nodeToRun } from './run.mjs';

/** Where the panel is built to. */
export const BUILT = 'src/generated/panel';
const MADE_FROM = 'src/generated/.panel';
/** Where the script of the account pages is built to. */
export const ACCOUNT_BUILT = 'src/generated/account-pages';
const ACCOUNT_MADE_FROM = 'src/generated/.account-pages';
const DOCUMENTS = 'panel/generated/graphql.ts';
const DOCUMENTS_MADE_FROM = 'panel/generated/.documents';
const LIBRARIES = ['@base-ui/react', 'react', 'react-dom', 'urql', '@urql/exchange-auth', 'vite', 'wouter'];

/** What the panel is made from. */
export function digestOfPanel() {
  if (!existsSync('panel')) return '';
  const sources = readdirSync('panel')
    .filter((name) => name !== 'generated')
    .map((name) => join('panel', name));
  return digestOf(['schema.admin.graphql', 'scripts/panel.mjs', ...sources], LIBRARIES.map(versionOf));
}

/**
 * Generates the types and texts of the documents that the panel sends, when one of them or the schema changed. Returns what is
 * wrong with them, if anything.
 */
function generateDocuments() {
  const digest = digestOf(
    ['schema.admin.graphql', 'panel/codegen.ts', ...documentsIn('panel')],
    [versionOf('@graphql-codegen/client-preset')],
  );
  if (existsSync(DOCUMENTS) && existsSync(DOCUMENTS_MADE_FROM) && readFileSync(DOCUMENTS_MADE_FROM, 'utf8') === digest)
    return undefined;
  const failure = attempt(nodeToRun(), [
    'node_modules/@graphql-codegen/cli/esm/bin.js',
    '--config',
    'panel/codegen.ts',
  ]);
  if (failure === undefined) writeFileSync(DOCUMENTS_MADE_FROM, digest);
  return failure;
}

/**
 * Builds the panel to src/generated/panel/ when its sources changed, each file also compressed. The server runs without it, so a
 * failure is said and ends nothing.
 */
export function buildPanel() {
  buildAccountPages();
  const digest = digestOfPanel();
  if (digest === '' || (existsSync(MADE_FROM) && readFileSync(MADE_FROM, 'utf8') === digest)) return;
  const failure =
    generateDocuments() ??
    attempt(nodeToRun(), ['node_modules/vite/bin/vite.js', 'build', '--config', 'panel/vite.config.ts']);
  if (failure !== undefined) {
    console.error(`${failure}\nThe panel was not built. The server runs without it.`);
    return;
  }
  for (const entry of readdirSync(BUILT, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !['.js', '.css', '.svg'].includes(extname(entry.name))) continue;
    const path = join(entry.parentPath, entry.name);
    const content = readFileSync(path);
    writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
    writeFileSync(`${path}.br`, brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
  }
  writeFileSync(MADE_FROM, digest);
}

/** Builds the script of the account pages to src/generated/account-pages/ when its sources changed. */
function buildAccountPages() {
  const digest = digestOfAccountPages();
  if (digest === '' || (existsSync(ACCOUNT_MADE_FROM) && readFileSync(ACCOUNT_MADE_FROM, 'utf8') === digest)) return;
  const failure = attempt(nodeToRun(), [
    'node_modules/vite/bin/vite.js',
    'build',
    '--config',
    'account-pages/vite.config.ts',
  ]);
  if (failure === undefined) writeFileSync(ACCOUNT_MADE_FROM, digest);
  else console.error(`${failure}\nThe account pages were not built. The server runs without them.`);
}

/** What the account pages are made from. */
export function digestOfAccountPages() {
  if (!existsSync('account-pages')) return '';
  return digestOf(
    ['scripts/panel.mjs', 'account-pages', 'src/http/pages/documents.ts'],
    ['vite', '@simplewebauthn/browser'].map(versionOf),
  );
}

function documentsIn(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith('.graphql'))
    .sort()
    .map((name) => join(folder, name));
}
