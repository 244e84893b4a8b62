import { defineConfig } from 'vitest/config';
import { BROWSER } from './test/browser/chromium.ts';
import type { DatabaseKind } from './test/support/template.ts';

/** What does not depend on the kind of database: run once, on the embedded one. */
const ONCE = [
  'administration-page',
  'build',
  'client-examples',
  'clients',
  'committed-schema',
  'config',
  'configuration-documents',
  'connections',
  'content-type-errors',
  'content-type-recipe',
  'decisions',
  'deploy',
  'documents',
  'environment',
  'examples',
  'from-strapi',
  'foreign-hashes',
  'graphql-over-http',
  'guard',
  'headers',
  'imports',
  'known-documents',
  'mutants',
  'no-values-in-errors',
  'operation-check.property',
  'own-models',
  'own-files',
  'panel-changes',
  'panel-conditions',
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
  'strapi-archive',
  'strapi-databases',
  'timeouts',
  'tracing',
  'transport',
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
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Nothing of ours keeps state in a module, so files share what they import: it takes much longer than it runs.
    isolate: false,
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
