import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import {
  buildClientSchema,
  getIntrospectionQuery,
  type IntrospectionQuery,
  lexicographicSortSchema,
  printSchema,
} from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { app } from '../../src/app/app.ts';
import { startServer, type TestServer } from '../support/start.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ app });
});
afterAll(() => server.close());

test.each([
  ['schema.graphql', 'ask'],
  ['schema.admin.graphql', 'askAdmin'],
] as const)('%s is the schema that is served', async (file, ask) => {
  const { data, text } = await server[ask](
    getIntrospectionQuery({ specifiedByUrl: true, directiveIsRepeatable: true, inputValueDeprecation: true }),
  );
  expect(data, text).not.toBeNull();
  const served = lexicographicSortSchema(buildClientSchema(data as IntrospectionQuery));
  const message = `${file} is not what is served. Run \`npm run schema\`, and look at what changed`;
  expect(readFileSync(file, 'utf8'), message).toBe(`${printSchema(served)}\n`);
});

test('the generated types of the clients match the schema', async () => {
  const codegen = 'node_modules/@graphql-codegen/cli/esm/bin.js';
  const checked = promisify(execFile)(process.execPath, [codegen, '--config', 'codegen.ts', '--check']);
  const reason = await checked.then(
    () => undefined,
    (error: { readonly stdout: string; readonly stderr: string }) =>
      `test/generated/ is not up to date. Run \`npm run codegen\`\n${error.stdout}${error.stderr}`,
  );
  expect(reason).toBeUndefined();
});
