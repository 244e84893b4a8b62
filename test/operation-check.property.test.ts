import fc from 'fast-check';
import { parse } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { permissionsOf } from '../src/authorization/permissions.ts';
import { refusalsOf } from '../src/graphql/operation/refused-fields.ts';
import { startServer, type TestServer } from './support/start.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.close());

/** The content types that relations lead through, and how: every document of the example blog has all of them. */
const RELATIONS = {
  Post: { author: 'Author', category: 'Category', tags: 'Tag' },
  Author: { posts: 'Post' },
  Category: { posts: 'Post' },
  Tag: { posts: 'Post' },
} as const satisfies Record<string, Record<string, string>>;
type TypeName = keyof typeof RELATIONS;

const ROOTS = { posts: 'Post', authors: 'Author', categories: 'Category', tags: 'Tag' } as const;
const ACTIONS = ['post.find', 'author.find', 'category.find', 'tag.find'];

/** A random selection on a type: documentId, and relations down to a depth, plain, aliased, or in fragments. */
function selectionOn(type: TypeName, depth: number): fc.Arbitrary<string> {
  if (depth === 0) return fc.constant('{ documentId }');
  const relations = Object.entries(RELATIONS[type]) as [string, TypeName][];
  const field = fc.constantFrom(...relations).chain(([name, target]) =>
    fc
      .tuple(fc.constantFrom('plain', 'alias', 'fragment', 'skipped'), selectionOn(target, depth - 1))
      .map(([how, inner]) => {
        const page = name === 'tags' || name === 'posts' ? '(pagination: { limit: 1 })' : '';
        if (how === 'alias') return `renamed_${name}: ${name}${page} ${inner}`;
        if (how === 'fragment') return `... on ${type} { in_${name}: ${name}${page} ${inner} }`;
        if (how === 'skipped') return `skipped_${name}: ${name}${page} @skip(if: true) ${inner}`;
        return `${name}${page} ${inner}`;
      }),
  );
  return fc
    .uniqueArray(field, { maxLength: 3, selector: (text) => text.slice(0, 12) })
    .map((fields) => `{ documentId ${fields.join(' ')} }`);
}

const documents = fc
  .constantFrom(...(Object.entries(ROOTS) as [string, TypeName][]))
  .chain(([root, type]) =>
    selectionOn(type, 3).map((selection) => `{ ${root}(pagination: { limit: 1 }) ${selection} }`),
  );

test('what the check before a mutation would refuse is what the guards of the fields refuse, and nothing else', async () => {
  const { prisma } = server.database;
  const { id: roleId } = await prisma.role.findUniqueOrThrow({ where: { type: 'public' } });
  await fc.assert(
    fc.asyncProperty(documents, fc.subarray(ACTIONS), async (source, allowed) => {
      await prisma.permission.deleteMany({ where: { roleId } });
      await prisma.permission.createMany({ data: allowed.map((action) => ({ roleId, action })) });

      const { errors = [] } = await server.ask(source);
      const refusedByFields = errors.map(({ path = [] }) => path.filter((step) => typeof step === 'string').join('.'));
      expect(errors.every(({ extensions }) => extensions.code === 'FORBIDDEN')).toBe(true);

      const document = parse(source);
      const [operation] = document.definitions;
      if (operation?.kind !== 'OperationDefinition') throw new Error('no operation');
      const { schema } = server.gatehouse;
      const refused = refusalsOf(
        { schema, document, operation, variableValues: { sources: {}, coerced: {} } },
        permissionsOf(allowed),
      );
      // Below a field that is refused nothing is executed, so nothing more is refused there.
      const paths = refused.map(({ path }) => path.join('.'));
      const topmost = paths.filter((path) => !paths.some((other) => path.startsWith(`${other}.`)));
      expect(refusedByFields.toSorted()).toEqual(topmost.toSorted());
    }),
    { numRuns: 150 },
  );
});
