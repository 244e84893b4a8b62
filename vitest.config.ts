import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { BROWSER } from './test/browser/chromium.ts';
import type { DatabaseKind } from './test/support/template.ts';

/** What does not depend on the kind of database: run once, on the embedded one. */
const ONCE = [
  'account-hooks',
  'account-pages',
  'admin-access',
  'administration-page',
  'build',
  'client-examples',
  'clients',
  'content-descriptions',
  'compose-schema',
  'committed-schema',
  'config',
  'configuration-documents',
  'connections',
  'content-type-errors',
  'content-type-recipe',
  'decisions',
  'deploy',
  'documents',
  'entrance',
  'environment',
  'examples',
  'from-strapi',
  'foreign-hashes',
  'graphql-over-http',
  'guard',
  'headers',
  'hostile-requests',
  'imports',
  'known-documents',
  'limits',
  'mail',
  'mail-templates',
  'moving-in',
  'mutants',
  'no-values-in-errors',
  'operation-check.property',
  'own-models',
  'own-files',
  'package',
  'panel-changes',
  'panel-conditions',
  'key-declarations',
  'panel-content',
  'password-threads',
  'permissions-file',
  'permissions-script',
  'persisted-queries',
  'plugins',
  'public-url',
  'readme',
  'rules-in-code',
  'rules-side-channels',
  'schema',
  'scope-auth',
  'security',
  'several-roles-administration',
  'start-message',
  'strapi-archive',
  'strapi-databases',
  'testing',
  'timeouts',
  'tracing',
  'transport',
  'verify',
  'words',
  'your-app',
].map((name) => `test/**/${name}.test.ts`);

/** What has most to lose where a database carries settings of its own: on a server, these run on one whose all are hostile. */
const ON_HOSTILE_SETTINGS = [
  'accounts',
  'api-tokens',
  'attempts',
  'audit',
  'content',
  'filters',
  'lists',
  'access-cache',
  'model-kinds',
  'outage',
  'row-rules',
  'sessions',
].map((name) => `test/**/${name}.test.ts`);

/** What takes longest begins first, so that no worker waits for the other at the end. The others follow by their size. */
const LONGEST = [
  'browser/content',
  'example/processes',
  'browser/people',
  'example/your-app',
  'browser/access',
  'browser/system',
  'browser/screens',
  'browser/whole-way',
  'outbox',
  'mail',
  'mail-templates',
  'moving-in',
  'model-kinds',
  'recipes',
  'example/deploy',
  'example/build',
  'example/package',
  'example/content-type-recipe',
  'example/content-type-errors',
  'example/command-line',
  'example/apps',
  'example/permissions-script',
].map((name) => `/test/${name}.test.ts`);

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const projectsInOrder = [...new Set(sorted.map(({ project }) => project))];
    const place = ({ moduleId }: TestSpecification) => {
      const found = LONGEST.findIndex((end) => moduleId.endsWith(end));
      return found === -1 ? LONGEST.length : found;
    };
    return projectsInOrder.flatMap((one) =>
      sorted.filter(({ project }) => project === one).toSorted((file, other) => place(file) - place(other)),
    );
  }
}

/** The panel in a real browser. .ci/run installs one, and there a missing one is a failure. */
const IN_A_BROWSER = 'test/browser/*.test.ts';
const hasBrowser = BROWSER !== undefined || process.env['GATEHOUSE_CI'] !== undefined;
if (!hasBrowser)
  console.log('No Chromium on this machine: the tests of the panel in a browser are left out (CONTRIBUTING.md).');

interface Project {
  readonly name: string;
  readonly databaseKind: DatabaseKind;
  readonly hostile?: true;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
}

// The suite on the embedded database; where TEST_DATABASE_URL names a PostgreSQL server, what talks to a database once more
// on that.
const projects: readonly Project[] = [
  { name: 'embedded', databaseKind: 'embedded', exclude: hasBrowser ? [] : [IN_A_BROWSER] },
  ...(process.env['TEST_DATABASE_URL']
    ? ([
        { name: 'server', databaseKind: 'server', exclude: [...ONCE, ...ON_HOSTILE_SETTINGS, IN_A_BROWSER] },
        { name: 'server-hostile', databaseKind: 'server', hostile: true, include: ON_HOSTILE_SETTINGS },
      ] as const)
    : []),
];

export default defineConfig({
  // graphql 17 has a `development` condition: without this it is loaded twice, and its errors are not known again.
  ssr: { resolve: { conditions: ['module', 'node'] } },
  // The package by its own name, as src/app/ imports it: its sources.
  resolve: {
    alias: [
      { find: /^gatehouse$/, replacement: fileURLToPath(new URL('src/index.ts', import.meta.url)) },
      { find: /^gatehouse\/testing$/, replacement: fileURLToPath(new URL('src/testing/index.ts', import.meta.url)) },
    ],
  },
  test: {
    // They end what hangs, and measure nothing: on a busy machine a step takes ten times as long as on a quiet one.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 30_000 } },
    // Nothing of ours keeps state in a module, so files share what they import: it takes much longer than it runs.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    maxWorkers: 2, // each open embedded database holds 200 to 300 MB
    projects: projects.map(({ name, databaseKind, hostile, include = ['test/**/*.test.ts'], exclude = [] }) => ({
      extends: true,
      test: {
        name,
        include: [...include],
        exclude: ['**/node_modules/**', ...exclude],
        globalSetup: ['test/support/built.ts', 'test/support/template.ts'],
        provide: { databaseKind, ...(hostile && { hostile }) },
      },
    })),
  },
});
