import { afterAll, beforeAll, expect, test } from 'vitest';
import { actionNamedBy } from '../src/authorization/guard.ts';
import { elementsOf } from '../src/graphql/describe-schema.ts';
import { startServer, type TestServer } from './support/start.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

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
