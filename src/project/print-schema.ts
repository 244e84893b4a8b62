import { writeFileSync } from 'node:fs';
import { lexicographicSortSchema, printSchema } from 'graphql';
import type { App } from '../start/app.ts';
import { buildSchemas } from './build-schemas.ts';

/**
 * Writes what `/graphql` and `/admin/graphql` of an application serve, sorted, so that a change of the API shows up in review as a
 * changed line.
 *
 * @returns the files that were written.
 * @throws ContentTypeError when a content type cannot be served.
 */
export async function writeSchemas(app: App): Promise<readonly string[]> {
  const { schema, adminSchema } = await buildSchemas(app);
  const files = { 'schema.graphql': schema, 'schema.admin.graphql': adminSchema };
  for (const [file, served] of Object.entries(files)) {
    writeFileSync(file, `${printSchema(lexicographicSortSchema(served))}\n`);
  }
  return Object.keys(files);
}
