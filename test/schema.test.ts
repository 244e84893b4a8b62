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
import { actionNamedBy } from '../src/authorization/guard.ts';
import { elementsOf } from '../src/graphql/describe-schema.ts';
import { startServer, type TestServer } from './support/start.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
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

test.each(['schema', 'adminSchema'] as const)(
  'everything in the %s has a description, and each root field names its action',
  (which) => {
    const schema = server.gatehouse[which];
    const elements = elementsOf(schema);
    expect(elements.length).toBeGreaterThan(400);
    expect(elements.filter(({ element }) => !element.description?.trim()).map(({ coordinate }) => coordinate)).toEqual(
      [],
    );
    const roots = [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
      Object.values(type?.getFields() ?? {}),
    );
    for (const field of roots) {
      const [what, needs] = field.description?.split('\n\n') ?? [];
      expect(what, field.name).toMatch(/^[A-Z].+[.:]$/s);
      expect(needs, field.name).toBe(`Needs the action \`${actionNamedBy(field)}\`.`);
    }
  },
);

test('the descriptions of a content type are generated from its declaration', () => {
  const { schema } = server.gatehouse;
  const said = new Map(elementsOf(schema).map(({ coordinate, element }) => [coordinate, element.description]));
  expect(said.get('Query.posts')).toBe(
    'A page of the posts that match the filters, sorted.\n\nNeeds the action `post.find`.',
  );
  expect(said.get('Post.author')).toBe('Its author. Needs the action `author.find`.');
  expect(said.get('PostInput.tags')).toBe('The documentIds of its tags. They replace the ones before.');
  expect(said.get('Mutation.updateSiteSetting')).toContain('Needs the action `siteSetting.update`.');
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
