// npm run schema
// Writes schema.graphql and schema.admin.graphql: what /graphql and /admin/graphql serve, sorted, so that a change of the API shows up in review as a changed line.
import { writeFileSync } from 'node:fs';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { orSayWhy } from '../src/common/start-refused.ts';
import { buildSchemas } from './build-schemas.ts';

await orSayWhy(async () => {
  const { schema, adminSchema } = await buildSchemas((await import('../src/app/app.ts')).app);
  for (const [file, served] of [
    ['schema.graphql', schema],
    ['schema.admin.graphql', adminSchema],
  ] as const) {
    writeFileSync(file, `${printSchema(lexicographicSortSchema(served))}\n`);
  }
});
