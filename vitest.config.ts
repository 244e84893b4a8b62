import { defineConfig } from 'vitest/config';
import type { DatabaseKind } from './test/support/template.ts';

// The same suite twice: on the embedded database, and on a PostgreSQL server where TEST_DATABASE_URL names one.
const databases: readonly DatabaseKind[] = process.env['TEST_DATABASE_URL'] ? ['embedded', 'server'] : ['embedded'];

export default defineConfig({
  // graphql 17 has a `development` condition: without this it is loaded twice, and its errors are not known again.
  ssr: { resolve: { conditions: ['module', 'node'] } },
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2, // each open embedded database holds 200 to 300 MB
    projects: databases.map((database) => ({
      extends: true,
      test: {
        name: database,
        include: ['test/**/*.test.ts'],
        globalSetup: 'test/support/template.ts',
        provide: { databaseKind: database },
      },
    })),
  },
});
